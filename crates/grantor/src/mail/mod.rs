//! Delivery of the mails of the outbox.

mod server;
mod text;

use std::sync::Arc;
use std::time::Duration;

use authority::mail::{claim_next, record_delivery};
use authority::{Authority, Fault};
use store::Outbox;
use tokio::sync::watch;

pub(crate) use server::MailServer;

/// The interval between two reads of the outbox without a notification.
const POLL: Duration = Duration::from_secs(2);
/// The pause after an error of the registry.
const RETRY: Duration = Duration::from_secs(10);

/// Sends pending mails until the program stops. A mail in progress is completed.
pub(crate) async fn deliver(
    authority: Arc<Authority>,
    server: Arc<MailServer>,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let sent = send_pending(&authority, &server, &stopping).await;
        let wait = match &sent {
            Ok(()) => POLL,
            Err(fault) => {
                tracing::error!(?fault, "reading or updating the mail outbox failed; will retry");
                RETRY
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = authority.filled(Outbox::Mail), if sent.is_ok() => {}
            _ = stopping.changed() => return,
        }
    }
}

async fn send_pending(
    authority: &Arc<Authority>,
    server: &MailServer,
    stopping: &watch::Receiver<bool>,
) -> Result<(), Fault> {
    while !*stopping.borrow()
        && let Some(claimed) = claim_next(&authority.own_ctx(clock::now())).await?
    {
        let delivery = server.send(&claimed.letter).await;
        record_delivery(&authority.own_ctx(clock::now()), claimed, delivery).await?;
    }
    Ok(())
}
