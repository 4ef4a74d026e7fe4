//! Connections to a SQLite file: opening, statements and conversion of values.

use std::path::Path;

use model::Timestamp;
use model::query::{Period, TextCase, TimePart};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use crate::StoreError;
use crate::cell::Cell;
use crate::engine::Row;
use crate::expr::part_function;
use crate::groups::{function, period_of};
use crate::sql::{Sql, checked, unbindable};

/// Opens a connection. The first one creates the file.
pub(super) fn connect(path: &Path, read_only: bool) -> Result<Connection, StoreError> {
    let access = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let opened = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let prepared = opened.and_then(|connection| {
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        if !read_only {
            connection.pragma_update(None, "journal_mode", "WAL")?;
            // Acknowledged means on disk: the log is flushed at every commit.
            connection.pragma_update(None, "synchronous", "FULL")?;
        }
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cache_size", -32_000)?;
        connection.pragma_update(None, "mmap_size", 256 << 20)?;
        connection.set_prepared_statement_cache_capacity(256);
        add_functions(&connection)?;
        Ok(connection)
    });
    prepared.map_err(|error| StoreError::Open(format!("{}: {error}", path.display())))
}

/// Adds the functions that PostgreSQL gets from the migrations, under the same names.
fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    type Test = fn(&str, &str) -> bool;
    const TESTS: [(&str, Test); 3] = [
        ("od_contains", |text, part| text.contains(part)),
        ("od_starts_with", |text, part| text.starts_with(part)),
        ("od_ends_with", |text, part| text.ends_with(part)),
    ];
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for (name, test) in TESTS {
        connection.create_scalar_function(name, 2, flags, move |context| {
            let text = context.get_raw(0).as_str_or_null()?;
            let part = context.get_raw(1).as_str_or_null()?;
            Ok(text.zip(part).map(|(text, part)| test(text, part)))
        })?;
    }
    for period in Period::ALL {
        connection.create_scalar_function(function(period), 1, flags, move |context| {
            let micros: Option<i64> = context.get(0)?;
            Ok(micros.and_then(|micros| period_of(micros, period)))
        })?;
    }
    for part in TimePart::ALL {
        connection.create_scalar_function(part_function(part), 1, flags, move |context| {
            let micros: Option<i64> = context.get(0)?;
            Ok(micros.map(|micros| part.extract(Timestamp::from_micros(micros))))
        })?;
    }
    for (name, case) in [("od_fold", TextCase::Lower), ("od_upper", TextCase::Upper)] {
        connection.create_scalar_function(name, 1, flags, move |context| {
            Ok(context.get_raw(0).as_str_or_null()?.map(|text| case.apply(text)))
        })?;
    }
    Ok(())
}

pub(in crate::engine) fn query(connection: &Connection, sql: &Sql) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(&sql.text).map_err(engine_error)?;
    let width = statement.column_count();
    let values = params(&sql.values)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(engine_error)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(engine_error)? {
        let mut cells = Row::with_capacity(width);
        for index in 0..width {
            cells.push(cell(row.get_ref(index).map_err(engine_error)?)?);
        }
        found.push(cells);
    }
    Ok(found)
}

pub(in crate::engine) fn execute(connection: &Connection, sql: &Sql) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(&sql.text).map_err(engine_error)?;
    let values = params(&sql.values)?;
    statement.execute(params_from_iter(values)).map(|count| count as u64).map_err(engine_error)
}

fn cell(value: ValueRef<'_>) -> Result<Cell, StoreError> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(StoreError::Engine("unsupported column type REAL".to_owned())),
    })
}

fn params(values: &[sea_query::Value]) -> Result<Vec<rusqlite::types::Value>, StoreError> {
    use rusqlite::types::Value;
    checked(values)?;
    let param = |value: &sea_query::Value| {
        Ok(match value {
            sea_query::Value::Bool(value) => value.map_or(Value::Null, |value| Value::Integer(value.into())),
            sea_query::Value::BigInt(value) => value.map_or(Value::Null, Value::Integer),
            sea_query::Value::BigUnsigned(Some(value)) => Value::Integer(
                i64::try_from(*value).map_err(|_| StoreError::Engine("number too large".to_owned()))?,
            ),
            sea_query::Value::String(value) => value.clone().map_or(Value::Null, Value::Text),
            sea_query::Value::Bytes(value) => value.clone().map_or(Value::Null, Value::Blob),
            sea_query::Value::Uuid(value) => {
                value.as_ref().map_or(Value::Null, |id| Value::Blob(id.as_bytes().to_vec()))
            }
            other => return Err(unbindable(other)),
        })
    };
    values.iter().map(param).collect()
}

#[allow(clippy::needless_pass_by_value, reason = "the signature that map_err requires")]
pub(crate) fn engine_error(error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode;
    match error.sqlite_error() {
        Some(inner) if is_duplicate(inner.extended_code) => StoreError::Duplicate,
        Some(inner)
            if matches!(
                inner.code,
                ErrorCode::DiskFull
                    | ErrorCode::CannotOpen
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::OutOfMemory
                    | ErrorCode::OperationInterrupted
            ) =>
        {
            StoreError::Unavailable(error.to_string())
        }
        Some(inner) if matches!(inner.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Damaged(error.to_string())
        }
        _ => StoreError::Engine(error.to_string()),
    }
}

fn is_duplicate(code: std::ffi::c_int) -> bool {
    code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE || code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
}
