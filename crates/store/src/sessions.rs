//! Who is signed in to the pages.

use model::entities::User;
use model::{Attribute, Record, Timestamp, Uuid, Value};
use sea_query::{DeleteStatement, Expr, ExprTrait, LockType, Order, Query, SelectStatement};

use crate::cell::{Cell, bound_as_is};
use crate::internal::values;
use crate::{Read, StoreError, Tx};

/// Somebody who is signed in to the pages.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The identifier, which grants carry as their session.
    pub id: Uuid,
    /// The hash of the cookie's secret.
    pub secret_hash: String,
    /// The user.
    pub user_id: Uuid,
    /// The address from which the user signed in.
    pub address: String,
    /// What the browser calls itself.
    pub browser: String,
    /// When the session began.
    pub created_at: Timestamp,
    /// When the user last proved who they are.
    pub authenticated_at: Timestamp,
    /// How they proved it, separated by spaces (RFC 8176).
    pub methods: String,
    /// The provider that vouched for them, by its name; none where they proved it here.
    pub provider: Option<String>,
    /// When the session ends at the latest.
    pub expires_at: Timestamp,
    /// When the session was last used, to the minute.
    pub last_seen_at: Timestamp,
}

const SESSIONS: &str = "grantor_sessions";

const COLUMNS: [&str; 11] = [
    "id",
    "secret_hash",
    "user_id",
    "address",
    "browser",
    "created_at",
    "authenticated_at",
    "methods",
    "provider",
    "expires_at",
    "last_seen_at",
];

/// The sessions that did not end at a moment, and were used after another.
fn going_on(now: Timestamp, seen_after: Timestamp) -> SelectStatement {
    let mut statement = Query::select();
    statement.columns(COLUMNS).from(SESSIONS);
    statement.and_where(Expr::col("expires_at").gt(now.micros()));
    statement.and_where(Expr::col("last_seen_at").gt(seen_after.micros()));
    statement
}

impl Read<'_> {
    /// Finds the session with a secret, unless it ended or was last used before a moment.
    pub fn find_session(
        &self,
        secret_hash: &str,
        now: Timestamp,
        seen_after: Timestamp,
    ) -> Result<Option<SessionRow>, StoreError> {
        let mut statement = going_on(now, seen_after);
        statement.and_where(Expr::col("secret_hash").eq(secret_hash));
        self.query(&statement)?.into_iter().next().map(session).transpose()
    }

    /// Lists the sessions of a user, the one used last first.
    pub fn list_sessions(
        &self,
        user: Uuid,
        now: Timestamp,
        seen_after: Timestamp,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let mut statement = going_on(now, seen_after);
        statement.and_where(Expr::col("user_id").eq(user));
        statement.order_by("last_seen_at", Order::Desc).order_by("id", Order::Desc);
        self.query(&statement)?.into_iter().map(session).collect()
    }

    /// Lists disabled users who have sessions.
    pub fn list_disabled_with_sessions(&self, limit: u64) -> Result<Vec<Uuid>, StoreError> {
        let users = User::entity().table;
        let mut statement = Query::select();
        statement
            .distinct()
            .column((SESSIONS, "user_id"))
            .from(SESSIONS)
            .inner_join(users, Expr::col((SESSIONS, "user_id")).equals((users, Attribute::ID_COLUMN)))
            .and_where(Expr::col((users, User::Active.0)).eq(bound_as_is(&Value::Bool(false))))
            .limit(limit);
        let cells = self.query(&statement)?.into_iter().flatten();
        cells.map(|cell| Ok(cell.uuid()?)).collect()
    }

    /// How the engine would end the sessions whose time is over, line by line, for tests that hold it against the indexes.
    #[doc(hidden)]
    pub fn explain_expired_sessions(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let rows = self.explained(&removal(Expr::col("id").in_subquery(expired(now, 100))))?;
        rows.into_iter().map(|row| Ok(row.into_iter().next_back().unwrap_or(Cell::Null).text()?)).collect()
    }
}

impl Tx<'_> {
    /// Adds a session.
    pub fn insert_session(&mut self, session: &SessionRow) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(SESSIONS).columns(COLUMNS);
        let row: [Expr; 11] = [
            session.id.into(),
            session.secret_hash.as_str().into(),
            session.user_id.into(),
            session.address.as_str().into(),
            session.browser.as_str().into(),
            session.created_at.micros().into(),
            session.authenticated_at.micros().into(),
            session.methods.as_str().into(),
            Expr::val(session.provider.as_deref()),
            session.expires_at.micros().into(),
            session.last_seen_at.micros().into(),
        ];
        values(&mut statement, row)?;
        self.execute(&statement).map(|_| ())
    }

    /// Renews a session after its user proved once more who they are: it goes on under a new secret.
    pub fn renew_session(&mut self, session: &SessionRow) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement
            .table(SESSIONS)
            .value("secret_hash", session.secret_hash.as_str())
            .value("address", session.address.as_str())
            .value("browser", session.browser.as_str())
            .value("authenticated_at", session.authenticated_at.micros())
            .value("methods", session.methods.as_str())
            .value("provider", Expr::val(session.provider.as_deref()))
            .value("expires_at", session.expires_at.micros())
            .value("last_seen_at", session.last_seen_at.micros())
            .and_where(Expr::col("id").eq(session.id));
        Ok(self.execute(&statement)? == 1)
    }

    /// Notes that sessions were used; what is noted already later stays.
    pub fn note_sessions_seen(&mut self, seen: &[(Uuid, Timestamp)]) -> Result<(), StoreError> {
        for (id, at) in seen {
            let mut statement = Query::update();
            statement.table(SESSIONS).value("last_seen_at", at.micros()).and_where(Expr::col("id").eq(*id));
            statement.and_where(Expr::col("last_seen_at").lt(at.micros()));
            self.execute(&statement)?;
        }
        Ok(())
    }

    /// Keeps a session from being ended until this transaction ends. Gives whether it is there.
    pub fn hold_session(&mut self, id: Uuid) -> Result<bool, StoreError> {
        let mut statement = Query::select();
        statement.column("id").from(SESSIONS).and_where(Expr::col("id").eq(id)).lock(LockType::Share);
        Ok(!self.query(&statement)?.is_empty())
    }

    /// Ends a session; gives it where it was there. Of several who try, one is given it.
    pub fn take_session(&mut self, id: Uuid) -> Result<Option<SessionRow>, StoreError> {
        Ok(self.take_sessions(Expr::col("id").eq(id))?.pop())
    }

    /// Ends all sessions of a user, but for one where one is named; gives them.
    pub fn take_sessions_of(&mut self, user: Uuid, but: Option<Uuid>) -> Result<Vec<SessionRow>, StoreError> {
        let own = Expr::col("user_id").eq(user);
        self.take_sessions(match but {
            Some(id) => own.and(Expr::col("id").ne(id)),
            None => own,
        })
    }

    /// Ends sessions whose time was over at a moment, `limit` at the most; gives them.
    pub fn take_expired_sessions(
        &mut self,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<SessionRow>, StoreError> {
        self.take_sessions(Expr::col("id").in_subquery(expired(now, limit)))
    }

    fn take_sessions(&mut self, which: Expr) -> Result<Vec<SessionRow>, StoreError> {
        self.query(&removal(which))?.into_iter().map(session).collect()
    }
}

/// Sessions whose time was over at a moment.
fn expired(now: Timestamp, limit: u64) -> SelectStatement {
    let mut some = Query::select();
    some.column("id").from(SESSIONS).and_where(Expr::col("expires_at").lte(now.micros()));
    some.order_by("expires_at", Order::Asc).limit(limit).to_owned()
}

fn removal(which: Expr) -> DeleteStatement {
    let columns = Query::returning().columns(COLUMNS);
    Query::delete().from_table(SESSIONS).and_where(which).returning(columns).to_owned()
}

fn session(row: Vec<Cell>) -> Result<SessionRow, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    Ok(SessionRow {
        id: next().uuid()?,
        secret_hash: next().text()?,
        user_id: next().uuid()?,
        address: next().text()?,
        browser: next().text()?,
        created_at: next().time()?,
        authenticated_at: next().time()?,
        methods: next().text()?,
        provider: match next() {
            Cell::Null => None,
            cell => Some(cell.text()?),
        },
        expires_at: next().time()?,
        last_seen_at: next().time()?,
    })
}
