use sea_query::{Expr, InsertStatement, PostgresQueryBuilder, QueryStatementBuilder, SqliteQueryBuilder};

use crate::StoreError;

/// A statement rendered for one engine, with its parameters.
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) values: Vec<sea_query::Value>,
    /// Whether the engine should keep the statement prepared, because its text is one of few.
    pub(crate) prepared: bool,
}

/// SQL dialect of an engine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Renders a statement whose text is one of few.
    pub(crate) fn fixed(self, statement: &impl QueryStatementBuilder) -> Sql {
        Sql { prepared: true, ..self.dynamic(statement) }
    }

    /// Renders a statement whose text depends on a query.
    pub(crate) fn dynamic(self, statement: &impl QueryStatementBuilder) -> Sql {
        let (text, values) = match self {
            Self::Sqlite => statement.build_any(&SqliteQueryBuilder),
            Self::Postgres => statement.build_any(&PostgresQueryBuilder),
        };
        Sql { text, values: values.0, prepared: false }
    }
}

/// Returns an error for text with U+0000, which only one of the engines can store.
pub(crate) fn checked(values: &[sea_query::Value]) -> Result<(), StoreError> {
    let has_nul = |value: &sea_query::Value| matches!(value, sea_query::Value::String(Some(text)) if text.contains('\0'));
    if values.iter().any(has_nul) {
        return Err(StoreError::NulCharacter);
    }
    Ok(())
}

/// Returns the error for a value of a type that this crate never binds.
pub(crate) fn unbindable(value: &sea_query::Value) -> StoreError {
    StoreError::Engine(format!("unsupported parameter type: {value:?}"))
}

/// Adds a row to an insert statement.
pub(crate) fn values(
    statement: &mut InsertStatement,
    row: impl IntoIterator<Item = Expr>,
) -> Result<(), StoreError> {
    statement.values(row).map(|_| ()).map_err(|error| StoreError::Engine(error.to_string()))
}
