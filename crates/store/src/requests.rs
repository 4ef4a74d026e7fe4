//! Pushed authorization requests.

use model::Timestamp;
use sea_query::{Expr, ExprTrait, Query};

use crate::cell::Cell;
use crate::sql::values;
use crate::{Read, StoreError, Tx};

pub(crate) const PUSHED: &str = "grantor_pushed_requests";

/// A pushed authorization request (RFC 9126).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedRequest {
    /// Hash of the secret in its `request_uri`.
    pub secret_hash: String,
    /// Client that pushed it.
    pub client_id: String,
    /// Sealed parameters.
    pub sealed: String,
    /// Expiry.
    pub expires_at: Timestamp,
}

impl Read<'_> {
    /// Finds a pushed request, unless it has expired.
    pub fn find_pushed_request(
        &self,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<PushedRequest>, StoreError> {
        let mut statement = Query::select();
        statement.columns(["client_id", "sealed", "expires_at"]).from(PUSHED);
        statement.and_where(Expr::col("secret_hash").eq(hash));
        statement.and_where(Expr::col("expires_at").gt(now.micros()));
        let Some(row) = self.query(&statement)?.into_iter().next() else { return Ok(None) };
        let mut cells = row.into_iter();
        let mut next = || cells.next().unwrap_or(Cell::Null);
        Ok(Some(PushedRequest {
            secret_hash: hash.to_owned(),
            client_id: next().text()?,
            sealed: next().text()?,
            expires_at: next().time()?,
        }))
    }
}

impl Tx<'_> {
    /// Inserts a pushed request.
    pub fn insert_pushed_request(&mut self, request: &PushedRequest) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(PUSHED).columns(["secret_hash", "client_id", "sealed", "expires_at"]);
        let texts = [&request.secret_hash, &request.client_id, &request.sealed];
        let row = texts.map(|text| Expr::from(text.as_str()));
        values(&mut statement, row.into_iter().chain([request.expires_at.micros().into()]))?;
        self.execute(&statement).map(|_| ())
    }

    /// Consumes a pushed request. Returns whether it existed. If called concurrently, exactly one call
    /// returns true.
    pub fn remove_pushed_request(&mut self, hash: &str) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement.from_table(PUSHED).and_where(Expr::col("secret_hash").eq(hash));
        Ok(self.execute(&statement)? == 1)
    }
}
