//! Characters to tokens. OData's tokens depend on where they stand (`2026-08-01` is a date,
//! `duration'P1D'` a value, `desc` a name or a word), so the parser asks for what may stand there.
//!
//! The lexer remembers the furthest character at which something that could have stood there did not. An error
//! of syntax is reported there: at the first character with which no text of the grammar goes on.

mod cursor;
pub mod form;
mod geo;
mod json;
mod literal;
mod name;
mod scan;
mod token;

pub use cursor::{Lexer, Mark, Strictness};
pub(crate) use literal::guid;
pub use scan::Scan;
pub(crate) use token::Token;
