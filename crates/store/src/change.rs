use model::{Attribute, Column, DataType, Field, Record, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Query, UpdateStatement};

use crate::cell::bound;
use crate::{StoreError, Tx};

/// A conditional update of one row (compare-and-set). Concurrent changes of the same row are serialized,
/// and at most one of those with the same condition succeeds.
///
/// A change increments the row's version and sets its time of change, unless it is [`Change::silent`]. It
/// may affect the validity of grants, so the row is reported to [`OnCommit`](crate::OnCommit), unless it is
/// changed [`without_invalidation`](Change::without_invalidation).
pub struct Change {
    table: &'static str,
    id: Uuid,
    statement: UpdateStatement,
    is_reported: bool,
}

impl Change {
    /// Starts a change of the row of `R` with this identifier.
    pub fn new<R: Record>(id: Uuid, now: Timestamp) -> Self {
        let mut change = Self { is_reported: true, ..Self::silent::<R>(id) };
        change.statement.value(Attribute::VERSION_COLUMN, Expr::col(Attribute::VERSION_COLUMN).add(1_i64));
        change.statement.value(Attribute::UPDATED_COLUMN, now.micros());
        change
    }

    /// Starts a change without an observable effect, such as encryption under another key. Version and time
    /// of change remain, and the row is not reported as changed.
    pub fn silent<R: Record>(id: Uuid) -> Self {
        let table = R::entity().table;
        let mut statement = Query::update();
        statement.table(table).and_where(Expr::col(Attribute::ID_COLUMN).eq(id));
        Self { table, id, statement, is_reported: false }
    }

    /// Sets a column.
    #[must_use]
    pub fn set<T: Field>(mut self, column: Column, value: &T) -> Self {
        self.statement.value(column.0, bound(&value.to_value(), T::TYPE));
        self
    }

    /// Increments a column.
    #[must_use]
    pub fn increment(mut self, column: Column) -> Self {
        self.statement.value(column.0, Expr::col(column.0).add(1_i64));
        self
    }

    /// Applies the change only if a column is null.
    #[must_use]
    pub fn if_null(mut self, column: Column) -> Self {
        self.statement.and_where(Expr::col(column.0).is_null());
        self
    }

    /// Applies the change only if a column has this value, which may be null.
    #[must_use]
    pub fn if_equal<T: Field>(mut self, column: Column, value: &T) -> Self {
        let value = value.to_value();
        if value.is_null() {
            return self.if_null(column);
        }
        self.statement.and_where(Expr::col(column.0).eq(bound(&value, T::TYPE)));
        self
    }

    /// Applies the change only if a column is later than `time`, or null.
    #[must_use]
    pub fn if_after(mut self, column: Column, time: Timestamp) -> Self {
        let after = Expr::col(column.0).gt(bound(&time.to_value(), DataType::DateTime));
        self.statement.and_where(after.or(Expr::col(column.0).is_null()));
        self
    }

    /// Applies the change only if a condition holds.
    #[must_use]
    pub(crate) fn only_if(mut self, condition: Expr) -> Self {
        self.statement.and_where(condition);
        self
    }

    /// Does not report the row as changed, because the change does not affect the validity of grants.
    #[must_use]
    pub fn without_invalidation(mut self) -> Self {
        self.is_reported = false;
        self
    }
}

impl Tx<'_> {
    /// Applies a change. Returns whether the row existed and met the conditions.
    pub fn change(&mut self, change: Change) -> Result<bool, StoreError> {
        let Change { table, id, statement, is_reported } = change;
        let changed = self.execute(&statement)? == 1;
        if changed && is_reported {
            self.mark_changed(table, id);
        }
        Ok(changed)
    }
}
