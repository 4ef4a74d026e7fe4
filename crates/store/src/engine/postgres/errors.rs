//! Errors of the driver as errors of the store.

use tokio_postgres::error::SqlState;

use crate::StoreError;

pub(super) fn open_error(error: impl std::fmt::Display) -> StoreError {
    StoreError::Open(error.to_string())
}

/// Returns the error with its causes; the outermost message alone is not informative.
pub(super) fn reason(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Returns whether the server was temporarily unable to run the statement: connections (08), resources
/// (53), timeouts (57014, 55P03, 25P03), shutdown (57P), and a server that became read-only (25006).
fn is_passing(code: &SqlState) -> bool {
    let passing = ["55P03", "25P03"].contains(&code.code());
    passing || is_of_server(code) || ["53", "57"].iter().any(|class| code.code().starts_with(class))
}

/// Returns whether the error affects all connections to the server: it went away (08, 57P), or became
/// read-only (25006), as after a failover.
pub(super) fn is_of_server(code: &SqlState) -> bool {
    *code == SqlState::READ_ONLY_SQL_TRANSACTION
        || ["08", "57P"].iter().any(|class| code.code().starts_with(class))
}

pub(super) fn engine_error(error: &tokio_postgres::Error) -> StoreError {
    match error.code() {
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => StoreError::Duplicate,
        Some(code)
            if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED =>
        {
            StoreError::Conflict
        }
        Some(code) if is_passing(code) => StoreError::Unavailable(reason(error)),
        Some(_) => StoreError::Engine(reason(error)),
        None => StoreError::Unavailable(reason(error)),
    }
}
