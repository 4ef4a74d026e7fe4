//! The one place of the program that reads the clock; from here on, time is an argument.

use std::time::{SystemTime, UNIX_EPOCH};

use model::Timestamp;

/// The present moment.
#[allow(
    clippy::disallowed_methods,
    reason = "the only reader of the clock; all other code has the time as an argument"
)]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
