//! Outbox of back-channel logouts.

use model::{Timestamp, Uuid};
use sea_query::{Expr, ExprTrait};

use crate::cell::Cell;
use crate::{DeliveryState, Outbox, OutboxRow, Read, StoreError, Tx};

/// A back-channel logout to deliver to an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutRow {
    /// State of the delivery.
    pub state: DeliveryState,
    /// Application.
    pub application_id: Uuid,
    /// User who signed out.
    pub user_id: Uuid,
    /// Session that ended.
    pub session: String,
}

impl OutboxRow for LogoutRow {
    const OUTBOX: Outbox = Outbox::Logouts;

    fn state(&mut self) -> &mut DeliveryState {
        &mut self.state
    }
}

const COLUMNS: [&str; 3] = ["trusted_application_id", "user_id", "session"];

impl Read<'_> {
    /// Finds the logout that has been due longest, excluding those of the applications `but`.
    pub fn find_due_logout(&self, now: Timestamp, but: &[Uuid]) -> Result<Option<LogoutRow>, StoreError> {
        let mut statement = Outbox::Logouts.longest_due(&COLUMNS, now);
        if !but.is_empty() {
            let busy = Expr::col("trusted_application_id").is_in(but.iter().copied());
            statement.and_where(busy.not());
        }
        self.query_dynamic(&statement)?.into_iter().next().map(logout).transpose()
    }
}

impl Tx<'_> {
    /// Inserts a logout to deliver.
    pub fn insert_logout(&mut self, row: &LogoutRow) -> Result<(), StoreError> {
        let more = [
            ("trusted_application_id", row.application_id.into()),
            ("user_id", row.user_id.into()),
            ("session", row.session.as_str().into()),
        ];
        let statement = Outbox::Logouts.insert(&row.state, more)?;
        self.enqueue(Outbox::Logouts, row.state.id, &statement)
    }
}

fn logout(row: Vec<Cell>) -> Result<LogoutRow, StoreError> {
    let mut cells = row.into_iter();
    let state = DeliveryState::read(&mut cells)?;
    let mut next = || cells.next().unwrap_or(Cell::Null);
    Ok(LogoutRow { state, application_id: next().uuid()?, user_id: next().uuid()?, session: next().text()? })
}
