//! Mail that waits to be sent.

use model::{Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::cell::Cell;
use crate::internal::values;
use crate::{Read, StoreError, Tx};

/// A mail that waits to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct MailRow {
    /// The identifier.
    pub id: Uuid,
    /// Whom it is for; nobody where that is still to be found out.
    pub user_id: Option<Uuid>,
    /// To whom it goes and what it says, sealed.
    pub sealed: String,
    /// Since when it waits.
    pub queued_at: Timestamp,
    /// When it is tried next.
    pub due_at: Timestamp,
    /// When it is no longer tried.
    pub give_up_at: Timestamp,
    /// How often somebody set out to send it.
    pub attempts: i64,
}

const MAIL: &str = "grantor_mail";

const COLUMNS: [&str; 7] = ["id", "user_id", "sealed", "queued_at", "due_at", "give_up_at", "attempts"];

impl Read<'_> {
    /// Lists mail that is due, what has been due for longest first.
    pub fn list_due_mail(&self, now: Timestamp, limit: u64) -> Result<Vec<MailRow>, StoreError> {
        let mut statement = Query::select();
        statement.columns(COLUMNS).from(MAIL).and_where(Expr::col("due_at").lte(now.micros()));
        statement.order_by("due_at", Order::Asc).limit(limit);
        self.query(&statement)?.into_iter().map(mail).collect()
    }

    /// Lists all mail that waits.
    pub fn list_mail(&self) -> Result<Vec<MailRow>, StoreError> {
        let statement = Query::select().columns(COLUMNS).from(MAIL).to_owned();
        self.query(&statement)?.into_iter().map(mail).collect()
    }

    /// Counts the mail that waits.
    pub fn count_mail(&self) -> Result<i64, StoreError> {
        let statement = Query::select().expr(Expr::col("id").count()).from(MAIL).to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map_or(Ok(0), Cell::int)?)
    }

    fn count_mail_of(&self, user: Option<Uuid>) -> Result<i64, StoreError> {
        let column = Expr::col("user_id");
        let own = user.map_or_else(|| column.clone().is_null(), |user| column.clone().eq(user));
        let statement = Query::select().expr(Expr::col("id").count()).from(MAIL).and_where(own).to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map_or(Ok(0), Cell::int)?)
    }
}

impl Tx<'_> {
    /// Lets a mail wait to be sent, unless as many as `most` wait for the same user. Gives whether it waits now.
    pub fn queue_mail(&mut self, mail: &MailRow, most: i64) -> Result<bool, StoreError> {
        if self.count_mail_of(mail.user_id)? >= most {
            return Ok(false);
        }
        let mut statement = Query::insert();
        statement.into_table(MAIL).columns(COLUMNS);
        let row: [Expr; 7] = [
            mail.id.into(),
            Expr::val(mail.user_id),
            mail.sealed.as_str().into(),
            mail.queued_at.micros().into(),
            mail.due_at.micros().into(),
            mail.give_up_at.micros().into(),
            mail.attempts.into(),
        ];
        values(&mut statement, row)?;
        self.execute(&statement)?;
        Ok(true)
    }

    /// Takes a mail on until a moment, at which others may take it on again. Of several who try, one is told that it has
    /// it: `attempts` is what all of them saw.
    pub fn claim_mail(&mut self, id: Uuid, attempts: i64, until: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement.table(MAIL).value("attempts", attempts + 1).value("due_at", until.micros());
        statement.and_where(Expr::col("id").eq(id)).and_where(Expr::col("attempts").eq(attempts));
        Ok(self.execute(&statement)? == 1)
    }

    /// Puts off a mail that was taken on and could not be sent.
    pub fn postpone_mail(&mut self, id: Uuid, attempts: i64, due: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement.table(MAIL).value("due_at", due.micros());
        statement.and_where(Expr::col("id").eq(id)).and_where(Expr::col("attempts").eq(attempts));
        Ok(self.execute(&statement)? == 1)
    }

    /// Forgets a mail. Gives whether it was there; of several calls, one is told so.
    pub fn remove_mail(&mut self, id: Uuid) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement.from_table(MAIL).and_where(Expr::col("id").eq(id));
        Ok(self.execute(&statement)? == 1)
    }

    /// Seals a mail anew, if it is still sealed as it was.
    pub fn reseal_mail(&mut self, id: Uuid, was: &str, sealed: &str) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement.table(MAIL).value("sealed", sealed).and_where(Expr::col("id").eq(id));
        statement.and_where(Expr::col("sealed").eq(was));
        Ok(self.execute(&statement)? == 1)
    }
}

fn mail(row: Vec<Cell>) -> Result<MailRow, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    Ok(MailRow {
        id: next().uuid()?,
        user_id: match next() {
            Cell::Null => None,
            cell => Some(cell.uuid()?),
        },
        sealed: next().text()?,
        queued_at: next().time()?,
        due_at: next().time()?,
        give_up_at: next().time()?,
        attempts: next().int()?,
    })
}
