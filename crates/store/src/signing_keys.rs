//! Keys that sign tokens.

use model::Timestamp;
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::cell::Cell;
use crate::sql::values;
use crate::{Read, StoreError, Tx};

/// A stored signing key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKeyRow {
    /// Key identifier (`kid`).
    pub id: String,
    /// Algorithm, such as `ES256`.
    pub algorithm: String,
    /// Sealed private key.
    pub sealed: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it stopped signing; it is published for some time afterwards.
    pub retired_at: Option<Timestamp>,
}

const KEYS: &str = "grantor_signing_keys";
const COLUMNS: [&str; 5] = ["id", "algorithm", "sealed", "created_at", "retired_at"];

impl Read<'_> {
    /// Lists the signing keys, newest first.
    pub fn list_signing_keys(&self) -> Result<Vec<SigningKeyRow>, StoreError> {
        let mut statement = Query::select();
        statement.columns(COLUMNS).from(KEYS);
        statement.order_by("created_at", Order::Desc).order_by("id", Order::Asc);
        self.query(&statement)?.into_iter().map(signing_key).collect()
    }
}

impl Tx<'_> {
    /// Inserts a signing key.
    pub fn insert_signing_key(&mut self, key: &SigningKeyRow) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(KEYS).columns(COLUMNS);
        let retired = sea_query::Value::BigInt(key.retired_at.map(Timestamp::micros));
        let texts = [&key.id, &key.algorithm, &key.sealed].map(|text| Expr::from(text.as_str()));
        let row = texts.into_iter().chain([key.created_at.micros().into(), Expr::val(retired)]);
        values(&mut statement, row)?;
        self.execute(&statement).map(|_| ())
    }

    /// Retires all signing keys of an algorithm except one.
    pub fn retire_signing_keys(
        &mut self,
        algorithm: &str,
        but: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut statement = Query::update();
        statement
            .table(KEYS)
            .value("retired_at", now.micros())
            .and_where(Expr::col("algorithm").eq(algorithm));
        statement.and_where(Expr::col("id").ne(but)).and_where(Expr::col("retired_at").is_null());
        self.execute(&statement)
    }

    /// Removes the keys that stopped signing before a time.
    pub fn remove_signing_keys(&mut self, retired_before: Timestamp) -> Result<u64, StoreError> {
        let mut statement = Query::delete();
        statement.from_table(KEYS).and_where(Expr::col("retired_at").lt(retired_before.micros()));
        self.execute(&statement)
    }
}

fn signing_key(row: Vec<Cell>) -> Result<SigningKeyRow, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    Ok(SigningKeyRow {
        id: next().text()?,
        algorithm: next().text()?,
        sealed: next().text()?,
        created_at: next().time()?,
        retired_at: match next() {
            Cell::Null => None,
            cell => Some(cell.time()?),
        },
    })
}
