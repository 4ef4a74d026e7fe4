use model::Timestamp;
use store::Store;
use tokio::sync::Mutex;

/// How long a check holds, in seconds.
const CHECKED_FOR: i64 = 5;
/// The fact that a check writes.
const PROBE: &str = "write_probe";

/// Whether the registry can be read and written. A full disk and a read-only database are not seen by reading.
#[derive(Default)]
pub(crate) struct Readiness {
    last: Mutex<Option<Checked>>,
}

struct Checked {
    at: Timestamp,
    commits: u64,
    ready: bool,
}

impl Readiness {
    /// Reads a fact, and writes it unless that was tried within [`CHECKED_FOR`] seconds.
    pub(crate) async fn check(&self, store: &Store, now: Timestamp) -> bool {
        if store.read(|read| read.find_fact(PROBE)).await.is_err() {
            return false;
        }
        let mut last = self.last.lock().await;
        if let Some(checked) = last.as_ref().filter(|checked| checked.at.plus_seconds(CHECKED_FOR) > now) {
            return checked.ready;
        }
        let ready = was_written(store, last.as_ref()) || can_write(store, now).await;
        *last = Some(Checked { at: now, commits: store.stats().commits(), ready });
        ready
    }
}

/// Returns whether a commit since the last check shows that the registry can be written.
fn was_written(store: &Store, last: Option<&Checked>) -> bool {
    last.is_some_and(|checked| checked.ready && store.stats().commits() > checked.commits)
}

async fn can_write(store: &Store, now: Timestamp) -> bool {
    let value = now.to_string();
    let written = store.write(move |tx| tx.replace_fact(PROBE, &value)).await;
    if let Err(error) = &written {
        tracing::warn!(%error, "the registry cannot be written");
    }
    written.is_ok()
}
