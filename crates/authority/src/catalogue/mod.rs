//! What can be granted at all: the catalogue of permissions and services, which administrators keep as data.
//!
//! Whoever reads a grant or an application reads the number of the catalogue's state on the way (`store`), so that a request
//! costs no statement more, and none is answered by a catalogue that is older than what it was read with.

pub(crate) mod current;
pub(crate) mod requested;
pub mod resources;
pub mod scopes;
mod snapshot;

pub(crate) use current::at;
pub use current::current;
pub use snapshot::Catalogue;
pub(crate) use snapshot::KnownCatalogue;
