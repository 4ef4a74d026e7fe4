//! The background tasks and their states.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A task that runs until the program stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Writes the last uses of tokens.
    LastUses,
    /// Rotates keys and removes short-lived rows.
    Maintenance,
    /// Removes rows that ended long ago.
    Purge,
    /// Sends logout tokens.
    BackChannel,
    /// Sends mail.
    Mail,
}

impl Task {
    /// All tasks, in the order of their numbers.
    pub const ALL: [Self; 5] =
        [Self::LastUses, Self::Maintenance, Self::Purge, Self::BackChannel, Self::Mail];

    /// The name in metrics, in the log and in `/health/ready`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LastUses => "last_uses",
            Self::Maintenance => "maintenance",
            Self::Purge => "purge",
            Self::BackChannel => "back_channel",
            Self::Mail => "mail",
        }
    }
}

/// The state of each task, for `/metrics` and `/health/ready`.
#[derive(Debug, Default)]
pub struct TaskStates([TaskState; Task::ALL.len()]);

#[derive(Debug, Default)]
struct TaskState {
    down: AtomicBool,
    restarts: AtomicU64,
}

impl TaskStates {
    /// Returns whether a task ended or panicked and was not restarted yet.
    pub fn is_down(&self, task: Task) -> bool {
        self.state(task).is_some_and(|state| state.down.load(Ordering::Relaxed))
    }

    /// Returns how often a task was restarted.
    pub fn restarts(&self, task: Task) -> u64 {
        self.state(task).map_or(0, |state| state.restarts.load(Ordering::Relaxed))
    }

    fn state(&self, task: Task) -> Option<&TaskState> {
        self.0.get(task as usize)
    }

    /// Records that a task ended or panicked.
    pub fn note_end(&self, task: Task) {
        if let Some(state) = self.state(task) {
            state.down.store(true, Ordering::Relaxed);
        }
    }

    /// Records that a task was restarted.
    pub fn note_restart(&self, task: Task) {
        if let Some(state) = self.state(task) {
            state.restarts.fetch_add(1, Ordering::Relaxed);
            state.down.store(false, Ordering::Relaxed);
        }
    }
}
