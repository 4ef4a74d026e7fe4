use std::io;
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::Fault;

/// The passwords that are known to be known, such as those of "Have I Been Pwned".
pub trait BreachList: Send + Sync {
    /// Whether the password with this SHA-1 hash is among them.
    ///
    /// # Errors
    /// Where the list cannot be read.
    fn contains(&self, sha1: &[u8; 20]) -> io::Result<bool>;
}

/// For whom a password is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    /// Somebody who has not proved anything.
    Stranger,
    /// Somebody who has: by a session, a link, or a browser in which they signed in before.
    Known,
}

/// Where passwords are hashed. Strangers never use more than one core, and the others do not wait for them.
pub(crate) struct Slots {
    strangers: Slot,
    known: Slot,
}

/// One password at a time is hashed in a slot; each takes some 20 MiB and a core.
pub(super) struct Slot {
    pub(super) running: Arc<Semaphore>,
    pub(super) waiting: Semaphore,
}

/// How many passwords wait in a slot at the most: about a second.
const WAITING: usize = 32;

impl Slots {
    pub(crate) fn new() -> Self {
        Self { strangers: Slot::new(), known: Slot::new() }
    }

    pub(super) const fn slot_for(&self, who: Asking) -> &Slot {
        match who {
            Asking::Stranger => &self.strangers,
            Asking::Known => &self.known,
        }
    }
}

impl Slot {
    fn new() -> Self {
        Self { running: Arc::new(Semaphore::new(1)), waiting: Semaphore::new(WAITING) }
    }

    /// Does work on a thread that may block, once the slot is free.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] where too much work waits already.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let full = |_| Fault::Unavailable("too many passwords wait to be checked".to_owned());
        let waiting = self.waiting.try_acquire().map_err(full)?;
        let running = Arc::clone(&self.running).acquire_owned().await;
        let running = running.map_err(|error| Fault::Unavailable(error.to_string()))?;
        drop(waiting);
        // The work holds the slot: a client that goes away does not make room for another one while it runs.
        let work = move || {
            let _running = running;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| Fault::Internal(error.to_string()))?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;

    /// One password is hashed at a time, [`WAITING`] wait, and the next one is refused; the other slot is free.
    #[test]
    fn passwords_hashed_at_once_are_bounded() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
        runtime.block_on(async {
            let (slots, at_once) = (Arc::new(Slots::new()), Arc::new(AtomicUsize::new(0)));
            let (begun, has_begun) = mpsc::channel();
            let (release, released) = mpsc::channel();
            let first = Arc::clone(&slots);
            let first = tokio::spawn(async move {
                let work = move || {
                    begun.send(()).unwrap();
                    released.recv().unwrap();
                    Ok(())
                };
                first.slot_for(Asking::Stranger).run(work).await
            });
            tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
            let others: Vec<_> = (0..WAITING)
                .map(|_| {
                    let (slots, at_once) = (Arc::clone(&slots), Arc::clone(&at_once));
                    tokio::spawn(async move {
                        let work = move || {
                            let running = at_once.fetch_add(1, Ordering::SeqCst);
                            std::thread::sleep(std::time::Duration::from_millis(1));
                            at_once.fetch_sub(1, Ordering::SeqCst);
                            Ok(running)
                        };
                        slots.slot_for(Asking::Stranger).run(work).await
                    })
                })
                .collect();
            while slots.strangers.waiting.available_permits() > 0 {
                tokio::task::yield_now().await;
            }
            let next = slots.slot_for(Asking::Stranger).run(|| Ok(())).await;
            assert!(matches!(next, Err(Fault::Unavailable(_))));
            slots.slot_for(Asking::Known).run(|| Ok(())).await.unwrap();
            release.send(()).unwrap();
            first.await.unwrap().unwrap();
            for other in others {
                assert_eq!(other.await.unwrap().unwrap(), 0, "two passwords were hashed at once");
            }
        });
    }
}
