//! What applications are still to be told: that somebody signed out.

use model::{Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::cell::Cell;
use crate::internal::values;
use crate::{Read, StoreError, Tx};

/// An application that is to be told that a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutRow {
    /// The identifier.
    pub id: Uuid,
    /// The application.
    pub application_id: Uuid,
    /// Who signed out.
    pub user_id: Uuid,
    /// The session that ended.
    pub session: String,
    /// When it is told next; while somebody tells it, when others may try again.
    pub due_at: Timestamp,
    /// When nobody tries any more.
    pub expires_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
}

pub(crate) const LOGOUTS: &str = "grantor_logouts";

const COLUMNS: [&str; 7] =
    ["id", "trusted_application_id", "user_id", "session", "due_at", "expires_at", "attempts"];

impl Read<'_> {
    /// Counts the applications that are still to be told of a sign-out.
    pub fn count_logouts(&self) -> Result<i64, StoreError> {
        let statement = Query::select().expr(Expr::col("id").count()).from(LOGOUTS).to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map_or(Ok(0), Cell::int)?)
    }

    /// Finds what has been due longest, but for some applications.
    pub fn find_due_logout(&self, now: Timestamp, but: &[Uuid]) -> Result<Option<LogoutRow>, StoreError> {
        let mut statement = Query::select();
        statement.columns(COLUMNS).from(LOGOUTS).and_where(Expr::col("due_at").lte(now.micros()));
        if !but.is_empty() {
            let busy = Expr::col("trusted_application_id").is_in(but.iter().copied());
            statement.and_where(busy.not());
        }
        statement.order_by("due_at", Order::Asc).order_by("id", Order::Asc).limit(1);
        self.query_dynamic(&statement)?.into_iter().next().map(logout).transpose()
    }
}

impl Tx<'_> {
    /// Adds an application that is to be told.
    pub fn insert_logout(&mut self, row: &LogoutRow) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(LOGOUTS).columns(COLUMNS);
        let row: [Expr; 7] = [
            row.id.into(),
            row.application_id.into(),
            row.user_id.into(),
            row.session.as_str().into(),
            row.due_at.micros().into(),
            row.expires_at.micros().into(),
            row.attempts.into(),
        ];
        values(&mut statement, row)?;
        self.execute(&statement).map(|_| ())
    }

    /// Takes an attempt upon oneself: until a moment, nobody else tries. Gives whether nobody was faster.
    pub fn claim_logout(&mut self, row: &LogoutRow, until: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement
            .table(LOGOUTS)
            .value("due_at", until.micros())
            .value("attempts", row.attempts + 1)
            .and_where(Expr::col("id").eq(row.id))
            .and_where(Expr::col("due_at").eq(row.due_at.micros()));
        Ok(self.execute(&statement)? == 1)
    }

    /// Says when to try again, after an attempt that lasted until `claimed` at the most.
    pub fn defer_logout(&mut self, id: Uuid, claimed: Timestamp, due: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement
            .table(LOGOUTS)
            .value("due_at", due.micros())
            .and_where(Expr::col("id").eq(id))
            .and_where(Expr::col("due_at").eq(claimed.micros()));
        Ok(self.execute(&statement)? == 1)
    }

    /// Removes what was told, or is given up.
    pub fn remove_logout(&mut self, id: Uuid) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement.from_table(LOGOUTS).and_where(Expr::col("id").eq(id));
        Ok(self.execute(&statement)? == 1)
    }
}

fn logout(row: Vec<Cell>) -> Result<LogoutRow, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    Ok(LogoutRow {
        id: next().uuid()?,
        application_id: next().uuid()?,
        user_id: next().uuid()?,
        session: next().text()?,
        due_at: next().time()?,
        expires_at: next().time()?,
        attempts: next().int()?,
    })
}
