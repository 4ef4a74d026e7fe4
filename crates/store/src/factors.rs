//! Second factors and passkeys: authenticator apps, recovery codes, passkeys.

use model::{Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::cell::Cell;
use crate::sql::values;
use crate::{Read, StoreError, Tx};

/// The shared secret of a user's authenticator app (RFC 6238).
#[derive(Clone, PartialEq, Eq)]
pub struct TotpRow {
    /// User.
    pub user_id: Uuid,
    /// Sealed secret.
    pub sealed: String,
    /// Time step of the last accepted code.
    pub last_step: i64,
    /// When the app was confirmed by a first code. Codes are accepted since then.
    pub confirmed_at: Option<Timestamp>,
}

/// A passkey (Web Authentication Level 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Identifier.
    pub id: Uuid,
    /// User.
    pub user_id: Uuid,
    /// Credential ID that the authenticator assigned, in base64url.
    pub credential_id: String,
    /// Public key as a COSE key, in base64url.
    pub public_key: String,
    /// Signature counter; 0 if the authenticator does not count.
    pub sign_count: i64,
    /// Name that the user gave it.
    pub name: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// The authentication factors of a user in addition to a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// Whether the user has an authenticator app.
    pub totp: bool,
    /// Number of passkeys.
    pub passkeys: i64,
    /// Number of unused recovery codes.
    pub recovery_codes: i64,
}

impl Factors {
    /// Returns whether the user has a second factor. Recovery codes only replace one.
    ///
    /// ```
    /// use store::Factors;
    ///
    /// assert!(Factors { passkeys: 1, ..Factors::default() }.any());
    /// assert!(!Factors { recovery_codes: 8, ..Factors::default() }.any());
    /// ```
    pub const fn any(&self) -> bool {
        self.totp || self.passkeys > 0
    }
}

const TOTP: &str = "grantor_totp";
const CODES: &str = "grantor_recovery_codes";
const PASSKEYS: &str = "grantor_passkeys";

const TOTP_COLUMNS: [&str; 4] = ["user_id", "sealed", "last_step", "confirmed_at"];
const PASSKEY_COLUMNS: [&str; 8] =
    ["id", "user_id", "credential_id", "public_key", "sign_count", "name", "created_at", "last_used_at"];

impl Read<'_> {
    /// Returns the factors of a user.
    pub fn factors_of(&self, user: Uuid) -> Result<Factors, StoreError> {
        let totp = self.find_totp(user)?.is_some_and(|totp| totp.confirmed_at.is_some());
        let passkeys = self.count_of(PASSKEYS, user)?;
        Ok(Factors { totp, passkeys, recovery_codes: self.count_of(CODES, user)? })
    }

    fn count_of(&self, table: &'static str, user: Uuid) -> Result<i64, StoreError> {
        let mut statement = Query::select();
        statement.expr(Expr::col("user_id").count()).from(table).and_where(Expr::col("user_id").eq(user));
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map_or(Ok(0), Cell::int)?)
    }

    /// Finds the secret of a user's authenticator app, confirmed or not.
    pub fn find_totp(&self, user: Uuid) -> Result<Option<TotpRow>, StoreError> {
        let mut statement = Query::select();
        statement.columns(TOTP_COLUMNS).from(TOTP).and_where(Expr::col("user_id").eq(user));
        self.query(&statement)?.into_iter().next().map(totp).transpose()
    }

    /// Lists the passkeys of a user, oldest first.
    pub fn list_passkeys(&self, user: Uuid) -> Result<Vec<PasskeyRow>, StoreError> {
        let mut statement = Query::select();
        statement.columns(PASSKEY_COLUMNS).from(PASSKEYS).and_where(Expr::col("user_id").eq(user));
        statement.order_by("created_at", Order::Asc).order_by("id", Order::Asc);
        self.query(&statement)?.into_iter().map(passkey).collect()
    }

    /// Finds a passkey by its credential ID.
    pub fn find_passkey(&self, credential_id: &str) -> Result<Option<PasskeyRow>, StoreError> {
        let mut statement = Query::select();
        statement.columns(PASSKEY_COLUMNS).from(PASSKEYS);
        statement.and_where(Expr::col("credential_id").eq(credential_id));
        self.query(&statement)?.into_iter().next().map(passkey).transpose()
    }
}

impl Tx<'_> {
    /// Stores a new secret for an authenticator app and replaces an unconfirmed one.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the user has a confirmed one.
    pub fn begin_totp(&mut self, user: Uuid, sealed: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut former = Query::delete();
        former.from_table(TOTP).and_where(Expr::col("user_id").eq(user));
        former.and_where(Expr::col("confirmed_at").is_null());
        self.execute(&former)?;
        let mut statement = Query::insert();
        statement.into_table(TOTP).columns(["user_id", "sealed", "last_step", "created_at"]);
        values(&mut statement, [user.into(), sealed.into(), 0_i64.into(), now.micros().into()])?;
        self.execute(&statement).map(|_| ())
    }

    /// Confirms a secret with the code of a time step. Returns whether it was the pending one.
    pub fn confirm_totp(
        &mut self,
        user: Uuid,
        sealed: &str,
        step: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement.table(TOTP).value("confirmed_at", now.micros()).value("last_step", step);
        statement.and_where(Expr::col("user_id").eq(user)).and_where(Expr::col("sealed").eq(sealed));
        statement.and_where(Expr::col("confirmed_at").is_null());
        Ok(self.execute(&statement)? == 1)
    }

    /// Consumes the code of a time step and all earlier ones. Returns whether it was unused. If called
    /// concurrently, exactly one call returns true.
    pub fn consume_totp_step(&mut self, user: Uuid, step: i64) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement.table(TOTP).value("last_step", step).and_where(Expr::col("user_id").eq(user));
        statement.and_where(Expr::col("last_step").lt(step));
        statement.and_where(Expr::col("confirmed_at").is_not_null());
        Ok(self.execute(&statement)? == 1)
    }

    /// Removes a user's authenticator app.
    pub fn remove_totp(&mut self, user: Uuid) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement.from_table(TOTP).and_where(Expr::col("user_id").eq(user));
        Ok(self.execute(&statement)? == 1)
    }

    /// Replaces the recovery codes of a user.
    pub fn replace_recovery_codes(&mut self, user: Uuid, hashes: &[String]) -> Result<(), StoreError> {
        let mut former = Query::delete();
        former.from_table(CODES).and_where(Expr::col("user_id").eq(user));
        self.execute(&former)?;
        for hash in hashes {
            let mut statement = Query::insert();
            statement.into_table(CODES).columns(["user_id", "code_hash"]);
            values(&mut statement, [user.into(), hash.as_str().into()])?;
            self.execute(&statement)?;
        }
        Ok(())
    }

    /// Consumes a recovery code. Returns whether it was unused. If called concurrently, exactly one call
    /// returns true.
    pub fn consume_recovery_code(&mut self, user: Uuid, hash: &str) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement.from_table(CODES).and_where(Expr::col("user_id").eq(user));
        statement.and_where(Expr::col("code_hash").eq(hash));
        Ok(self.execute(&statement)? == 1)
    }

    /// Inserts a passkey.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the credential ID exists.
    pub fn insert_passkey(&mut self, passkey: &PasskeyRow) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(PASSKEYS).columns(PASSKEY_COLUMNS);
        let row: [Expr; 8] = [
            passkey.id.into(),
            passkey.user_id.into(),
            passkey.credential_id.as_str().into(),
            passkey.public_key.as_str().into(),
            passkey.sign_count.into(),
            passkey.name.as_str().into(),
            passkey.created_at.micros().into(),
            Expr::val(sea_query::Value::BigInt(passkey.last_used_at.map(Timestamp::micros))),
        ];
        values(&mut statement, row)?;
        self.execute(&statement).map(|_| ())
    }

    /// Records the use of a passkey if its signature counter is still `was`. If called concurrently,
    /// exactly one call with the same counter returns true.
    pub fn note_passkey_use(
        &mut self,
        id: Uuid,
        was: i64,
        count: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement.table(PASSKEYS).value("sign_count", count).value("last_used_at", now.micros());
        statement.and_where(Expr::col("id").eq(id)).and_where(Expr::col("sign_count").eq(was));
        Ok(self.execute(&statement)? == 1)
    }

    /// Removes all passkeys of a user.
    pub fn remove_passkeys(&mut self, user: Uuid) -> Result<u64, StoreError> {
        let mut statement = Query::delete();
        statement.from_table(PASSKEYS).and_where(Expr::col("user_id").eq(user));
        self.execute(&statement)
    }

    /// Removes a passkey of a user.
    pub fn remove_passkey(&mut self, user: Uuid, id: Uuid) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement.from_table(PASSKEYS).and_where(Expr::col("id").eq(id));
        statement.and_where(Expr::col("user_id").eq(user));
        Ok(self.execute(&statement)? == 1)
    }
}

fn totp(row: Vec<Cell>) -> Result<TotpRow, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    Ok(TotpRow {
        user_id: next().uuid()?,
        sealed: next().text()?,
        last_step: next().int()?,
        confirmed_at: optional_time(next())?,
    })
}

fn passkey(row: Vec<Cell>) -> Result<PasskeyRow, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    Ok(PasskeyRow {
        id: next().uuid()?,
        user_id: next().uuid()?,
        credential_id: next().text()?,
        public_key: next().text()?,
        sign_count: next().int()?,
        name: next().text()?,
        created_at: next().time()?,
        last_used_at: optional_time(next())?,
    })
}

fn optional_time(cell: Cell) -> Result<Option<Timestamp>, StoreError> {
    match cell {
        Cell::Null => Ok(None),
        cell => Ok(Some(cell.time()?)),
    }
}
