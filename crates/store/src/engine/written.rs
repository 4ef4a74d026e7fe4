//! What was written, counted for whoever watches the program: numbers alone, kept in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use model::entities::GrantKind;

use super::{Commit, ChangedRow};

/// How much this program has written since it was started.
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
    /// How often something was committed. On SQLite, transactions that wait are committed together.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// How many acknowledged commits the database lacked when it was opened.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    pub(super) fn note_lost(&self, commits: u64) {
        self.lost.store(commits, Ordering::Relaxed);
    }

    /// How many transactions were committed.
    pub fn transactions(&self) -> u64 {
        self.transactions.load(Ordering::Relaxed)
    }

    /// How many grants were added, by the API name of their kind.
    pub fn granted(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let names = GrantKind::TYPE.members.iter().map(|member| member.name);
        names.zip(self.granted.iter().map(|count| count.load(Ordering::Relaxed)))
    }
}

/// What transactions did that somebody has to hear of once they are committed.
#[derive(Default)]
pub(crate) struct Effects {
    pub(crate) touched: Vec<ChangedRow>,
    pub(crate) granted: Vec<GrantKind>,
}

impl Effects {
    /// Adds those of another transaction.
    pub(super) fn append(&mut self, other: &mut Self) {
        self.touched.append(&mut other.touched);
        self.granted.append(&mut other.granted);
    }
}

/// Whoever hears of commits.
#[derive(Clone)]
pub(crate) struct Committed {
    pub(super) tell: Commit,
    pub(super) written: Arc<Written>,
}

impl Committed {
    /// Tells what was committed, before it is acknowledged.
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
