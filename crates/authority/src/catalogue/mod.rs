//! The catalogue: the scopes and resource servers that can be granted, which administrators edit.
//!
//! A statement that reads a grant or a client also reads the number of the catalogue's state (`store`). A request therefore
//! costs no additional statement, and is never answered from a state older than its grant or client.

pub(crate) mod current;
pub mod requested;
pub mod resources;
pub mod scopes;

pub use grant_state::catalogue::Catalogue;

pub(crate) use current::at;
pub use current::current;
