//! The tables that only the program needs: facts, signing keys, short codes.

use model::{Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use crate::attempts::ATTEMPTS;
use crate::cell::Cell;
use crate::families::ANSWERS;
use crate::requests::PUSHED;
use crate::{Outbox, Read, StoreError, Tx};

/// A key that signs tokens, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKeyRow {
    /// The key's identifier in tokens (`kid`).
    pub id: String,
    /// The algorithm, such as `ES256`.
    pub algorithm: String,
    /// The private key, sealed.
    pub sealed: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stopped signing; it is published for a while after.
    pub retired_at: Option<Timestamp>,
}

const FACTS: &str = "grantor_facts";
const KEYS: &str = "grantor_signing_keys";
const CODES: &str = "grantor_user_codes";
const USED_IDS: &str = "grantor_used_ids";

/// What is kept until it expires, and by what its rows are told apart.
const TRANSIENT: [(&str, &str); 6] = [
    (CODES, "code_hash"),
    (PUSHED, "secret_hash"),
    (ANSWERS, "access_token_id"),
    (USED_IDS, "key_hash"),
    (ATTEMPTS, "counter"),
    (Outbox::Logouts.table(), "id"),
];

/// Removes some of what expired before a time.
fn ended(
    table: &'static str,
    key: &'static str,
    before: Timestamp,
    limit: u64,
) -> sea_query::DeleteStatement {
    let mut some = Query::select();
    some.column(key).from(table).and_where(Expr::col("expires_at").lt(before.micros()));
    some.order_by("expires_at", sea_query::Order::Asc).limit(limit);
    Query::delete().from_table(table).and_where(Expr::col(key).in_subquery(some)).to_owned()
}

const KEY_COLUMNS: [&str; 5] = ["id", "algorithm", "sealed", "created_at", "retired_at"];
impl Read<'_> {
    /// Finds a fact about the registry.
    pub fn find_fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        let statement =
            Query::select().column("value").from(FACTS).and_where(Expr::col("name").eq(name)).to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map(Cell::text).transpose()?)
    }

    /// Lists the keys that sign tokens, the newest first.
    pub fn list_signing_keys(&self) -> Result<Vec<SigningKeyRow>, StoreError> {
        let mut statement = Query::select();
        statement.columns(KEY_COLUMNS).from(KEYS);
        statement.order_by("created_at", sea_query::Order::Desc).order_by("id", sea_query::Order::Asc);
        self.query(&statement)?.into_iter().map(signing_key).collect()
    }

    /// How the engine would remove what expired, line by line, for tests that hold it against the indexes.
    #[doc(hidden)]
    pub fn explain_removal(&self, before: Timestamp) -> Result<Vec<String>, StoreError> {
        let mut lines = Vec::new();
        for (table, key) in TRANSIENT {
            for row in self.explained(&ended(table, key, before, 100))? {
                lines.push(row.into_iter().next_back().unwrap_or(Cell::Null).text()?);
            }
        }
        Ok(lines)
    }

    /// Finds the grant that a short code stands for, unless the code expired.
    pub fn find_user_code(&self, code_hash: &str, now: Timestamp) -> Result<Option<Uuid>, StoreError> {
        let mut statement = Query::select();
        statement.column("access_token_id").from(CODES).and_where(Expr::col("code_hash").eq(code_hash));
        statement.and_where(Expr::col("expires_at").gt(now.micros()));
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map(Cell::uuid).transpose()?)
    }
}

impl Tx<'_> {
    /// States a fact, unless it is stated already. Gives whether this call stated it.
    pub fn add_fact(&mut self, name: &str, value: &str) -> Result<bool, StoreError> {
        let mut statement = Query::insert();
        statement.into_table(FACTS).columns(["name", "value"]);
        values(&mut statement, [name.into(), value.into()])?;
        statement.on_conflict(OnConflict::column("name").do_nothing().to_owned());
        Ok(self.execute(&statement)? == 1)
    }

    /// States a fact, in place of its former value.
    pub fn replace_fact(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(FACTS).columns(["name", "value"]);
        values(&mut statement, [name.into(), value.into()])?;
        statement.on_conflict(OnConflict::column("name").update_column("value").to_owned());
        self.execute(&statement).map(|_| ())
    }

    /// Takes a fact back, if it has this value. Gives whether it had; of several calls one is told so.
    pub fn remove_fact(&mut self, name: &str, value: &str) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement
            .from_table(FACTS)
            .and_where(Expr::col("name").eq(name))
            .and_where(Expr::col("value").eq(value));
        Ok(self.execute(&statement)? == 1)
    }

    /// Adds a key that signs tokens.
    pub fn insert_signing_key(&mut self, key: &SigningKeyRow) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(KEYS).columns(KEY_COLUMNS);
        let retired = sea_query::Value::BigInt(key.retired_at.map(Timestamp::micros));
        let texts = [&key.id, &key.algorithm, &key.sealed].map(|text| Expr::from(text.as_str()));
        let row = texts.into_iter().chain([key.created_at.micros().into(), Expr::val(retired)]);
        values(&mut statement, row)?;
        self.execute(&statement).map(|_| ())
    }

    /// Ends the signing of every key of an algorithm but one.
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

    /// Removes what the program alone needs and what ended before a time: short codes, pushed requests,
    /// answers to refreshes, used identifiers, counters of attempts, sign-outs that no application answered; of each `limit` at the most. Gives how many of the most.
    pub fn remove_ended(&mut self, before: Timestamp, limit: u64) -> Result<u64, StoreError> {
        let mut most = 0;
        for (table, key) in TRANSIENT {
            most = Ord::max(most, self.execute(&ended(table, key, before, limit))?);
        }
        Ok(most)
    }

    /// Notes that something was used that may be used once. Gives whether it was not before; of several calls, one is
    /// told so.
    pub fn use_id(&mut self, key_hash: &str, expires_at: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::insert();
        statement.into_table(USED_IDS).columns(["key_hash", "expires_at"]);
        values(&mut statement, [key_hash.into(), expires_at.micros().into()])?;
        statement.on_conflict(OnConflict::column("key_hash").do_nothing().to_owned());
        Ok(self.execute(&statement)? == 1)
    }

    /// Adds a short code for a grant.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] where the same code is in use.
    pub fn insert_user_code(
        &mut self,
        code_hash: &str,
        grant: Uuid,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(CODES).columns(["code_hash", "access_token_id", "expires_at"]);
        let row: [Expr; 3] = [code_hash.into(), grant.into(), expires_at.micros().into()];
        values(&mut statement, row)?;
        self.execute(&statement).map(|_| ())
    }

    /// Removes the short code of a grant, so that it cannot be typed again.
    pub fn remove_user_code(&mut self, grant: Uuid) -> Result<(), StoreError> {
        let mut statement = Query::delete();
        statement.from_table(CODES).and_where(Expr::col("access_token_id").eq(grant));
        self.execute(&statement).map(|_| ())
    }
}

pub(crate) fn values(
    statement: &mut sea_query::InsertStatement,
    row: impl IntoIterator<Item = Expr>,
) -> Result<(), StoreError> {
    statement.values(row).map(|_| ()).map_err(|error| StoreError::Engine(error.to_string()))
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
