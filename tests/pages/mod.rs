//! The pages over HTTP: response headers, and responses to clients that are not browsers.

mod form_states;
mod forms;
pub mod hand_over;
mod headers;
mod return_to;
mod stale_forms;
mod tokens;
mod visitor;

use visitor::{Answer, Visitor};
