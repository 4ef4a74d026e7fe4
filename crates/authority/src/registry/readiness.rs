use model::Timestamp;
use store::{Store, StoreStats};
use tokio::sync::Mutex;

/// Time for which a check holds, in seconds.
const CHECKED_FOR: i64 = 5;
/// Fact that a check writes.
const PROBE: &str = "write_probe";
/// Space that must be writable at the start and after a write failed, in bytes. A token request writes less.
const RESERVE: usize = 256 * 1024;

/// Whether the registry can be read and written. A full disk and a read-only database are not seen by reading.
#[derive(Default)]
pub(crate) struct Readiness {
    last: Mutex<Option<Checked>>,
}

#[derive(Clone, Copy)]
struct Checked {
    at: Timestamp,
    writes: Writes,
    ready: bool,
}

/// Numbers of writes since the start of the program.
#[derive(Clone, Copy)]
struct Writes {
    commits: u64,
    unavailable: u64,
}

impl Writes {
    fn from_stats(stats: &StoreStats) -> Self {
        Self { commits: stats.commits(), unavailable: stats.unavailable() }
    }
}

/// How a check is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    /// The result of the last check still holds.
    Holds(bool),
    /// The writes of requests decide.
    Known(bool),
    /// So many bytes must be writable.
    Probe(usize),
}

impl Readiness {
    /// Reads a fact, and writes it if nothing else shows whether the registry can be written.
    pub(crate) async fn check(&self, store: &Store, now: Timestamp) -> bool {
        if store.read(|read| read.find_fact(PROBE)).await.is_err() {
            return false;
        }
        let mut last = self.last.lock().await;
        let ready = match check(*last, Writes::from_stats(store.stats()), now) {
            Check::Holds(ready) => return ready,
            Check::Known(ready) => ready,
            Check::Probe(reserve) => can_write(store, now, reserve).await,
        };
        *last = Some(Checked { at: now, writes: Writes::from_stats(store.stats()), ready });
        ready
    }
}

/// Decides how to check. A write that failed since the last check makes the registry not ready: on a nearly
/// full disk, the small write of a check may succeed where a token request does not. Then [`RESERVE`] bytes
/// must be writable before it is ready again.
fn check(last: Option<Checked>, writes: Writes, now: Timestamp) -> Check {
    match last {
        None => Check::Probe(RESERVE),
        Some(last) if writes.unavailable > last.writes.unavailable => Check::Known(false),
        Some(last) if last.at.plus_seconds(CHECKED_FOR) > now => Check::Holds(last.ready),
        Some(last) if !last.ready => Check::Probe(RESERVE),
        Some(last) if writes.commits > last.writes.commits => Check::Known(true),
        Some(_) => Check::Probe(0),
    }
}

/// Returns whether the registry can be written, with at least `reserve` bytes.
async fn can_write(store: &Store, now: Timestamp, reserve: usize) -> bool {
    let value = now.to_string();
    let padded = format!("{value}{}", " ".repeat(reserve));
    let written = async {
        if reserve > 0 {
            store.write(move |tx| tx.replace_fact(PROBE, &padded)).await?;
        }
        store.write(move |tx| tx.replace_fact(PROBE, &value)).await
    };
    let written = written.await;
    if let Err(error) = &written {
        tracing::warn!(%error, "the registry cannot be written");
    }
    written.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_writes_make_it_not_ready_until_the_reserve_is_written() {
        let second = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let writes = |commits, unavailable| Writes { commits, unavailable };
        let last = |ready| Some(Checked { at: second(100), writes: writes(7, 3), ready });
        for (last, writes, now, expected) in [
            (None, writes(7, 3), 100, Check::Probe(RESERVE)),
            (last(true), writes(7, 3), 104, Check::Holds(true)),
            (last(true), writes(9, 3), 104, Check::Holds(true)),
            (last(true), writes(9, 4), 104, Check::Known(false)),
            (last(true), writes(9, 4), 200, Check::Known(false)),
            (last(true), writes(9, 3), 105, Check::Known(true)),
            (last(true), writes(7, 3), 105, Check::Probe(0)),
            (last(false), writes(9, 3), 104, Check::Holds(false)),
            (last(false), writes(9, 3), 105, Check::Probe(RESERVE)),
            (last(false), writes(9, 4), 105, Check::Known(false)),
        ] {
            assert_eq!(check(last, writes, second(now)), expected);
        }
    }
}
