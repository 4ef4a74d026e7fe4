use std::io;
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::Fault;

/// A list of breached passwords, such as that of "Have I Been Pwned".
pub trait BreachList: Send + Sync {
    /// Returns whether it has the password with this SHA-1 hash.
    ///
    /// # Errors
    /// If the list cannot be read.
    fn contains(&self, sha1: &[u8; 20]) -> io::Result<bool>;
}

/// The sender of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    /// An unknown browser.
    Stranger,
    /// A user with a session, a mailed link, or a known browser.
    Known,
}

/// The slots for hashing passwords. Unknown browsers use one core at most, and known ones do not wait for them.
pub(crate) struct Slots {
    strangers: Slot,
    known: Slot,
}

/// A slot hashes one password at a time, which takes some 20 MiB and a core.
pub(super) struct Slot {
    pub(super) running: Arc<Semaphore>,
    pub(super) waiting: Semaphore,
}

/// Maximum number of passwords that wait for a slot: about a second.
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

    /// Runs work on a blocking thread, once the slot is free.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] if too much work waits.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let full = |_| Fault::Unavailable("too many passwords wait to be checked".to_owned());
        let waiting = self.waiting.try_acquire().map_err(full)?;
        let running = Arc::clone(&self.running).acquire_owned().await;
        let running = running.map_err(|error| Fault::Unavailable(error.to_string()))?;
        drop(waiting);
        // The work keeps the slot: if the client disconnects, the slot stays occupied until the work is done.
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
