//! Checks whether a text matches a rule of the OData ABNF, by the rule's name.
//!
//! A development tool: tests, fuzz targets and the example `parse` use it; the product does not. It checks
//! syntax strictly, while the service tolerates some unambiguous deviations and rejects names that its model
//! does not have. Texts are as in a URL: percent-encoding is decoded, and characters that need no encoding may
//! be raw. Values of payloads and headers are not percent-encoded.
//!
//! ```
//! use odata_grammar::check;
//!
//! assert_eq!(check("filter", "$filter=Name eq 'x'"), Ok(()));
//! assert_eq!(check("dateValue", "2026-13-01").map_err(|mismatch| mismatch.at), Err(6));
//! ```

mod charset;
mod check;
mod encoded;
mod expressions;
mod literals;
mod mismatch;
mod names;
mod parts;
mod query;
mod read;
mod values;

pub use check::{RULE_NAMES, check};
pub use mismatch::Mismatch;
