//! Families of refresh tokens: repeatable responses, and keys of consumed tokens that were removed.

use model::entities::AccessToken;
use model::{Attribute, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use crate::cell::Cell;
use crate::sql::values;
use crate::{Read, StoreError, Tx};

pub(crate) const ANSWERS: &str = "grantor_refresh_answers";
const USED: &str = "grantor_used_refresh_tokens";
const GRANTS: &str = "Sec_Access_Tokens";

impl Read<'_> {
    /// Finds the sealed response to a refresh token.
    pub fn find_refresh_answer(&self, token: Uuid) -> Result<Option<String>, StoreError> {
        let mut statement = Query::select();
        statement.column("sealed").from(ANSWERS).and_where(Expr::col("access_token_id").eq(token));
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map(Cell::text).transpose()?)
    }

    /// Lists a grant and its direct children, each with whether it was seen: a use or the revocation of it was recorded.
    pub fn list_seen(&self, parent: Uuid) -> Result<Vec<(Uuid, bool)>, StoreError> {
        let columns =
            [Attribute::ID_COLUMN, AccessToken::LastUsedTimestamp.0, AccessToken::RevokedTimestamp.0];
        let read = |row: Vec<Cell>| {
            let mut cells = row.into_iter();
            let id = cells.next().unwrap_or(Cell::Null).uuid()?;
            Ok((id, cells.any(|cell| !matches!(cell, Cell::Null))))
        };
        let mut found = Vec::new();
        for column in [Attribute::ID_COLUMN, AccessToken::Parent.0] {
            let mut statement = Query::select();
            statement.columns(columns).from(GRANTS).and_where(Expr::col(column).eq(parent));
            found.extend(self.query(&statement)?);
        }
        found.into_iter().map(read).collect()
    }

    /// Finds the family of a consumed and removed refresh token by the token's key.
    pub fn find_used_refresh_token(&self, key: &str) -> Result<Option<Uuid>, StoreError> {
        let mut statement = Query::select();
        statement.column("family_id").from(USED).and_where(Expr::col("key_hash").eq(key));
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map(Cell::uuid).transpose()?)
    }
}

impl Tx<'_> {
    /// Stores the response to a refresh token until `expires_at`. The count of repeats is kept.
    pub fn keep_refresh_answer(
        &mut self,
        token: Uuid,
        sealed: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(ANSWERS).columns(["access_token_id", "sealed", "expires_at"]);
        values(&mut statement, [token.into(), sealed.into(), expires_at.micros().into()])?;
        let replace =
            OnConflict::column("access_token_id").update_columns(["sealed", "expires_at"]).to_owned();
        statement.on_conflict(replace);
        self.execute(&statement).map(|_| ())
    }

    /// Counts one repeat of a response that has not expired and was repeated less than `most` times.
    /// Returns the new count. If called concurrently, at most `most` calls succeed.
    pub fn repeat_refresh_answer(
        &mut self,
        token: Uuid,
        now: Timestamp,
        most: i64,
    ) -> Result<Option<i64>, StoreError> {
        let mut statement = Query::update();
        statement
            .table(ANSWERS)
            .value("repeats", Expr::col("repeats").add(1_i64))
            .and_where(Expr::col("access_token_id").eq(token))
            .and_where(Expr::col("expires_at").gt(now.micros()))
            .and_where(Expr::col("repeats").lt(most))
            .returning_col("repeats");
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map(Cell::int).transpose()?)
    }

    /// Removes the response to a refresh token, because it has arrived.
    pub fn remove_refresh_answer(&mut self, token: Uuid) -> Result<(), StoreError> {
        let mut statement = Query::delete();
        statement.from_table(ANSWERS).and_where(Expr::col("access_token_id").eq(token));
        self.execute(&statement).map(|_| ())
    }

    /// Stores the keys of consumed refresh tokens whose rows are removed, so that their reuse is detected.
    /// They are removed with the root grant of their family.
    pub(crate) fn keep_used_refresh_tokens(&mut self, used: &[(String, Uuid)]) -> Result<(), StoreError> {
        if used.is_empty() {
            return Ok(());
        }
        let mut statement = Query::insert();
        statement.into_table(USED).columns(["key_hash", "family_id"]);
        for (key, family) in used {
            values(&mut statement, [key.as_str().into(), Expr::val(*family)])?;
        }
        statement.on_conflict(OnConflict::column("key_hash").do_nothing().to_owned());
        self.execute(&statement).map(|_| ())
    }
}
