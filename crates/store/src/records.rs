use model::{Attribute, Column, Record, Uuid, Value};
use sea_query::{Expr, ExprTrait, LockType, Query, SelectStatement};

use crate::cell::{Cell, bound, bound_as_is};
use crate::{Read, StoreError, Tx};

/// Returns the qualified columns of a record's table, in the order of the record's values.
pub(crate) fn columns<R: Record>() -> impl Iterator<Item = (&'static str, &'static str)> {
    let entity = R::entity();
    entity.columns().map(|(column, _)| (entity.table, column))
}

/// Reads a record from the next cells of a row.
pub(crate) fn decode<R: Record>(cells: &mut dyn Iterator<Item = Cell>) -> Result<R, StoreError> {
    let typed =
        R::entity().columns().zip(cells).map(|((_, property), cell)| cell.into_value(property.data_type()));
    let values = typed.collect::<Result<Vec<_>, _>>()?;
    Ok(R::from_values(&mut values.into_iter())?)
}

/// Reads a record from the next cells of a row; `None` if the outer join found none.
pub(crate) fn decode_joined<R: Record>(
    cells: &mut dyn Iterator<Item = Cell>,
) -> Result<Option<R>, StoreError> {
    let width = R::entity().columns().count();
    let own: Vec<Cell> = cells.take(width).collect();
    if matches!(own.first(), Some(Cell::Null) | None) {
        Ok(None)
    } else {
        decode(&mut own.into_iter()).map(Some)
    }
}

pub(crate) fn select<R: Record>() -> SelectStatement {
    Query::select().columns(columns::<R>()).from(R::entity().table).to_owned()
}

impl Read<'_> {
    /// Finds a row by its identifier.
    pub fn find<R: Record>(&self, id: Uuid) -> Result<Option<R>, StoreError> {
        self.find_by(Column(Attribute::ID_COLUMN), &Value::Guid(id))
    }

    /// Finds a row by the value of a unique column.
    pub fn find_by<R: Record>(&self, column: Column, value: &Value) -> Result<Option<R>, StoreError> {
        Ok(self.list_by(column, value, 1)?.pop())
    }

    /// Lists at most `limit` rows by the value of a column, which may be null.
    pub fn list_by<R: Record>(
        &self,
        column: Column,
        value: &Value,
        limit: u64,
    ) -> Result<Vec<R>, StoreError> {
        let column = Expr::col(column.0);
        let same = if value.is_null() { column.is_null() } else { column.eq(bound_as_is(value)) };
        let statement = select::<R>().and_where(same).limit(limit).to_owned();
        self.query(&statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }

    /// Lists at most `limit` rows with identifiers after `after`, in the order of identifiers.
    pub fn list_after<R: Record>(&self, after: Option<Uuid>, limit: u64) -> Result<Vec<R>, StoreError> {
        let behind = after.map(|after| Expr::col(Attribute::ID_COLUMN).gt(after));
        let mut statement = select::<R>();
        statement.and_where_option(behind).order_by(Attribute::ID_COLUMN, sea_query::Order::Asc).limit(limit);
        self.query(&statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }

    /// Counts the rows of a table.
    pub fn count_rows<R: Record>(&self) -> Result<u64, StoreError> {
        let all = sea_query::Func::count(Expr::col(Attribute::ID_COLUMN));
        let statement = Query::select().expr(all).from(R::entity().table).to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(u64::try_from(first.map_or(Ok(0), Cell::int)?).unwrap_or(0))
    }

    /// Returns whether the table has any row.
    pub fn has_any<R: Record>(&self) -> Result<bool, StoreError> {
        let statement =
            Query::select().column(Attribute::ID_COLUMN).from(R::entity().table).limit(1).to_owned();
        Ok(!self.query(&statement)?.is_empty())
    }
}

impl Tx<'_> {
    /// Returns the row with the identifier, and locks it against changes until this transaction ends.
    pub fn find_shared<R: Record>(&mut self, id: Uuid) -> Result<Option<R>, StoreError> {
        self.find_locked(id, LockType::Share)
    }

    /// Returns the row with the identifier, and locks it against changes and shared locks until this transaction ends.
    /// For a transaction that may change the row: two that share a row and then change it deadlock.
    pub fn find_exclusive<R: Record>(&mut self, id: Uuid) -> Result<Option<R>, StoreError> {
        self.find_locked(id, LockType::NoKeyUpdate)
    }

    fn find_locked<R: Record>(&mut self, id: Uuid, lock: LockType) -> Result<Option<R>, StoreError> {
        let same = Expr::col(Attribute::ID_COLUMN).eq(id);
        let statement = select::<R>().and_where(same).lock(lock).to_owned();
        self.query(&statement)?.into_iter().next().map(|row| decode(&mut row.into_iter())).transpose()
    }

    /// Inserts a row and reports it as changed, because its absence may be cached.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if a unique value already exists.
    pub fn insert<R: Record>(&mut self, record: &R) -> Result<(), StoreError> {
        self.insert_untracked(record)?;
        self.mark_changed(R::entity().table, record.id());
        Ok(())
    }

    /// Removes a row with the rows that depend on it, and reports it as changed.
    pub fn remove<R: Record>(&mut self, id: Uuid) -> Result<(), StoreError> {
        let table = R::entity().table;
        let mut statement = Query::delete();
        statement.from_table(table).and_where(Expr::col(Attribute::ID_COLUMN).eq(id));
        self.execute(&statement)?;
        self.mark_changed(table, id);
        Ok(())
    }

    /// Inserts a row whose absence cannot be cached, without reporting it as changed.
    pub(crate) fn insert_untracked<R: Record>(&mut self, record: &R) -> Result<(), StoreError> {
        let entity = R::entity();
        let (columns, types): (Vec<_>, Vec<_>) =
            entity.columns().map(|(column, property)| (column, property.data_type())).unzip();
        let values = record.to_values();
        let values = values.iter().zip(types).map(|(value, data_type)| Expr::val(bound(value, data_type)));
        let mut statement = Query::insert();
        statement.into_table(entity.table).columns(columns);
        statement.values(values).map_err(|error| StoreError::Engine(error.to_string()))?;
        self.execute(&statement).map(|_| ())
    }
}
