//! Type of the functions that read one rule.

use odata::OdataError;
use odata::syntax::Parser;

/// Reads a decoded text by one rule.
pub(crate) type Read = fn(&mut Parser<'_>) -> Result<(), OdataError>;
