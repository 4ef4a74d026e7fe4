//! Conversion of parameters and result columns.

use tokio_postgres::types::{ToSql, Type};

use super::errors::engine_error;
use crate::StoreError;
use crate::cell::Cell;
use crate::engine::Row;
use crate::sql::{checked, unbindable};

pub(super) fn as_param(value: &Param) -> &(dyn ToSql + Sync) {
    value.as_ref()
}

/// A parameter of a statement.
pub(super) type Param = Box<dyn ToSql + Sync + Send>;

/// Converts the values of a statement to parameters with their types.
pub(super) fn params(values: &[sea_query::Value]) -> Result<Vec<(Param, Type)>, StoreError> {
    let param = |value: &sea_query::Value| -> Result<(Param, Type), StoreError> {
        Ok(match value {
            sea_query::Value::Bool(value) => (Box::new(*value), Type::BOOL),
            sea_query::Value::BigInt(value) => (Box::new(*value), Type::INT8),
            sea_query::Value::BigUnsigned(Some(value)) => {
                let number =
                    i64::try_from(*value).map_err(|_| StoreError::Engine("number too large".to_owned()))?;
                (Box::new(number), Type::INT8)
            }
            sea_query::Value::String(value) => (Box::new(value.clone()), Type::TEXT),
            sea_query::Value::Bytes(value) => (Box::new(value.clone()), Type::BYTEA),
            sea_query::Value::Uuid(value) => (Box::new(*value), Type::UUID),
            other => return Err(unbindable(other)),
        })
    };
    checked(values)?;
    values.iter().map(param).collect()
}

/// Converts a row.
pub(super) fn cells(row: &tokio_postgres::Row) -> Result<Row, StoreError> {
    row.columns().iter().enumerate().map(|(index, column)| cell(row, index, column.type_())).collect()
}

fn cell(row: &tokio_postgres::Row, index: usize, ty: &Type) -> Result<Cell, StoreError> {
    let found = match *ty {
        Type::BOOL => row.try_get::<_, Option<bool>>(index).map(|value| value.map(Cell::Bool)),
        Type::INT8 => row.try_get::<_, Option<i64>>(index).map(|value| value.map(Cell::Int)),
        Type::INT4 => {
            row.try_get::<_, Option<i32>>(index).map(|value| value.map(|value| Cell::Int(value.into())))
        }
        Type::TEXT | Type::VARCHAR | Type::NAME => {
            row.try_get::<_, Option<String>>(index).map(|value| value.map(Cell::Text))
        }
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(index).map(|value| value.map(Cell::Bytes)),
        Type::UUID => row.try_get::<_, Option<model::Uuid>>(index).map(|value| value.map(Cell::Uuid)),
        ref other => return Err(StoreError::Engine(format!("unsupported column type {other}"))),
    };
    found.map(|cell| cell.unwrap_or(Cell::Null)).map_err(|error| engine_error(&error))
}
