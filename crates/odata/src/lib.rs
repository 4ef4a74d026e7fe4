//! Conversion between OData and the model, as pure functions.
//!
//! [`Resource::parse`] reads the path of a request, [`QueryOptions::parse`] its query, and [`bind()`]
//! converts the options to a query of the model. [`payload`] writes the rows of the registry. The crate
//! covers the grammar of OData 4.01; it contains no HTTP, no SQL and no clock.
//!
//! ```
//! use model::Timestamp;
//! use odata::{QueryOptions, Resource, bind};
//!
//! let Resource::Set(entity, _) = Resource::parse("Systems_Security_Users")? else { panic!("a set") };
//! let options = QueryOptions::parse("$filter=Active eq true&$top=10")?;
//! let query = bind(entity, &options.query, Timestamp::from_seconds(0))?;
//! assert_eq!(query.top, Some(10));
//! assert!(query.filter.is_some());
//! # Ok::<(), odata::OdataError>(())
//! ```

mod arguments;
pub mod ast;
pub mod batch;
mod bind;
pub mod body;
mod control_names;
mod error;
mod functions;
pub mod groups;
pub mod import;
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
pub use bind::apply::{Column, ExpandedKey, GroupStep, GroupedQuery, Having, Sequence, bind_apply};
pub use bind::bind;
pub use error::{ErrorKind, OdataError, Place};
pub use options::OptionName;
pub use path::{Part, Resource, RowKey};
pub use root_paths::{RootPath, RootTarget, attribute_literal, root_paths};
pub use url::{QueryOptions, decode, encoded_index};
