//! Sending mail: what waits in the registry is put into words and handed over to a mail server.

mod server;
mod words;

use std::sync::Arc;
use std::time::Duration;

use authority::mail::{claim_next, settle};
use authority::{Authority, Fault};
use tokio::sync::watch;

use crate::clock;
pub(crate) use server::MailServer;

/// The pages that the links of mails open; the secret follows.
pub(crate) mod path {
    /// What is not written to the log.
    pub(crate) const ALL: &str = "/mail/";
    pub(crate) const CONFIRM: &str = "/mail/confirm/";
    pub(crate) const RESET: &str = "/mail/reset/";
}

/// How often it is looked whether mail waits.
const LOOK: Duration = Duration::from_secs(1);
/// How long is waited where the registry does not answer.
const REST: Duration = Duration::from_secs(10);

/// Sends what waits, until the program is told to stop. A mail that was begun is finished.
pub(crate) async fn deliver(
    authority: Arc<Authority>,
    server: MailServer,
    mut stopping: watch::Receiver<bool>,
) {
    let mut wait = LOOK;
    loop {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stopping.changed() => return,
        }
        wait = match send_what_waits(&authority, &server, &stopping).await {
            Ok(()) => LOOK,
            Err(fault) => {
                tracing::error!(?fault, "mail could not be looked after; it is tried again");
                REST
            }
        };
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
        settle(&authority.own_ctx(clock::now()), claimed, delivery).await?;
    }
    Ok(())
}
