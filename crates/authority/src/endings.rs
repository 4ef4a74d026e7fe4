//! What ends for a user on which occasion: one table. Every verb that ends something uses it in its own transaction.

use model::Uuid;
use model::entities::{AccessToken, GrantKind, RevocationReason};
use store::Tx;

use crate::mail::{Link, Purpose};
use crate::registry::audit::Actor;
use crate::tokens::revoke;
use crate::{Caller, Ctx, Fault, sign_out};

/// An occasion on which something ends for a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The user changed the password.
    PasswordChanged,
    /// The user set a new password with a link.
    PasswordReset,
    /// The user signed out everywhere else.
    SignedOutElsewhere,
    /// The user removed an authenticator app or a passkey.
    FactorRemoved,
    /// The user unlinked an account at a provider.
    ProviderUnlinked,
    /// An administrator removed all second factors of the user.
    FactorsReset,
    /// An administrator signed the user out everywhere.
    SignedOutByAdministrator,
    /// An administrator disabled the user.
    UserDisabled,
}

/// A kind of objects that may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// Sessions, with the grants that depend on them.
    Sessions,
    /// Approvals that were not exchanged yet: authorization codes, device codes, back-channel requests.
    Approvals,
    /// Access and refresh tokens that clients and devices obtained from sign-ins, and the tokens that were created with them,
    /// even if the former have all expired.
    Applications,
    /// Links to set a password.
    Links,
    /// Known browsers (see [`known_browsers`](crate::sign_in::known_browsers)). They end with the password: only its mark identifies them.
    Browsers,
    /// Consents.
    Consents,
    /// Personal access tokens that the user created.
    PersonalTokens,
}

impl Occasion {
    /// Every occasion.
    pub const ALL: [Self; 8] = [
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::SignedOutElsewhere,
        Self::FactorRemoved,
        Self::ProviderUnlinked,
        Self::FactorsReset,
        Self::SignedOutByAdministrator,
        Self::UserDisabled,
    ];

    /// Returns what ends on this occasion.
    pub const fn ends(self) -> &'static [Thing] {
        use Thing::{Applications, Approvals, Browsers, Consents, Links, PersonalTokens, Sessions};
        match self {
            Self::PasswordChanged | Self::PasswordReset => {
                &[Sessions, Approvals, Applications, Links, Browsers]
            }
            Self::FactorsReset => &[Sessions, Approvals, Applications, Links],
            Self::SignedOutElsewhere | Self::SignedOutByAdministrator => &[Sessions, Approvals, Applications],
            Self::UserDisabled => &[Sessions, Approvals, Applications, Links, PersonalTokens, Consents],
            Self::FactorRemoved | Self::ProviderUnlinked => &[Sessions, Approvals],
        }
    }

    /// Returns whether the session in which the user acts continues.
    pub const fn keeps_own_session(self) -> bool {
        matches!(
            self,
            Self::PasswordChanged | Self::SignedOutElsewhere | Self::FactorRemoved | Self::ProviderUnlinked
        )
    }

    const fn reason(self) -> RevocationReason {
        match self {
            Self::PasswordChanged | Self::PasswordReset => RevocationReason::PasswordReset,
            Self::UserDisabled => RevocationReason::UserDisabled,
            _ => RevocationReason::SignedOut,
        }
    }
}

impl Thing {
    /// Every thing.
    pub const ALL: [Self; 7] = [
        Self::Sessions,
        Self::Approvals,
        Self::Applications,
        Self::Links,
        Self::Browsers,
        Self::Consents,
        Self::PersonalTokens,
    ];

    /// Returns the kinds of grants that belong to it and that this file ends.
    const fn kinds(self) -> &'static [GrantKind] {
        match self {
            Self::Approvals => {
                &[GrantKind::AuthorizationCode, GrantKind::DeviceCode, GrantKind::BackchannelRequest]
            }
            Self::Applications => &[GrantKind::RefreshToken, GrantKind::ReferenceToken],
            Self::PersonalTokens => &[GrantKind::PersonalAccessToken],
            Self::Consents => &[GrantKind::UserConsent],
            Self::Sessions | Self::Links | Self::Browsers => &[],
        }
    }
}

/// The user for whom something ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whose {
    /// The user.
    pub(crate) user: Uuid,
    /// The actor, if there is one.
    pub(crate) by: Option<Actor>,
    /// The session in which the user acts.
    pub(crate) own_session: Option<Uuid>,
}

impl Whose {
    /// The caller, acting in a session.
    pub(crate) fn own(caller: &Caller) -> Self {
        let user = caller.user.id;
        Self { user, by: Some(Actor::from(caller)), own_session: caller.session().map(|session| session.id) }
    }
}

/// How many grants one statement lists.
const AT_ONCE: u64 = 500;

/// Ends everything that ends for a user on an occasion. Returns how many sessions ended.
pub(crate) fn end(ctx: &Ctx, tx: &mut Tx<'_>, occasion: Occasion, whose: Whose) -> Result<usize, Fault> {
    let mut sessions = 0;
    // Sessions come first: an approval in one of them, which holds its row, is committed before the grants are listed.
    for thing in occasion.ends() {
        match thing {
            Thing::Sessions => {
                let own = whose.own_session.filter(|_| occasion.keeps_own_session());
                sessions = sign_out::end_all_of(ctx, tx, whose.by, whose.user, own)?;
            }
            Thing::Approvals | Thing::Applications | Thing::PersonalTokens | Thing::Consents => {
                end_grants(ctx, tx, whose.user, thing.kinds(), occasion.reason())?;
                if *thing == Thing::Applications {
                    end_made(ctx, tx, whose.user, occasion.reason())?;
                }
            }
            Thing::Links => {
                Link::end(tx, whose.user, Purpose::Reset)?;
                Link::end(tx, whose.user, Purpose::Given)?;
            }
            Thing::Browsers => {}
        }
    }
    Ok(sessions)
}

/// Ends everything that ends for disabled users, even if another program disabled them.
pub(crate) async fn end_for_disabled(ctx: &Ctx) -> Result<(), Fault> {
    let disabled = ctx.store().read(|read| read.list_disabled_with_sessions(AT_ONCE)).await?;
    for user in disabled {
        let whose = Whose { user, by: None, own_session: None };
        ctx.transaction(move |ctx, tx| end(ctx, tx, Occasion::UserDisabled, whose)).await?;
    }
    Ok(())
}

fn end_grants(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    user: Uuid,
    kinds: &[GrantKind],
    reason: RevocationReason,
) -> Result<(), Fault> {
    loop {
        let usable = tx.list_usable(user, kinds, ctx.now, AT_ONCE)?;
        if usable.is_empty() {
            return Ok(());
        }
        for grant in &usable {
            revoke::end(ctx, tx, first_of_family(tx, grant)?.unwrap_or(grant.id), reason)?;
        }
    }
}

/// Ends personal access tokens that were created with a token of a sign-in whose other tokens have all ended.
fn end_made(ctx: &Ctx, tx: &mut Tx<'_>, user: Uuid, reason: RevocationReason) -> Result<(), Fault> {
    let mut after = None;
    loop {
        let made = tx.list_usable_created_below(user, ctx.now, after, AT_ONCE)?;
        for grant in &made {
            if let Some(first) = first_of_family(tx, grant)? {
                revoke::end(ctx, tx, first, reason)?;
            }
        }
        after = made.last().map(|last| last.id);
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Returns the first grant of the sign-in from which a grant came, if any. All grants of the same sign-in are below it.
fn first_of_family(tx: &Tx<'_>, grant: &AccessToken) -> Result<Option<Uuid>, Fault> {
    let is_of_sign_in = |grant: &AccessToken| {
        [Thing::Approvals, Thing::Applications].iter().any(|thing| thing.kinds().contains(&grant.kind))
    };
    let mut first = is_of_sign_in(grant).then_some(grant.id);
    let mut parent = grant.parent_id;
    while let Some(id) = parent {
        let Some(above) = tx.find::<AccessToken>(id)?.filter(|above| above.user_id == grant.user_id) else {
            break;
        };
        if is_of_sign_in(&above) {
            first = Some(above.id);
        } else if above.kind != GrantKind::PersonalAccessToken {
            break;
        }
        parent = above.parent_id;
    }
    Ok(first)
}

#[cfg(test)]
mod tests;
