//! Authenticator apps: adding one, and removing it (RFC 6238).

use input::Secret;
use model::Uuid;
use model::entities::{AuditEventType, User};
use store::{Change, StoreError, Tx};
use token::recovery_code::RecoveryCode;
use token::totp::TotpSecret;

use super::proof::Proof;
use super::recovery_codes;
use super::second_factor::{ONE_TIME_CODE, open_secret, require_fresh, secret_place};
use super::session::{BrowserContext, SignedIn, new_session, renew_session};
use crate::endings::{self, Occasion, Whose};
use crate::mail::{self, Notice};
use crate::registry::audit::{Actor, Event};
use crate::{Caller, Ctx, Fault, Reason};

/// Generates the secret of an app. It is used once a code of the app confirms it; an unconfirmed one is replaced.
///
/// # Errors
/// [`Fault::Conflict`] if the user has an app already.
pub async fn begin(ctx: &Ctx, caller: &Caller) -> Result<(), Fault> {
    require_fresh(ctx, caller).await?;
    let id = caller.user.id;
    let secret = TotpSecret::generate(ctx.random())?;
    let keyring = &ctx.authority().keyring;
    let sealed = keyring.seal(secret.expose(), secret_place(id).as_bytes(), ctx.random())?;
    caller
        .transaction(ctx, move |ctx, tx| {
            tx.begin_totp(id, &sealed, ctx.now).map_err(|error| match error {
                StoreError::Duplicate => Fault::Conflict("there is an authenticator app already".to_owned()),
                other => other.into(),
            })
        })
        .await
}

/// Returns the unconfirmed secret.
pub async fn pending(ctx: &Ctx, caller: &Caller) -> Result<Option<TotpSecret>, Fault> {
    let id = caller.user.id;
    let row = ctx.store().read(move |read| read.find_totp(id)).await?;
    row.filter(|row| row.confirmed_at.is_none()).map(|row| open_secret(ctx, &row)).transpose()
}

/// The result of adding a factor.
pub struct Added {
    /// The session, renewed with the factor.
    pub signed_in: SignedIn,
    /// New recovery codes, if there were none.
    pub codes: Vec<RecoveryCode>,
}

/// Confirms the secret with a code of the app.
///
/// # Errors
/// [`Fault::BadField`] if the code is wrong; [`Fault::NotFound`] if there is no unconfirmed secret.
pub async fn confirm(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    caller: &Caller,
    code: &Secret,
) -> Result<Added, Fault> {
    let nothing = || Fault::NotFound("no authenticator app waits to be added".to_owned());
    let factors = require_fresh(ctx, caller).await?;
    let session = caller.session().ok_or(Fault::Unauthenticated(Reason::Missing))?;
    let id = caller.user.id;
    let row = ctx.store().read(move |read| read.find_totp(id)).await?;
    let row = row.filter(|row| row.confirmed_at.is_none()).ok_or_else(nothing)?;
    let step = open_secret(ctx, &row)?.matching_step(code.expose(), ctx.now.seconds());
    let message = "this is not the code that the app shows now".to_owned();
    let step = step.ok_or(Fault::BadField { field: "code", message })?;
    let codes = if factors.recovery_codes == 0 { recovery_codes::generate(ctx)? } else { Vec::new() };
    let hashes: Vec<String> = codes.iter().map(|code| code.hash().to_string()).collect();
    let proof = Proof::from_session(ctx, session, &caller.user).with(ONE_TIME_CODE);
    let signed_in = new_session(ctx, place, &proof)?;
    let session = signed_in.session.clone();
    let notice = mail::notice(ctx, &caller.user, Notice::AppAdded)?;
    caller
        .transaction(ctx, move |ctx, tx| {
            if !tx.confirm_totp(id, &row.sealed, step, ctx.now)? {
                return Err(Fault::NotFound("no authenticator app waits to be added".to_owned()));
            }
            if !hashes.is_empty() {
                tx.replace_recovery_codes(id, &hashes)?;
            }
            follow(ctx, tx, id)?;
            mail::queue(tx, notice.as_ref())?;
            let event = Event::for_user(AuditEventType::FactorAdded, id).by(Actor::user(id));
            event.with("factor", "authenticator").note(ctx, tx)?;
            renew_session(ctx, tx, &session, &proof)
        })
        .await?;
    Ok(Added { signed_in, codes })
}

/// Removes the app, and ends what [`Occasion::FactorRemoved`] ends.
///
/// # Errors
/// [`Fault::NotFound`] if there is none.
pub async fn remove(ctx: &Ctx, caller: &Caller) -> Result<(), Fault> {
    require_fresh(ctx, caller).await?;
    let (id, whose) = (caller.user.id, Whose::own(caller));
    let notice = mail::notice(ctx, &caller.user, Notice::AppRemoved)?;
    caller
        .transaction(ctx, move |ctx, tx| {
            if !tx.remove_totp(id)? {
                return Err(Fault::NotFound("there is no authenticator app".to_owned()));
            }
            mail::queue(tx, notice.as_ref())?;
            let event = Event::for_user(AuditEventType::FactorRemoved, id).by(Actor::user(id));
            event.with("factor", "authenticator").note(ctx, tx)?;
            follow(ctx, tx, id)?;
            endings::end(ctx, tx, Occasion::FactorRemoved, whose).map(drop)
        })
        .await
}

/// Updates `TwoFactorEnabled`. Removes the recovery codes if there is no second factor.
pub(crate) fn follow(ctx: &Ctx, tx: &mut Tx<'_>, user: Uuid) -> Result<(), Fault> {
    let any = tx.factors_of(user)?.any();
    if !any {
        tx.replace_recovery_codes(user, &[])?;
    }
    let change = Change::new::<User>(user, ctx.now).set(User::TwoFactorEnabled, &any);
    Ok(tx.change(change.if_equal(User::TwoFactorEnabled, &!any)).map(drop)?)
}
