//! The registry as a whole: queries, changes, events, unique names, and the removal of ended rows.

pub mod audit;
pub mod changes;
pub mod follow;
pub mod imports;
pub mod names;
pub mod places;
pub mod purge;
pub mod query;
pub(crate) mod readiness;
pub mod reseal;
pub mod trace;
