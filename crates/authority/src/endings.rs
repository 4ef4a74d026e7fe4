//! What ends with what: one table, which every verb uses that ends something for a user, in its own transaction.

use model::Uuid;
use model::entities::{AccessToken, GrantKind, RevocationReason};
use store::Tx;

use crate::mail::{Link, Purpose};
use crate::registry::audit::Actor;
use crate::tokens::revoke;
use crate::{Caller, Ctx, Fault, sign_out};

/// Why something ends for a user.
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

/// What may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// Sessions, with what applications may do only while the person is there. The session in which the user acts goes on.
    Sessions,
    /// What the user approved and nobody has exchanged: authorization codes, device codes, requests by the back channel.
    Approvals,
    /// What applications and devices obtained from sign-ins: access tokens, refresh tokens, and the tokens that were made with
    /// them, also after the last of the former has expired.
    Applications,
    /// Links to set a password.
    Links,
    /// Known browsers (see [`known_browsers`](crate::sign_in::known_browsers)). They end with the password: nothing else is kept of them.
    Browsers,
    /// What the user agreed to.
    Consents,
    /// Tokens that the user made.
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

    /// What ends on this occasion; everything else goes on.
    pub const fn ends(self) -> &'static [Thing] {
        use Thing::{Applications, Approvals, Browsers, Links, Sessions};
        match self {
            Self::PasswordChanged | Self::PasswordReset => {
                &[Sessions, Approvals, Applications, Links, Browsers]
            }
            Self::FactorsReset => &[Sessions, Approvals, Applications, Links],
            Self::SignedOutElsewhere | Self::SignedOutByAdministrator => &[Sessions, Approvals, Applications],
            Self::UserDisabled => &[Sessions, Approvals, Links],
            Self::FactorRemoved | Self::ProviderUnlinked => &[Sessions, Approvals],
        }
    }

    /// Whether the session goes on in which the user acts.
    pub const fn keeps_own_session(self) -> bool {
        matches!(
            self,
            Self::PasswordChanged | Self::SignedOutElsewhere | Self::FactorRemoved | Self::ProviderUnlinked
        )
    }

    const fn reason(self) -> RevocationReason {
        match self {
            Self::PasswordChanged | Self::PasswordReset => RevocationReason::PasswordReset,
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

    /// The kinds of grants that it is, where it is grants that this file ends.
    const fn kinds(self) -> &'static [GrantKind] {
        match self {
            Self::Approvals => {
                &[GrantKind::AuthorizationCode, GrantKind::DeviceCode, GrantKind::BackchannelRequest]
            }
            Self::Applications => &[GrantKind::RefreshToken, GrantKind::ReferenceToken],
            Self::Sessions | Self::Links | Self::Browsers | Self::Consents | Self::PersonalTokens => &[],
        }
    }
}

/// For whom something ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whose {
    /// The user.
    pub(crate) user: Uuid,
    /// Who acts, where somebody does.
    pub(crate) by: Option<Actor>,
    /// The session in which the user acts.
    pub(crate) own_session: Option<Uuid>,
}

impl Whose {
    /// For the caller, who acts in a session.
    pub(crate) fn own(caller: &Caller) -> Self {
        let user = caller.user.id;
        Self { user, by: Some(Actor::from(caller)), own_session: caller.session().map(|session| session.id) }
    }
}

/// How many grants are looked at in one statement.
const AT_ONCE: u64 = 500;

/// Ends for a user what ends on an occasion. Returns how many sessions ended.
pub(crate) fn end(ctx: &Ctx, tx: &mut Tx<'_>, occasion: Occasion, whose: Whose) -> Result<usize, Fault> {
    let mut sessions = 0;
    // Sessions come first: an approval in one of them, which holds its row, is committed before the grants are listed.
    for thing in occasion.ends() {
        match thing {
            Thing::Sessions => {
                let own = whose.own_session.filter(|_| occasion.keeps_own_session());
                sessions = sign_out::end_all_of(ctx, tx, whose.by, whose.user, own)?;
            }
            Thing::Approvals | Thing::Applications => {
                end_grants(ctx, tx, whose.user, thing.kinds(), occasion.reason())?;
                if *thing == Thing::Applications {
                    end_made(ctx, tx, whose.user, occasion.reason())?;
                }
            }
            Thing::Links => Link::end(tx, whose.user, Purpose::Reset)?,
            Thing::Browsers | Thing::Consents | Thing::PersonalTokens => {}
        }
    }
    Ok(sessions)
}

/// Ends what ends for users who were disabled, however that came.
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

/// Ends personal access tokens that were made with a token of a sign-in of which no other token can be used any more.
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

/// Returns the grant with which the sign-in began from which a grant came, if it came from one: everything from the same
/// sign-in is below it.
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
mod tests {
    use token::TokenKind;

    use super::*;
    use crate::Scopes;
    use crate::seed::{self, GrantRows, SeedGrant};
    use crate::testing::{People, World, row};
    use grant_state::state::is_revoked;

    /// Known browsers end with the mark of the password, so on no other occasion than a new password.
    #[test]
    fn browsers_end_with_the_password_alone() {
        for occasion in Occasion::ALL {
            let new_password = matches!(occasion, Occasion::PasswordChanged | Occasion::PasswordReset);
            assert_eq!(occasion.ends().contains(&Thing::Browsers), new_password, "{occasion:?}");
        }
    }

    /// A personal token that a sign-in made ends with what came from the sign-in, also where the tokens by which it was made
    /// have expired long ago. Tokens that the user made go on.
    #[test]
    fn what_a_family_made_ends_after_its_last_token() {
        World::with(|_| ()).run(async |world| {
            let people = People::new(world).await;
            let (ctx, later) = (&world.at(0), &world.at(7200));
            let code = grant(ctx, &people, GrantKind::DeviceCode, None, Some(60));
            let refresh = grant(ctx, &people, GrantKind::RefreshToken, Some(code.0.id), Some(3600));
            let made = grant(ctx, &people, GrantKind::PersonalAccessToken, Some(code.0.id), None);
            let below = grant(ctx, &people, GrantKind::PersonalAccessToken, Some(made.0.id), None);
            let own = grant(ctx, &people, GrantKind::PersonalAccessToken, None, None);
            let below_own = grant(ctx, &people, GrantKind::PersonalAccessToken, Some(own.0.id), None);
            let ids = [&made, &below, &own, &below_own].map(|(grant, _)| grant.id);
            let rows = vec![code, refresh, made, below, own, below_own];
            seed::insert_grants(ctx, rows).await.unwrap();
            let whose = Whose { user: people.user.id, by: None, own_session: None };
            let password_changed = Occasion::PasswordChanged;
            later.transaction(move |ctx, tx| end(ctx, tx, password_changed, whose)).await.unwrap();
            let mut revoked = Vec::new();
            for id in ids {
                revoked.push(is_revoked(&row(later, id).await));
            }
            assert_eq!(revoked, [true, true, false, false]);
        });
    }

    fn grant(
        ctx: &Ctx,
        people: &People,
        kind: GrantKind,
        parent: Option<Uuid>,
        lifetime: Option<i64>,
    ) -> GrantRows {
        let seed = SeedGrant {
            kind,
            secret: TokenKind::PersonalAccess,
            client: &people.client,
            user: &people.user,
            scopes: Scopes::parse("read").unwrap(),
            description: None,
            expires: lifetime.map(|seconds| ctx.now.plus_seconds(seconds)),
            parent,
        };
        seed::grant(ctx, seed).unwrap()
    }

    /// The guide says what the table says.
    #[test]
    fn the_guide_has_the_table() {
        let guide = include_str!("../../../docs/guide/sign-in.md");
        let (_, table) = guide.split_once("## What ends with what").expect("the section");
        let rows = table.lines().filter(|line| line.starts_with("| ")).skip(2).take(Occasion::ALL.len());
        let mut count = 0;
        for (row, occasion) in rows.zip(Occasion::ALL) {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            assert_eq!(cells.len(), Thing::ALL.len() + 1, "{row}");
            for (cell, thing) in cells[1..].iter().zip(Thing::ALL) {
                let own = thing == Thing::Sessions && occasion.keeps_own_session();
                let says = match (occasion.ends().contains(&thing), own) {
                    (true, true) => "others end",
                    (true, false) => "end",
                    (false, _) => "go on",
                };
                let rests = occasion == Occasion::UserDisabled && *cell == "refused";
                assert!(*cell == says || (rests && says == "go on"), "{occasion:?}, {thing:?}: {cell}");
            }
            count += 1;
        }
        assert_eq!(count, Occasion::ALL.len());
    }
}
