//! Counters that limit the rate of sign-in attempts and anonymous requests. They need not survive a crash
//! of the database, so their PostgreSQL table is unlogged and no commit waits for the disk.
//!
//! Counters implement the generic cell rate algorithm (GCRA): a row stores the time at which the counter is
//! completely restored. An attempt moves this time ahead by one interval, unless it is too far in the
//! future already.

use model::Timestamp;
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};

use crate::cell::Cell;
use crate::sql::values;
use crate::{Read, StoreError, Tx};

pub(crate) const ATTEMPTS: &str = "grantor_attempts";

/// A counter and its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Name: the counted event and its subject.
    pub name: String,
    /// Maximum number of attempts in a burst.
    pub most: u32,
    /// Time in microseconds after which one more attempt is allowed.
    pub interval: i64,
}

/// Result of counting an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The attempt was counted. The next one is allowed at this time.
    Allowed(Timestamp),
    /// The attempt was not counted. None is allowed before this time.
    Refused(Timestamp),
}

impl Counter {
    /// Returns the time of the next allowed attempt, given the time at which the counter is completely
    /// restored.
    fn next(&self, whole_at: Timestamp) -> Timestamp {
        Timestamp::from_micros(whole_at.micros().saturating_sub(self.tolerance()))
    }

    /// Returns how far in the future the restore time may be for an attempt to be allowed, in microseconds.
    fn tolerance(&self) -> i64 {
        self.interval.saturating_mul(i64::from(self.most) - 1)
    }
}

impl Read<'_> {
    /// Returns the time of the next allowed attempt; `None` if the counter has no row.
    pub fn find_next_attempt(&self, counter: &Counter) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = Query::select();
        statement
            .column("expires_at")
            .from(ATTEMPTS)
            .and_where(Expr::col("counter").eq(counter.name.as_str()));
        let first = self.query(&statement)?.into_iter().flatten().next();
        let whole_at = first.map(Cell::time).transpose()?;
        Ok(whole_at.map(|whole_at| counter.next(whole_at)))
    }
}

impl Tx<'_> {
    /// Counts an attempt, unless the limit is reached. A single conditional statement, so that concurrent
    /// calls never exceed the limit.
    pub fn count_attempt(&mut self, counter: &Counter, now: Timestamp) -> Result<AttemptOutcome, StoreError> {
        let whole_at = || Expr::col((ATTEMPTS, "expires_at"));
        let from: Expr = Expr::case(whole_at().gt(now.micros()), whole_at()).finally(now.micros()).into();
        let mut one_more = OnConflict::column("counter");
        one_more
            .value("expires_at", from.add(counter.interval))
            .action_and_where(whole_at().lte(now.micros().saturating_add(counter.tolerance())));
        let mut statement = Query::insert();
        statement.into_table(ATTEMPTS).columns(["counter", "expires_at"]);
        let first = now.micros().saturating_add(counter.interval);
        values(&mut statement, [counter.name.as_str().into(), first.into()])?;
        statement.on_conflict(one_more).returning_col("expires_at");
        let counted = self.query(&statement)?.into_iter().flatten().next();
        match counted {
            Some(cell) => Ok(AttemptOutcome::Allowed(counter.next(cell.time()?))),
            // If the row was removed in the meantime, the next attempt is counted.
            None => Ok(AttemptOutcome::Refused(self.find_next_attempt(counter)?.unwrap_or(now))),
        }
    }

    /// Takes back a counted attempt.
    pub fn undo_attempt(&mut self, counter: &Counter) -> Result<(), StoreError> {
        let mut statement = Query::update();
        statement
            .table(ATTEMPTS)
            .value("expires_at", Expr::col("expires_at").sub(counter.interval))
            .and_where(Expr::col("counter").eq(counter.name.as_str()));
        self.execute(&statement).map(|_| ())
    }

    /// Removes the counters whose names start with the given ASCII text.
    pub fn remove_attempts(&mut self, beginning: &str) -> Result<u64, StoreError> {
        let mut statement = Query::delete();
        statement
            .from_table(ATTEMPTS)
            .and_where(Expr::col("counter").gte(beginning))
            .and_where(Expr::col("counter").lt(format!("{beginning}\u{7f}")));
        self.execute(&statement)
    }

    /// Removes the counters that are restored soonest, if there are more than `most`. Returns their number.
    pub fn remove_surplus_attempts(&mut self, most: u64) -> Result<u64, StoreError> {
        let mut surplus = Query::select();
        surplus.column("expires_at").from(ATTEMPTS).order_by("expires_at", Order::Desc).limit(1).offset(most);
        let Some(cell) = self.query(&surplus)?.into_iter().flatten().next() else { return Ok(0) };
        let mut statement = Query::delete();
        statement.from_table(ATTEMPTS).and_where(Expr::col("expires_at").lte(cell.time()?.micros()));
        self.execute(&statement)
    }
}
