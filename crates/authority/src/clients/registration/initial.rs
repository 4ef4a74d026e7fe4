//! Initial access tokens, with which clients register themselves (RFC 7591, section 3).

use grant_state::COMMAND_LINE;
use grant_state::payload::SpeaksFor;
use grant_state::state::if_not_ended;
use input::scopes;
use model::entities::{AccessToken, AuditEventType, GrantKind};
use model::{Timestamp, Uuid};
use store::{Change, Tx};
use token::TokenKind;

use crate::clients::find::find_application;
use crate::registry::audit::{Actor, Event};
use crate::sign_in::attempts::REGISTRATIONS;
use crate::tokens::issue::NewGrant;
use crate::tokens::lineage::Lineage;
use crate::tokens::request_proofs::PresentedToken;
use crate::{Caller, Ctx, DynamicRegistration, Fault, GrantPayload, Issued, Reason, Scopes};

/// Maximum number of registrations of a token.
pub const MAX_REGISTRATIONS: u32 = 100;
/// The default lifetime of a token, in seconds.
const LIFETIME: i64 = 7 * 24 * 3600;

/// An initial access token to create.
#[derive(Clone, Debug)]
pub struct CreateInitialToken {
    /// The description.
    pub description: Option<String>,
    /// The number of registrations.
    pub uses: u32,
    /// The expiry; a week, if absent.
    pub expires: Option<Timestamp>,
}

/// Creates an initial access token; for administrators. It ends with its last use.
///
/// # Errors
/// [`Fault::Conflict`] if registrations need no token here; [`Fault::BadField`] for an invalid value.
pub async fn create_initial_token(
    ctx: &Ctx,
    caller: &Caller,
    asked: CreateInitialToken,
) -> Result<Issued, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    let bad = |field, message: String| Err(Fault::BadField { field, message });
    if ctx.settings().clients.dynamic_registration != DynamicRegistration::Token {
        let message = "applications do not register by tokens here: dynamic_registration says otherwise";
        return Err(Fault::Conflict(message.to_owned()));
    }
    if !(1..=MAX_REGISTRATIONS).contains(&asked.uses) {
        return bad("uses", format!("a token registers 1 to {MAX_REGISTRATIONS} applications"));
    }
    let own = find_application(ctx, COMMAND_LINE).await?;
    let own = own.ok_or_else(|| Fault::Internal("the command line is not registered".to_owned()))?;
    let payload = GrantPayload {
        // Only the registration endpoint accepts it.
        resources: vec![format!("{}/connect/register", ctx.settings().issuer())],
        speaks_for: Some(SpeaksFor::User),
        registers: Some(asked.uses),
        ..GrantPayload::default()
    };
    let lineage = Lineage::for_caller(ctx, caller).await?;
    let usual = ctx.now.plus_seconds(LIFETIME);
    let usual = lineage.ends.map_or(usual, |ends| ends.min(usual));
    let new = NewGrant {
        user: Some(&caller.user),
        payload: Some(payload),
        description: asked.description,
        expires: Some(asked.expires.unwrap_or(usual)),
        authorized: Some((ctx.now, ctx.address)),
        ..NewGrant::new(GrantKind::ReferenceToken, &own, Scopes::from_names([scopes::REGISTRATION])?)
    };
    let prepared = lineage.apply(ctx, new)?.with_opaque_secret(ctx, TokenKind::ReferenceAccess)?;
    let ((grant, granted), by) = (prepared.rows(), caller.clone());
    caller
        .transaction(ctx, move |ctx, tx| {
            tx.insert_grant(&grant, &granted)?;
            lineage.check(ctx, tx)?;
            let event = Event::for_grant(AuditEventType::TokenCreated, &grant).by(&by);
            event.with("registers", asked.uses).note(ctx, tx)
        })
        .await?;
    Ok(prepared.issued())
}

/// The token of a registration. The registration depends on it.
#[derive(Clone, Copy)]
pub(super) struct Initial {
    pub(super) grant: Uuid,
    /// The actor.
    pub(super) by: Actor,
    uses: u32,
    /// Whether it is an initial access token, which ends with its last use.
    ends: bool,
}

impl Initial {
    /// Returns the token of a request, if one is needed.
    pub(super) async fn find(ctx: &Ctx, presented: Option<&PresentedToken>) -> Result<Option<Self>, Fault> {
        let presented = match (ctx.settings().clients.dynamic_registration, presented) {
            (DynamicRegistration::Off, _) => {
                return Err(Fault::NotFound("applications do not register here".to_owned()));
            }
            (DynamicRegistration::Open, _) => {
                REGISTRATIONS.begin(ctx).await?;
                return Ok(None);
            }
            (DynamicRegistration::Token, presented) => {
                presented.ok_or(Fault::Unauthenticated(Reason::Missing))?
            }
        };
        let caller = Caller::from_presented(ctx, presented).await?;
        let live = caller.token().ok_or(Fault::Unauthenticated(Reason::Missing))?;
        let (grant, by) = (live.grant.id, Actor::from(&caller));
        match live.payload.registers {
            // Its creator must still be an administrator.
            Some(uses) if caller.user.is_admin => Ok(Some(Self { grant, by, uses, ends: true })),
            _ => {
                caller.require_administrator(ctx)?;
                Ok(Some(Self { grant, by, uses: MAX_REGISTRATIONS, ends: false }))
            }
        }
    }

    /// Counts a registration. The row is locked, so concurrent registrations are all counted.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] if the token has ended; [`Fault::Forbidden`] if its registrations are used up.
    pub(super) fn count(self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let usable = || if_not_ended(Change::new::<AccessToken>(self.grant, ctx.now), ctx.now);
        if !tx.change(usable().without_invalidation())? {
            return Err(Fault::Unauthenticated(Reason::Consumed));
        }
        let most = usize::try_from(self.uses).unwrap_or(usize::MAX);
        let so_far = tx.count_registrations(self.grant)?;
        if so_far >= most {
            return Err(Fault::Forbidden(format!("the token registers at most {most} applications")));
        }
        if self.ends && so_far + 1 == most {
            tx.change(usable().set(AccessToken::ConsumedTimestamp, &Some(ctx.now)))?;
        }
        Ok(())
    }
}
