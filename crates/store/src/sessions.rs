//! Sessions of users on the pages.

use model::entities::User;
use model::{Attribute, Record, Timestamp, Uuid, Value};
use sea_query::{DeleteStatement, Expr, ExprTrait, LockType, Order, Query, SelectStatement};

use crate::cell::{Cell, bound_as_is};
use crate::sql::values;
use crate::{Read, StoreError, Tx};

/// A session of a user.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Identifier, which grants store as their session.
    pub id: Uuid,
    /// Hash of the cookie's secret.
    pub secret_hash: String,
    /// User.
    pub user_id: Uuid,
    /// Address from which the user signed in.
    pub address: String,
    /// User-Agent of the browser.
    pub browser: String,
    /// When the session started.
    pub created_at: Timestamp,
    /// When the user last authenticated.
    pub authenticated_at: Timestamp,
    /// Authentication methods, separated by spaces (RFC 8176).
    pub methods: String,
    /// Name of the provider that authenticated the user; `None` if the user authenticated here.
    pub provider: Option<String>,
    /// Expiry.
    pub expires_at: Timestamp,
    /// When the session was last used, with a precision of one minute.
    pub last_seen_at: Timestamp,
}

pub(crate) const SESSIONS: &str = "grantor_sessions";

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

/// Selects the sessions that have not expired at `now` and were used after `seen_after`.
fn going_on(now: Timestamp, seen_after: Timestamp) -> SelectStatement {
    let mut statement = Query::select();
    statement.columns(COLUMNS).from(SESSIONS);
    statement.and_where(Expr::col("expires_at").gt(now.micros()));
    statement.and_where(Expr::col("last_seen_at").gt(seen_after.micros()));
    statement
}

impl Read<'_> {
    /// Finds a session by its secret, unless it has expired or was last used before `seen_after`.
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

    /// Lists the sessions of a user, most recently used first.
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

    /// Lists disabled users with sessions.
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
}

impl Tx<'_> {
    /// Inserts a session.
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
        self.execute(&statement)?;
        self.note_seen_by_session(session.id, session.last_seen_at)
    }

    /// Renews a session with a new secret after its user authenticated again.
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

    /// Records the last use of sessions. Later recorded uses are kept.
    pub fn note_sessions_seen(&mut self, seen: &[(Uuid, Timestamp)]) -> Result<(), StoreError> {
        for (id, at) in seen {
            let mut statement = Query::update();
            statement.table(SESSIONS).value("last_seen_at", at.micros()).and_where(Expr::col("id").eq(*id));
            statement.and_where(Expr::col("last_seen_at").lt(at.micros()));
            self.execute(&statement)?;
            self.note_seen_by_session(*id, *at)?;
        }
        Ok(())
    }

    /// Locks a session against removal and renewal until this transaction ends. Returns whether it exists under this
    /// secret and has not ended at `now`. The lock is exclusive, because the transaction may renew the session.
    pub fn lock_session(&mut self, id: Uuid, secret_hash: &str, now: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::select();
        statement.column("id").from(SESSIONS).and_where(Expr::col("id").eq(id));
        statement.and_where(Expr::col("secret_hash").eq(secret_hash));
        statement.and_where(Expr::col("expires_at").gt(now.micros()));
        statement.lock(LockType::NoKeyUpdate);
        Ok(!self.query(&statement)?.is_empty())
    }

    /// Removes a session and returns it. If called concurrently, exactly one call returns it.
    pub fn take_session(&mut self, id: Uuid) -> Result<Option<SessionRow>, StoreError> {
        Ok(self.take_sessions(Expr::col("id").eq(id))?.pop())
    }

    /// Removes and returns all sessions of a user, except `but`.
    pub fn take_sessions_of(&mut self, user: Uuid, but: Option<Uuid>) -> Result<Vec<SessionRow>, StoreError> {
        let own = Expr::col("user_id").eq(user);
        self.take_sessions(match but {
            Some(id) => own.and(Expr::col("id").ne(id)),
            None => own,
        })
    }

    /// Removes and returns at most `limit` sessions that have expired at `now`.
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

/// Selects sessions that have expired at `now`.
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
