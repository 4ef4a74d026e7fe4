//! Loss of power, simulated for tests of SQLite databases.
//!
//! A killed process loses nothing that it wrote: the kernel keeps it. A computer that loses power keeps the flushed
//! contents of a file; of the writes after the last flush, each sector may be there or not, in any combination.
//! [`record`] puts a layer between SQLite and its files, which records every write, truncation and flush in a folder, so
//! that [`Files::after_power_loss`] can return the files as a restarted computer might find them.
//!
//! The model is that of SQLite's documentation ("Atomic Commit In SQLite", section 2): sectors of 512 bytes are written
//! whole or not at all, and bytes around a write keep their values (`SQLITE_IOCAP_POWERSAFE_OVERWRITE`). A file that was never
//! flushed is not there afterwards; a deletion is durable at once.

mod chance;
mod files;
mod vfs;

pub use chance::Chance;
pub use files::Files;
pub use vfs::{Flushing, record};
