use model::entities::{Revocation, RevocationReason, RevocationState};
use model::{Uuid, Value};
use store::Change;

use super::STEP;
use crate::registry::purge::DAY;
use crate::tokens::revoke;
use crate::{Ctx, Fault};

/// How many open revocations are continued at once.
const AT_ONCE: u64 = 100;

/// Continues the confirmed revocations whose rows are not all revoked, for example after a crash, and removes previews that
/// were not confirmed.
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
        let old = ctx.now.plus_seconds(-DAY);
        for row in of(state).await?.into_iter().filter(|row| old.cmp(&row.expire_timestamp).is_gt()) {
            ctx.transaction(move |_, tx| Ok(tx.remove::<Revocation>(row.id)?)).await?;
        }
    }
    Ok(())
}

/// Revokes the rows of a confirmed revocation, a few in each transaction.
pub(super) async fn finish(ctx: &Ctx, id: Uuid) -> Result<(), Fault> {
    let mut after = None;
    loop {
        let limit = STEP as u64;
        let some = ctx.store().read(move |read| read.list_unrevoked_members(id, after, limit)).await?;
        let Some(last) = some.last().copied() else { break };
        after = Some(last);
        ctx.transaction(move |ctx, tx| {
            some.iter()
                .try_for_each(|member| revoke::end(ctx, tx, *member, RevocationReason::Matched).map(drop))
        })
        .await?;
        // Other writers come first.
        tokio::task::yield_now().await;
    }
    ctx.transaction(move |ctx, tx| {
        let change = Change::new::<Revocation>(id, ctx.now)
            .if_equal(Revocation::State, &RevocationState::Open)
            .set(Revocation::State, &RevocationState::Done);
        Ok(tx.change(change).map(drop)?)
    })
    .await
}
