//! Recovery codes, which replace a lost second factor.

use model::entities::AuditEventType;
use token::recovery_code::RecoveryCode;

use super::second_factor::require_fresh;
use crate::mail::{self, Notice};
use crate::registry::audit::{Actor, Event};
use crate::{Caller, Ctx, Fault};

/// The number of codes.
const CODES: usize = 10;

pub(crate) fn generate(ctx: &Ctx) -> Result<Vec<RecoveryCode>, Fault> {
    Ok((0..CODES).map(|_| RecoveryCode::generate(ctx.random())).collect::<Result<_, _>>()?)
}

/// Generates new codes and invalidates the former ones.
///
/// # Errors
/// [`Fault::Conflict`] if the user has no second factor.
pub async fn renew(ctx: &Ctx, caller: &Caller) -> Result<Vec<RecoveryCode>, Fault> {
    if !require_fresh(ctx, caller).await?.any() {
        return Err(Fault::Conflict("there is no second factor to recover".to_owned()));
    }
    let codes = generate(ctx)?;
    let hashes: Vec<String> = codes.iter().map(|code| code.hash().to_string()).collect();
    let id = caller.user.id;
    let notice = mail::notice(ctx, &caller.user, Notice::RecoveryCodesMade)?;
    caller
        .transaction(ctx, move |ctx, tx| {
            tx.replace_recovery_codes(id, &hashes)?;
            mail::queue(tx, notice.as_ref())?;
            let event = Event::for_user(AuditEventType::FactorAdded, id).by(Actor::user(id));
            event.with("factor", "recovery_codes").note(ctx, tx)
        })
        .await?;
    Ok(codes)
}
