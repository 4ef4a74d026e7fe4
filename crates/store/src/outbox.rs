//! What waits to be handed over to somebody outside: one program at a time takes it on, and it is tried again until it arrived or its
//! time is over.

use model::{Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, InsertStatement, Order, Query, SelectStatement};

use crate::cell::Cell;
use crate::internal::values;
use crate::{Read, StoreError, Tx};

/// Where something waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outbox {
    /// Applications that are to be told of a sign-out.
    Logouts,
    /// Mail.
    Mail,
}

/// How far it is with something that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The identifier.
    pub id: Uuid,
    /// When it is tried next; while somebody tries, when others may.
    pub due_at: Timestamp,
    /// When nobody tries any more.
    pub expires_at: Timestamp,
    /// How often somebody set out to hand it over.
    pub attempts: i64,
}

/// A row of an outbox.
pub trait Queued: Clone + Send + Sync + 'static {
    /// Where it waits.
    const OUTBOX: Outbox;

    /// How far it is with it.
    fn waiting(&mut self) -> &mut Waiting;
}

const STATE: [&str; 4] = ["id", "due_at", "expires_at", "attempts"];

impl Outbox {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Logouts, Self::Mail];

    /// The table of its rows.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Logouts => "grantor_logouts",
            Self::Mail => "grantor_mail",
        }
    }

    /// All that waits, with further columns.
    pub(crate) fn select(self, more: &[&'static str]) -> SelectStatement {
        let columns = STATE.iter().chain(more).copied();
        Query::select().columns(columns).from(self.table()).to_owned()
    }

    /// What has been due longest.
    pub(crate) fn longest_due(self, more: &[&'static str], now: Timestamp) -> SelectStatement {
        let mut statement = self.select(more);
        statement.and_where(Expr::col("due_at").lte(now.micros()));
        statement.order_by("due_at", Order::Asc).order_by("id", Order::Asc).limit(1);
        statement
    }

    /// A row with further columns.
    pub(crate) fn insert<const N: usize>(
        self,
        waiting: &Waiting,
        more: [(&'static str, Expr); N],
    ) -> Result<InsertStatement, StoreError> {
        let state: [Expr; 4] = [
            waiting.id.into(),
            waiting.due_at.micros().into(),
            waiting.expires_at.micros().into(),
            waiting.attempts.into(),
        ];
        let (names, others): (Vec<_>, Vec<_>) = more.into_iter().unzip();
        let mut statement = Query::insert();
        statement.into_table(self.table()).columns(STATE.into_iter().chain(names));
        values(&mut statement, state.into_iter().chain(others))?;
        Ok(statement)
    }
}

impl Waiting {
    /// Of something that is due from now on.
    pub const fn from_now(id: Uuid, now: Timestamp, expires_at: Timestamp) -> Self {
        Self { id, due_at: now, expires_at, attempts: 0 }
    }

    /// Reads the first columns of a row; the others are left.
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
    /// Counts what waits.
    pub fn count_waiting(&self, outbox: Outbox) -> Result<i64, StoreError> {
        let statement = Query::select().expr(Expr::col("id").count()).from(outbox.table()).to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map_or(Ok(0), Cell::int)?)
    }
}

impl Tx<'_> {
    /// Adds a row. Whoever waits for one is told once it is committed.
    pub(crate) fn enqueue(
        &mut self,
        outbox: Outbox,
        id: Uuid,
        row: &InsertStatement,
    ) -> Result<(), StoreError> {
        self.execute(row)?;
        self.touch(outbox.table(), id);
        Ok(())
    }

    /// Takes something on until a moment, at which others may. Gives what it is like then: of several who saw the same, one is
    /// given it.
    pub fn claim_waiting(
        &mut self,
        outbox: Outbox,
        seen: &Waiting,
        until: Timestamp,
    ) -> Result<Option<Waiting>, StoreError> {
        let claimed = Waiting { due_at: until, attempts: seen.attempts + 1, ..*seen };
        let mut statement = Query::update();
        statement
            .table(outbox.table())
            .value("attempts", claimed.attempts)
            .value("due_at", until.micros())
            .and_where(Expr::col("id").eq(seen.id))
            .and_where(Expr::col("attempts").eq(seen.attempts));
        Ok((self.execute(&statement)? == 1).then_some(claimed))
    }

    /// Puts off what was taken on and could not be handed over, unless others have taken it on meanwhile.
    pub fn postpone_waiting(
        &mut self,
        outbox: Outbox,
        claimed: &Waiting,
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

    /// Forgets what arrived or is given up. Gives whether it was there; of several calls, one is told so.
    pub fn remove_waiting(&mut self, outbox: Outbox, id: Uuid) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement.from_table(outbox.table()).and_where(Expr::col("id").eq(id));
        Ok(self.execute(&statement)? == 1)
    }
}
