//! A grant as it is looked up: its client, scopes, binding and payload, and the state that follows from them.
//!
//! [`state()`](state::state) is the only function that decides whether a grant is live. The crate reads rows and has no
//! verbs: the crate `authority` finds grants, keeps them in memory, and changes them.

pub mod binding;
mod built_in;
pub mod cache;
pub mod catalogue;
pub mod claims;
pub mod client;
mod fault;
pub mod payload;
pub mod resolved;
pub mod state;

pub use built_in::COMMAND_LINE;
pub use fault::{Fault, Needed, Reason};
