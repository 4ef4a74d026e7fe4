//! The requests that applications pushed ahead of an authorization.

use model::Timestamp;
use sea_query::{Expr, ExprTrait, Query};

use crate::cell::Cell;
use crate::internal::values;
use crate::{Read, StoreError, Tx};

pub(crate) const PUSHED: &str = "grantor_pushed_requests";

/// A request that an application pushed ahead (RFC 9126).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedRequest {
    /// The hash of the secret in its `request_uri`.
    pub secret_hash: String,
    /// The application that pushed it.
    pub client_id: String,
    /// Its parameters, sealed.
    pub sealed: String,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

impl Read<'_> {
    /// Finds a pushed request, unless it expired.
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
    /// Keeps a pushed request.
    pub fn insert_pushed_request(&mut self, request: &PushedRequest) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(PUSHED).columns(["secret_hash", "client_id", "sealed", "expires_at"]);
        let texts = [&request.secret_hash, &request.client_id, &request.sealed];
        let row = texts.map(|text| Expr::from(text.as_str()));
        values(&mut statement, row.into_iter().chain([request.expires_at.micros().into()]))?;
        self.execute(&statement).map(|_| ())
    }

    /// Uses a pushed request up. Gives whether it was there: of several who try, one is told so.
    pub fn remove_pushed_request(&mut self, hash: &str) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement.from_table(PUSHED).and_where(Expr::col("secret_hash").eq(hash));
        Ok(self.execute(&statement)? == 1)
    }
}
