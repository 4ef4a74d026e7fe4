//! What has to reach somebody outside: the mail server, and applications that want to hear of sign-outs. It waits in the registry, in the
//! transaction that causes it, so it outlives the program; one program at a time takes it on, and tries again later where that failed.

mod notify;

use model::Uuid;
use store::{DeliveryState, Outbox, OutboxRow, Read, StoreError};

use crate::{Ctx, Fault};

pub(crate) use notify::OutboxNotify;

/// How long whoever hands something over may take, in seconds; then others try.
const LEASE: i64 = 60;
/// The longest wait between two attempts, in seconds.
const LONGEST_WAIT: i64 = 3600;

/// How long after the first failure it is tried again, in seconds; after each further one, twice as long.
const fn first_wait(outbox: Outbox) -> i64 {
    match outbox {
        Outbox::Logouts => 5,
        Outbox::Mail => 30,
    }
}

/// Takes on what `find` finds; where another program was faster, what it finds next.
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

/// Puts off what was taken on and could not be handed over. Gives whether it is tried again: it is given up where its time would be over.
pub(crate) async fn put_off(ctx: &Ctx, outbox: Outbox, claimed: DeliveryState) -> Result<bool, Fault> {
    let due = ctx.now.plus_seconds(wait(outbox, claimed.attempts));
    if due >= claimed.expires_at {
        remove(ctx, outbox, claimed.id).await?;
        return Ok(false);
    }
    ctx.transaction(move |_, tx| Ok(tx.postpone_delivery(outbox, &claimed, due)?)).await.map(|_| true)
}

/// Forgets what arrived, or will not.
pub(crate) async fn remove(ctx: &Ctx, outbox: Outbox, id: Uuid) -> Result<(), Fault> {
    ctx.transaction(move |_, tx| Ok(tx.remove_delivery(outbox, id).map(drop)?)).await
}

fn wait(outbox: Outbox, attempts: i64) -> i64 {
    let doublings = u32::try_from((attempts - 1).clamp(0, 20)).unwrap_or(0);
    (first_wait(outbox) << doublings).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_as_long_up_to_a_limit() {
        let waits = |outbox| (1..=9).map(|attempts| wait(outbox, attempts)).collect::<Vec<_>>();
        assert_eq!(waits(Outbox::Mail), [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(waits(Outbox::Logouts), [5, 10, 20, 40, 80, 160, 320, 640, 1280]);
        assert_eq!(wait(Outbox::Logouts, i64::MAX), LONGEST_WAIT);
    }
}
