use std::io;
use std::sync::Arc;

use tokio::sync::Semaphore;

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
}
