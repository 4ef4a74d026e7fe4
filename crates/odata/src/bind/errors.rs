//! Constructors of binding errors.

use crate::OdataError;
use crate::error::Place;

pub(in crate::bind) fn place(option: &str, at: usize) -> Place {
    Place { option: option.to_owned(), at }
}

pub(in crate::bind) fn meaning(option: &str, at: usize, message: String) -> OdataError {
    OdataError::Meaning { place: place(option, at), message }
}

pub(in crate::bind) fn not_offered(what: impl Into<String>, place: Option<Place>) -> OdataError {
    OdataError::NotOffered { what: what.into(), place }
}
