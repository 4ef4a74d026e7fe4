//! Messages to other servers: mail, and logout tokens for clients. A message is stored in the transaction that causes it, so
//! it survives a restart. One program claims it at a time; a failed delivery is retried later.

mod notify;

use model::Uuid;
use store::{DeliveryState, Outbox, OutboxRow, Read, StoreError};

use crate::{Ctx, Fault};

pub(crate) use notify::OutboxNotify;

/// How long a delivery may take, in seconds; afterwards others may claim the message.
const LEASE: i64 = 60;
/// The maximum wait between two attempts, in seconds.
const MAX_WAIT: i64 = 3600;

/// Returns the wait after the first failure, in seconds. Each further failure doubles it.
const fn first_wait(outbox: Outbox) -> i64 {
    match outbox {
        Outbox::Logouts => 5,
        Outbox::Mail => 30,
    }
}

/// Claims the row that `find` returns; if another program has claimed it, the next one.
pub(crate) async fn take_on<R: OutboxRow>(
    ctx: &Ctx,
    find: impl Fn(&Read<'_>) -> Result<Option<R>, StoreError> + Clone + Send + 'static,
) -> Result<Option<R>, Fault> {
    loop {
        let Some(mut row) = ctx.store().read(find.clone()).await? else { return Ok(None) };
        let (seen, until) = (*row.state(), ctx.now.plus_seconds(LEASE));
        let claimed = ctx.transaction(move |_, tx| Ok(tx.claim_delivery(R::OUTBOX, &seen, until)?)).await?;
        if let Some(claimed) = claimed {
            *row.state() = claimed;
            return Ok(Some(row));
        }
    }
}

/// Postpones a claimed row after a failure. Returns whether it is retried: it is not, if its lifetime would be exceeded.
pub(crate) async fn put_off(ctx: &Ctx, outbox: Outbox, claimed: DeliveryState) -> Result<bool, Fault> {
    let due = ctx.now.plus_seconds(wait(outbox, claimed.attempts));
    if due >= claimed.expires_at {
        remove(ctx, outbox, claimed.id).await?;
        return Ok(false);
    }
    ctx.transaction(move |_, tx| Ok(tx.postpone_delivery(outbox, &claimed, due)?)).await.map(|_| true)
}

/// Removes a row that was delivered, or never will be.
pub(crate) async fn remove(ctx: &Ctx, outbox: Outbox, id: Uuid) -> Result<(), Fault> {
    ctx.transaction(move |_, tx| Ok(tx.remove_delivery(outbox, id).map(drop)?)).await
}

fn wait(outbox: Outbox, attempts: i64) -> i64 {
    let doublings = u32::try_from((attempts - 1).clamp(0, 20)).unwrap_or(0);
    (first_wait(outbox) << doublings).min(MAX_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_as_long_up_to_a_limit() {
        let waits = |outbox| (1..=9).map(|attempts| wait(outbox, attempts)).collect::<Vec<_>>();
        assert_eq!(waits(Outbox::Mail), [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(waits(Outbox::Logouts), [5, 10, 20, 40, 80, 160, 320, 640, 1280]);
        assert_eq!(wait(Outbox::Logouts, i64::MAX), MAX_WAIT);
    }
}
