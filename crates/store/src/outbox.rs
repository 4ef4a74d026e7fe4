//! Outboxes: messages to deliver to external parties. One program at a time claims a message, and delivery
//! is retried until it succeeds or the message expires.

use model::{Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, InsertStatement, Order, Query, SelectStatement};

use crate::cell::Cell;
use crate::sql::values;
use crate::{Read, StoreError, Tx};

/// An outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outbox {
    /// Back-channel logouts of applications.
    Logouts,
    /// Mail.
    Mail,
}

/// State of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryState {
    /// Identifier.
    pub id: Uuid,
    /// Time of the next attempt; while the message is claimed, when others may claim it.
    pub due_at: Timestamp,
    /// Time after which delivery is abandoned.
    pub expires_at: Timestamp,
    /// Number of attempts.
    pub attempts: i64,
}

/// A row of an outbox.
pub trait OutboxRow: Clone + Send + Sync + 'static {
    /// Outbox of the rows.
    const OUTBOX: Outbox;

    /// Returns the state of the delivery.
    fn state(&mut self) -> &mut DeliveryState;
}

const STATE: [&str; 4] = ["id", "due_at", "expires_at", "attempts"];

impl Outbox {
    /// All outboxes.
    pub const ALL: [Self; 2] = [Self::Logouts, Self::Mail];

    /// Returns the table of the outbox.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Logouts => "grantor_logouts",
            Self::Mail => "grantor_mail",
        }
    }

    /// Selects all rows, with additional columns.
    pub(crate) fn select(self, more: &[&'static str]) -> SelectStatement {
        let columns = STATE.iter().chain(more).copied();
        Query::select().columns(columns).from(self.table()).to_owned()
    }

    /// Selects the row that has been due longest.
    pub(crate) fn longest_due(self, more: &[&'static str], now: Timestamp) -> SelectStatement {
        let mut statement = self.select(more);
        statement.and_where(Expr::col("due_at").lte(now.micros()));
        statement.order_by("due_at", Order::Asc).order_by("id", Order::Asc).limit(1);
        statement
    }

    /// Inserts a row with additional columns.
    pub(crate) fn insert<const N: usize>(
        self,
        state: &DeliveryState,
        more: [(&'static str, Expr); N],
    ) -> Result<InsertStatement, StoreError> {
        let state: [Expr; 4] = [
            state.id.into(),
            state.due_at.micros().into(),
            state.expires_at.micros().into(),
            state.attempts.into(),
        ];
        let (names, others): (Vec<_>, Vec<_>) = more.into_iter().unzip();
        let mut statement = Query::insert();
        statement.into_table(self.table()).columns(STATE.into_iter().chain(names));
        values(&mut statement, state.into_iter().chain(others))?;
        Ok(statement)
    }
}

impl DeliveryState {
    /// Creates the state of a delivery that is due now.
    ///
    /// ```
    /// use model::{Timestamp, Uuid};
    /// use store::DeliveryState;
    ///
    /// let now = Timestamp::from_seconds(1000);
    /// let state = DeliveryState::from_now(Uuid::from_u128(1), now, now.plus_seconds(3600));
    /// assert_eq!((state.due_at, state.attempts), (now, 0));
    /// ```
    pub const fn from_now(id: Uuid, now: Timestamp, expires_at: Timestamp) -> Self {
        Self { id, due_at: now, expires_at, attempts: 0 }
    }

    /// Reads the first columns of a row and leaves the others.
    pub(crate) fn read(cells: &mut impl Iterator<Item = Cell>) -> Result<Self, StoreError> {
        let mut next = || cells.next().unwrap_or(Cell::Null);
        Ok(Self {
            id: next().uuid()?,
            due_at: next().time()?,
            expires_at: next().time()?,
            attempts: next().int()?,
        })
    }
}

impl Read<'_> {
    /// Counts the queued messages.
    pub fn count_undelivered(&self, outbox: Outbox) -> Result<i64, StoreError> {
        let statement = Query::select().expr(Expr::col("id").count()).from(outbox.table()).to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map_or(Ok(0), Cell::int)?)
    }
}

impl Tx<'_> {
    /// Inserts a row. Consumers are notified after the commit.
    pub(crate) fn enqueue(
        &mut self,
        outbox: Outbox,
        id: Uuid,
        row: &InsertStatement,
    ) -> Result<(), StoreError> {
        self.execute(row)?;
        self.mark_changed(outbox.table(), id);
        Ok(())
    }

    /// Claims a message until a time at which others may claim it. Returns its new state. If called
    /// concurrently for the same state, exactly one call succeeds.
    pub fn claim_delivery(
        &mut self,
        outbox: Outbox,
        seen: &DeliveryState,
        until: Timestamp,
    ) -> Result<Option<DeliveryState>, StoreError> {
        let claimed = DeliveryState { due_at: until, attempts: seen.attempts + 1, ..*seen };
        let mut statement = Query::update();
        statement
            .table(outbox.table())
            .value("attempts", claimed.attempts)
            .value("due_at", until.micros())
            .and_where(Expr::col("id").eq(seen.id))
            .and_where(Expr::col("attempts").eq(seen.attempts));
        Ok((self.execute(&statement)? == 1).then_some(claimed))
    }

    /// Postpones a claimed message that could not be delivered, unless another program has claimed it.
    pub fn postpone_delivery(
        &mut self,
        outbox: Outbox,
        claimed: &DeliveryState,
        due: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement
            .table(outbox.table())
            .value("due_at", due.micros())
            .and_where(Expr::col("id").eq(claimed.id))
            .and_where(Expr::col("attempts").eq(claimed.attempts));
        Ok(self.execute(&statement)? == 1)
    }

    /// Removes a message that was delivered or abandoned. Returns whether it existed. If called
    /// concurrently, exactly one call returns true.
    pub fn remove_delivery(&mut self, outbox: Outbox, id: Uuid) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement.from_table(outbox.table()).and_where(Expr::col("id").eq(id));
        Ok(self.execute(&statement)? == 1)
    }
}
