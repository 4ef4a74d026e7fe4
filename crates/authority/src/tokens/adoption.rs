//! Ends rotated tokens whose callers all use the successor.

use model::adoption::Adoption;
use model::entities::{AccessToken, AccessTokenAddress, RevocationReason};
use store::Read;

use super::revoke;
use crate::registry::audit::{Actor, note_revoked};
use crate::{Ctx, Fault};

/// How many tokens one transaction lists.
const AT_ONCE: u64 = 200;

/// Ends the rotated tokens that were to end by evidence and whose callers all use the successor.
pub(crate) async fn end_adopted(ctx: &Ctx) -> Result<(), Fault> {
    let (now, mut after) = (ctx.now, None);
    loop {
        let rotated =
            ctx.store().read(move |read| read.list_ending_when_adopted(after, now, AT_ONCE)).await?;
        let Some(last) = rotated.last() else { return Ok(()) };
        after = Some(last.id);
        for token in rotated {
            end_if_adopted(ctx, token).await?;
        }
    }
}

async fn end_if_adopted(ctx: &Ctx, token: AccessToken) -> Result<(), Fault> {
    // Uses that are not written yet could be those of a caller that did not move.
    if ctx.authority().last_uses.is_noted(token.id) {
        return Ok(());
    }
    let now = ctx.now;
    let (token, is_adopted) = ctx
        .store()
        .read(move |read| {
            let adoption = adoption(read, &token, now)?;
            Ok::<_, Fault>((token, adoption.is_some_and(|adoption| adoption.is_complete())))
        })
        .await?;
    if !is_adopted {
        return Ok(());
    }
    ctx.transaction(move |ctx, tx| {
        let revoked = revoke::end(ctx, tx, token.id, RevocationReason::Replaced)?;
        note_revoked(ctx, tx, Actor::default(), token.id, &revoked)
    })
    .await
}

/// Returns how far the callers of a token use its successor, if it has one.
fn adoption(read: &Read<'_>, token: &AccessToken, now: model::Timestamp) -> Result<Option<Adoption>, Fault> {
    let Some(successor) = token.successor_id else { return Ok(None) };
    let (own, of_successor) = (read.addresses_of(token.id)?, read.addresses_of(successor)?);
    let use_of = |used: &'_ AccessTokenAddress| used.last_used_timestamp;
    let own = own.iter().map(|used| (used.address.as_str(), use_of(used)));
    Ok(Some(Adoption::new(own, of_successor.iter().map(|used| used.address.as_str()), now)))
}

#[cfg(test)]
mod tests;
