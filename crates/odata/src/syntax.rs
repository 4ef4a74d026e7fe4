//! The parser by single grammar rules, for tools that check texts against the ABNF (`odata-grammar`).
//!
//! Requests are read by [`Resource::parse`](crate::Resource::parse),
//! [`QueryOptions::parse`](crate::QueryOptions::parse) and [`parse`](crate::parse).

pub use crate::functions::arity;
pub use crate::lexer::{Lexer, Mark, Scan, Strictness, form};
pub use crate::options::{OptionName, find_query_option, query_names};
pub use crate::parse::option as parse_option;
pub use crate::parse::{AllowedOptions, Input, Parser, TypeLast, read_all, read_input};
pub use crate::url::{bad_percent, decode, encoded_bytes, encoded_index};
