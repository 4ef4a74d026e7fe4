use model::{Attribute, Column, DataType, Field, Record, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Query, UpdateStatement};

use crate::cell::bound;
use crate::{StoreError, Tx};

/// A conditional change of one row: a compare-and-set. Of several that meet on the same row, one wins.
///
/// Every change counts the row's version up and notes its time, unless it changes nothing that anybody could
/// see ([`Change::invisible`]). It can alter who is let in, so the row counts as touched unless the change says
/// that it does not matter ([`Change::unnoticed`]).
pub struct Change {
    table: &'static str,
    id: Uuid,
    statement: UpdateStatement,
    noticed: bool,
}

impl Change {
    /// Of the row of `R` with this identifier.
    pub fn of<R: Record>(id: Uuid, now: Timestamp) -> Self {
        let mut change = Self { noticed: true, ..Self::invisible::<R>(id) };
        change.statement.value(Attribute::VERSION_COLUMN, Expr::col(Attribute::VERSION_COLUMN).add(1_i64));
        change.statement.value(Attribute::UPDATED_COLUMN, now.micros());
        change
    }

    /// Of the row of `R` with this identifier, in nothing that anybody could see: how a value is encrypted.
    pub fn invisible<R: Record>(id: Uuid) -> Self {
        let table = R::entity().table;
        let mut statement = Query::update();
        statement.table(table).and_where(Expr::col(Attribute::ID_COLUMN).eq(id));
        Self { table, id, statement, noticed: false }
    }

    /// Sets a column.
    #[must_use]
    pub fn set<T: Field>(mut self, column: Column, value: &T) -> Self {
        self.statement.value(column.0, bound(&value.to_value(), T::TYPE));
        self
    }

    /// Counts a column up.
    #[must_use]
    pub fn increment(mut self, column: Column) -> Self {
        self.statement.value(column.0, Expr::col(column.0).add(1_i64));
        self
    }

    /// Only where a column has no value.
    #[must_use]
    pub fn if_null(mut self, column: Column) -> Self {
        self.statement.and_where(Expr::col(column.0).is_null());
        self
    }

    /// Only where a column has a value.
    #[must_use]
    pub fn if_set(mut self, column: Column) -> Self {
        self.statement.and_where(Expr::col(column.0).is_not_null());
        self
    }

    /// Only where a column has this value; where this is none, only where it has none.
    #[must_use]
    pub fn if_equal<T: Field>(mut self, column: Column, value: &T) -> Self {
        let value = value.to_value();
        if value.is_null() {
            return self.if_null(column);
        }
        self.statement.and_where(Expr::col(column.0).eq(bound(&value, T::TYPE)));
        self
    }

    /// Only where a time lies after another, or is not limited.
    #[must_use]
    pub fn if_after(mut self, column: Column, time: Timestamp) -> Self {
        let after = Expr::col(column.0).gt(bound(&time.to_value(), DataType::DateTime));
        self.statement.and_where(after.or(Expr::col(column.0).is_null()));
        self
    }

    /// The change has no influence on who is let in.
    #[must_use]
    pub fn unnoticed(mut self) -> Self {
        self.noticed = false;
        self
    }
}

impl Tx<'_> {
    /// Carries out a change. Gives whether the row was there and met the conditions.
    pub fn change(&mut self, change: Change) -> Result<bool, StoreError> {
        let Change { table, id, statement, noticed } = change;
        let changed = self.execute(&statement)? == 1;
        if changed && noticed {
            self.touch(table, id);
        }
        Ok(changed)
    }
}
