//! Outbox of mail.

use model::{Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Query};

use crate::cell::Cell;
use crate::{DeliveryState, Outbox, OutboxRow, Read, StoreError, Tx};

/// A mail to send.
#[derive(Clone, PartialEq, Eq)]
pub struct MailRow {
    /// State of the delivery.
    pub state: DeliveryState,
    /// Recipient; `None` if the user is not yet known.
    pub user_id: Option<Uuid>,
    /// Sealed address and content.
    pub sealed: String,
    /// When it was queued.
    pub queued_at: Timestamp,
}

impl OutboxRow for MailRow {
    const OUTBOX: Outbox = Outbox::Mail;

    fn state(&mut self) -> &mut DeliveryState {
        &mut self.state
    }
}

const MAIL: &str = Outbox::Mail.table();

const COLUMNS: [&str; 3] = ["user_id", "sealed", "queued_at"];

impl Read<'_> {
    /// Finds the mail that has been due longest.
    pub fn find_due_mail(&self, now: Timestamp) -> Result<Option<MailRow>, StoreError> {
        let statement = Outbox::Mail.longest_due(&COLUMNS, now);
        self.query(&statement)?.into_iter().next().map(mail).transpose()
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
    /// Queues a mail, unless `most` mails are queued for the same user. Returns whether it was queued.
    pub fn queue_mail(&mut self, mail: &MailRow, most: i64) -> Result<bool, StoreError> {
        if self.count_mail_of(mail.user_id)? >= most {
            return Ok(false);
        }
        let more = [
            ("user_id", Expr::val(mail.user_id)),
            ("sealed", mail.sealed.as_str().into()),
            ("queued_at", mail.queued_at.micros().into()),
        ];
        let statement = Outbox::Mail.insert(&mail.state, more)?;
        self.enqueue(Outbox::Mail, mail.state.id, &statement)?;
        Ok(true)
    }
}

fn mail(row: Vec<Cell>) -> Result<MailRow, StoreError> {
    let mut cells = row.into_iter();
    let state = DeliveryState::read(&mut cells)?;
    let mut next = || cells.next().unwrap_or(Cell::Null);
    Ok(MailRow {
        state,
        user_id: match next() {
            Cell::Null => None,
            cell => Some(cell.uuid()?),
        },
        sealed: next().text()?,
        queued_at: next().time()?,
    })
}
