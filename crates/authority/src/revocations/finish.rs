use model::entities::{Revocation, RevocationReason, RevocationState};
use model::{Uuid, Value};
use store::Change;

use super::pace::Pace;
use crate::tokens::revoke;
use crate::{Ctx, Fault};

/// How many open revocations are continued at once.
const AT_ONCE: u64 = 100;

/// Continues the confirmed revocations whose rows are not all revoked, for example after a crash, and removes previews that
/// can no longer be confirmed.
pub(crate) async fn finish_open(ctx: &Ctx) -> Result<(), Fault> {
    let of = |state: RevocationState| {
        ctx.store().read(move |read| {
            read.list_by::<Revocation>(Revocation::State, &Value::Text(state.code().to_owned()), AT_ONCE)
        })
    };
    for row in of(RevocationState::Open).await? {
        finish(ctx, row.id).await?;
    }
    for state in [RevocationState::Preparing, RevocationState::Prepared] {
        for row in of(state).await?.into_iter().filter(|row| ctx.now > row.expire_timestamp) {
            remove_preview(ctx, row.id).await?;
        }
    }
    Ok(())
}

/// Removes a preview that was not confirmed, with its members, in short transactions.
pub(super) async fn remove_preview(ctx: &Ctx, id: Uuid) -> Result<(), Fault> {
    let mut pace = Pace::new();
    loop {
        let limit = pace.size() as u64;
        let some = ctx.store().read(move |read| read.list_all_members(id, None, limit)).await?;
        if some.is_empty() {
            break;
        }
        pace.step(ctx, move |_, tx| Ok(tx.remove_some_members(id, &some).map(drop)?)).await?;
    }
    ctx.transaction(move |_, tx| Ok(tx.remove::<Revocation>(id)?)).await
}

/// Revokes the rows of a confirmed revocation, a few in each transaction.
pub(super) async fn finish(ctx: &Ctx, id: Uuid) -> Result<(), Fault> {
    let (mut after, mut pace) = (None, Pace::new());
    loop {
        let limit = pace.size() as u64;
        let some = ctx.store().read(move |read| read.list_unrevoked_members(id, after, limit)).await?;
        let Some(last) = some.last().copied() else { break };
        after = Some(last);
        pace.step(ctx, move |ctx, tx| {
            some.iter()
                .try_for_each(|member| revoke::end(ctx, tx, *member, RevocationReason::Matched).map(drop))
        })
        .await?;
    }
    ctx.transaction(move |ctx, tx| {
        let change = Change::new::<Revocation>(id, ctx.now)
            .if_equal(Revocation::State, &RevocationState::Open)
            .set(Revocation::State, &RevocationState::Done);
        Ok(tx.change(change).map(drop)?)
    })
    .await
}
