//! Facts of the registry: named values that exist once.

use sea_query::{Expr, ExprTrait, OnConflict, Query};

use crate::cell::Cell;
use crate::sql::values;
use crate::{Read, StoreError, Tx};

const FACTS: &str = "grantor_facts";

impl Read<'_> {
    /// Finds a fact of the registry.
    pub fn find_fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        let statement =
            Query::select().column("value").from(FACTS).and_where(Expr::col("name").eq(name)).to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map(Cell::text).transpose()?)
    }
}

impl Tx<'_> {
    /// Inserts a fact if it does not exist. Returns whether it was inserted.
    pub fn add_fact(&mut self, name: &str, value: &str) -> Result<bool, StoreError> {
        let mut statement = Query::insert();
        statement.into_table(FACTS).columns(["name", "value"]);
        values(&mut statement, [name.into(), value.into()])?;
        statement.on_conflict(OnConflict::column("name").do_nothing().to_owned());
        Ok(self.execute(&statement)? == 1)
    }

    /// Sets a fact, replacing any previous value.
    pub fn replace_fact(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(FACTS).columns(["name", "value"]);
        values(&mut statement, [name.into(), value.into()])?;
        statement.on_conflict(OnConflict::column("name").update_column("value").to_owned());
        self.execute(&statement).map(|_| ())
    }

    /// Removes a fact if it has this value. Returns whether it was removed. If called concurrently, exactly
    /// one call returns true.
    pub fn remove_fact(&mut self, name: &str, value: &str) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement
            .from_table(FACTS)
            .and_where(Expr::col("name").eq(name))
            .and_where(Expr::col("value").eq(value));
        Ok(self.execute(&statement)? == 1)
    }
}
