//! The audit event of an import. Each row that it writes has an event of its own.

use super::audit::Event;
use crate::{Caller, Ctx, Fault};

/// Maximum number of rows that the event names.
pub const MAX_NAMED_ROWS: usize = 1000;

/// An import that has ended.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The number of objects that were received.
    pub objects: u64,
    /// The number of objects that failed.
    pub failed: u64,
    /// The rows to name, as `Set(<guid>)`.
    pub rows: Vec<String>,
}

/// Records the end of an import.
///
/// # Errors
/// If the registry cannot be written.
pub async fn note(ctx: &Ctx, caller: &Caller, imported: Imported) -> Result<(), Fault> {
    let by = caller.clone();
    caller
        .transaction(ctx, move |ctx, tx| {
            let event = Event::for_import(&by).by(&by);
            let event = event.with("objects", imported.objects).with("failed", imported.failed);
            let named = imported.rows.iter().take(MAX_NAMED_ROWS).cloned().collect::<Vec<_>>();
            let event = if named.is_empty() { event } else { event.with("rows", named) };
            event.note(ctx, tx)
        })
        .await
}
