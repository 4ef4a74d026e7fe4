//! Lexer. The tokens of OData depend on their context (`2026-08-01` is a date, `duration'P1D'` a value,
//! `desc` a name or a keyword), so the parser asks for the token that is allowed.
//!
//! The lexer records the furthest position of a failed expectation. Syntax errors are reported there: at the
//! first character that continues no text of the grammar.

mod cursor;
pub mod form;
mod geo;
mod json;
mod literal;
mod name;
mod scan;
mod strictness;
mod token;

pub use cursor::{Lexer, Mark};
pub(crate) use literal::guid;
pub use scan::Scan;
pub use strictness::Strictness;
pub(crate) use token::Token;
