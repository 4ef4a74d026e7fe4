//! In-memory counters of writes, for metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use model::entities::GrantKind;

use super::{ChangedRow, OnCommit};

/// Counters of writes since the start of the program.
#[derive(Debug)]
pub struct StoreStats {
    commits: AtomicU64,
    transactions: AtomicU64,
    granted: Vec<AtomicU64>,
    lost: AtomicU64,
    unavailable: AtomicU64,
}

impl Default for StoreStats {
    fn default() -> Self {
        let granted = GrantKind::TYPE.members.iter().map(|_| AtomicU64::new(0)).collect();
        Self {
            commits: AtomicU64::new(0),
            transactions: AtomicU64::new(0),
            granted,
            lost: AtomicU64::new(0),
            unavailable: AtomicU64::new(0),
        }
    }
}

impl StoreStats {
    /// Returns the number of commits. On SQLite, queued transactions are committed together.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Returns the number of acknowledged commits that the database lacked when it was opened.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Returns the number of writes that failed because the storage was not available, as with a full disk.
    pub fn unavailable(&self) -> u64 {
        self.unavailable.load(Ordering::Relaxed)
    }

    pub(super) fn note_unavailable(&self) {
        self.unavailable.fetch_add(1, Ordering::Relaxed);
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
pub(crate) struct TxEffects {
    pub(crate) changed_rows: Vec<ChangedRow>,
    pub(crate) granted: Vec<GrantKind>,
}

impl TxEffects {
    /// Appends the effects of another transaction.
    pub(super) fn append(&mut self, other: &mut Self) {
        self.changed_rows.append(&mut other.changed_rows);
        self.granted.append(&mut other.granted);
    }
}

/// Receiver of commits: the callback and the counters.
#[derive(Clone)]
pub(crate) struct CommitObserver {
    pub(super) on_commit: OnCommit,
    pub(super) stats: Arc<StoreStats>,
}

impl CommitObserver {
    /// Reports a commit, before it is acknowledged.
    pub(super) fn note(&self, effects: &TxEffects, transactions: usize) {
        (self.on_commit)(&effects.changed_rows);
        self.stats.commits.fetch_add(1, Ordering::Relaxed);
        self.stats.transactions.fetch_add(transactions as u64, Ordering::Relaxed);
        for kind in &effects.granted {
            let place = GrantKind::TYPE.members.iter().position(|member| member.name == kind.name());
            if let Some(count) = place.and_then(|place| self.stats.granted.get(place)) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
