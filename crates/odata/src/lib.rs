//! OData text and JSON to and from the model: everything here is a pure function.
//!
//! A request goes through [`Resource::parse`] (the path), [`QueryOptions::parse`] (the query), [`bind()`] (a
//! question of the model) and, once the registry has answered, [`payload`]. The crate knows the grammar of
//! OData 4.01 and the model; it knows no HTTP, no SQL and no clock.
//! names that its rules have in the ABNF.

mod arguments;
pub mod ast;
mod bind;
mod control_names;
mod error;
mod functions;
pub mod groups;
mod json;
mod lexer;
pub mod metadata;
pub mod negotiate;
mod options;
pub mod parse;
pub mod path;
pub mod payload;
mod precedence;
mod print;
mod root_paths;
pub mod skiptoken;
pub mod syntax;
mod transformations;
mod url;

pub use arguments::check_arguments;
pub use bind::apply::{Applied, Column, GroupStep, Having, Sequence, bind_apply};
pub use bind::bind;
pub use error::{ErrorKind, OdataError, Place};
pub use options::OptionName;
pub use path::{Part, Resource, RowKey};
pub use root_paths::{RootPath, RootTarget, attribute_literal, root_paths};
pub use url::{QueryOptions, decode, encoded_index};
