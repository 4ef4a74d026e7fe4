//! Counters of guesses and of requests of strangers. They need not survive a crash of the database, so on PostgreSQL
//! their table is not logged and no commit waits for a disk.
//!
//! Each counter is an allowance that restores itself (the generic cell rate algorithm): its row says when it is whole
//! again. An attempt moves that moment on by one interval, unless too many intervals lie ahead already.

use model::Timestamp;
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};

use crate::cell::Cell;
use crate::internal::values;
use crate::{Read, StoreError, Tx};

pub(crate) const ATTEMPTS: &str = "grantor_attempts";

/// One counter, and how much it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// What is counted, and of whom.
    pub name: String,
    /// How many attempts may come at once.
    pub most: u32,
    /// After how many microseconds one more is allowed.
    pub interval: i64,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It was counted. The next is allowed at this moment.
    Allowed(Timestamp),
    /// It was not counted: none is allowed before this moment.
    Refused(Timestamp),
}

impl Counter {
    /// When the next attempt is allowed, where the counter is whole again at a moment.
    fn next(&self, whole_at: Timestamp) -> Timestamp {
        Timestamp::from_micros(whole_at.micros().saturating_sub(self.tolerance()))
    }

    /// How far ahead the moment may lie at which the counter is whole again, before an attempt.
    fn tolerance(&self) -> i64 {
        self.interval.saturating_mul(i64::from(self.most) - 1)
    }
}

impl Read<'_> {
    /// When a counter allows the next attempt; nothing where none was counted.
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
    /// Counts an attempt, unless too many were counted: one conditional statement, so that of several at once no more
    /// than are allowed are counted.
    pub fn count_attempt(&mut self, counter: &Counter, now: Timestamp) -> Result<Counted, StoreError> {
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
            Some(cell) => Ok(Counted::Allowed(counter.next(cell.time()?))),
            // Where the row was removed meanwhile, it is counted at the next attempt.
            None => Ok(Counted::Refused(self.find_next_attempt(counter)?.unwrap_or(now))),
        }
    }

    /// Takes back an attempt that was counted.
    pub fn uncount_attempt(&mut self, counter: &Counter) -> Result<(), StoreError> {
        let mut statement = Query::update();
        statement
            .table(ATTEMPTS)
            .value("expires_at", Expr::col("expires_at").sub(counter.interval))
            .and_where(Expr::col("counter").eq(counter.name.as_str()));
        self.execute(&statement).map(|_| ())
    }

    /// Forgets the counters whose names begin with some text of ASCII characters.
    pub fn forget_attempts(&mut self, beginning: &str) -> Result<u64, StoreError> {
        let mut statement = Query::delete();
        statement
            .from_table(ATTEMPTS)
            .and_where(Expr::col("counter").gte(beginning))
            .and_where(Expr::col("counter").lt(format!("{beginning}\u{7f}")));
        self.execute(&statement)
    }

    /// Removes the counters that are whole soonest, where there are more than so many. Gives how many.
    pub fn remove_surplus_attempts(&mut self, most: u64) -> Result<u64, StoreError> {
        let mut surplus = Query::select();
        surplus.column("expires_at").from(ATTEMPTS).order_by("expires_at", Order::Desc).limit(1).offset(most);
        let Some(cell) = self.query(&surplus)?.into_iter().flatten().next() else { return Ok(0) };
        let mut statement = Query::delete();
        statement.from_table(ATTEMPTS).and_where(Expr::col("expires_at").lte(cell.time()?.micros()));
        self.execute(&statement)
    }
}
