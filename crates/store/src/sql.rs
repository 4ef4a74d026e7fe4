use sea_query::{PostgresQueryBuilder, QueryStatementBuilder, SqliteQueryBuilder};

use crate::StoreError;

/// A statement rendered for one engine, with its values.
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) values: Vec<sea_query::Value>,
    /// Whether the text is one of few, so that the engine should keep it prepared.
    pub(crate) prepared: bool,
}

/// The notation of an engine.
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

    /// Renders a statement whose text depends on what somebody asked.
    pub(crate) fn dynamic(self, statement: &impl QueryStatementBuilder) -> Sql {
        let (text, values) = match self {
            Self::Sqlite => statement.build_any(&SqliteQueryBuilder),
            Self::Postgres => statement.build_any(&PostgresQueryBuilder),
        };
        Sql { text, values: values.0, prepared: false }
    }
}

/// Refuses text that only one of the engines could keep.
pub(crate) fn checked(values: &[sea_query::Value]) -> Result<(), StoreError> {
    let has_nul = |value: &sea_query::Value| matches!(value, sea_query::Value::String(Some(text)) if text.contains('\0'));
    if values.iter().any(has_nul) {
        return Err(StoreError::NulCharacter);
    }
    Ok(())
}

/// A value of a kind that this crate never binds.
pub(crate) fn unbindable(value: &sea_query::Value) -> StoreError {
    StoreError::Engine(format!("values such as {value:?} are not bound"))
}
