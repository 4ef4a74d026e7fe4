//! In-memory counters of writes, for metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use model::entities::GrantKind;

use super::{Commit, Touched};

/// Counters of writes since the start of the program.
#[derive(Debug)]
pub struct Written {
    commits: AtomicU64,
    transactions: AtomicU64,
    granted: Vec<AtomicU64>,
    lost: AtomicU64,
}

impl Default for Written {
    fn default() -> Self {
        let granted = GrantKind::TYPE.members.iter().map(|_| AtomicU64::new(0)).collect();
        Self { commits: AtomicU64::new(0), transactions: AtomicU64::new(0), granted, lost: AtomicU64::new(0) }
    }
}

impl Written {
    /// Returns the number of commits. On SQLite, queued transactions are committed together.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Returns the number of acknowledged commits that the database lacked when it was opened.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    pub(super) fn note_lost(&self, commits: u64) {
        self.lost.store(commits, Ordering::Relaxed);
    }

    /// Returns the number of committed transactions.
    pub fn transactions(&self) -> u64 {
        self.transactions.load(Ordering::Relaxed)
    }

    /// Returns the number of added grants, by the API name of their kind.
    pub fn granted(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let names = GrantKind::TYPE.members.iter().map(|member| member.name);
        names.zip(self.granted.iter().map(|count| count.load(Ordering::Relaxed)))
    }
}

/// The effects of transactions to report after their commit.
#[derive(Default)]
pub(crate) struct Effects {
    pub(crate) touched: Vec<Touched>,
    pub(crate) granted: Vec<GrantKind>,
}

impl Effects {
    /// Appends the effects of another transaction.
    pub(super) fn append(&mut self, other: &mut Self) {
        self.touched.append(&mut other.touched);
        self.granted.append(&mut other.granted);
    }
}

/// Receiver of commits: the callback and the counters.
#[derive(Clone)]
pub(crate) struct Committed {
    pub(super) tell: Commit,
    pub(super) written: Arc<Written>,
}

impl Committed {
    /// Reports a commit, before it is acknowledged.
    pub(super) fn note(&self, effects: &Effects, transactions: usize) {
        (self.tell)(&effects.touched);
        self.written.commits.fetch_add(1, Ordering::Relaxed);
        self.written.transactions.fetch_add(transactions as u64, Ordering::Relaxed);
        for kind in &effects.granted {
            let place = GrantKind::TYPE.members.iter().position(|member| member.name == kind.name());
            if let Some(count) = place.and_then(|place| self.written.granted.get(place)) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
