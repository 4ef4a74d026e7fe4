//! The pages over HTTP: what a browser is told, and what somebody gets who is not a browser.

mod forms;
mod headers;
mod return_to;
mod stale_forms;
mod standing;
mod tokens;
mod visitor;

use visitor::{Answer, Visitor};
