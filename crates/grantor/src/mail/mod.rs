//! Sending mail: what waits in the registry is put into words and handed over to a mail server.

mod server;
mod words;

use std::sync::Arc;
use std::time::Duration;

use authority::mail::{claim_next, record_delivery};
use authority::{Authority, Fault};
use store::Outbox;
use tokio::sync::watch;

pub(crate) use server::MailServer;

/// How often it is looked whether mail waits, where nobody says that some does.
const LOOK: Duration = Duration::from_secs(2);
/// How long is waited where the registry does not answer.
const REST: Duration = Duration::from_secs(10);

/// Sends what waits, until the program is told to stop. A mail that was begun is finished.
pub(crate) async fn deliver(
    authority: Arc<Authority>,
    server: Arc<MailServer>,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let looked = send_what_waits(&authority, &server, &stopping).await;
        let wait = match &looked {
            Ok(()) => LOOK,
            Err(fault) => {
                tracing::error!(?fault, "mail could not be looked after; it is tried again");
                REST
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = authority.filled(Outbox::Mail), if looked.is_ok() => {}
            _ = stopping.changed() => return,
        }
    }
}

async fn send_what_waits(
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
