//! Look-up of names in queries, and the limits of queries.

use super::QueryError;
use crate::{Entity, Property, nearest};

/// Finds an attribute or reference by name.
pub(super) fn find_property(entity: &'static Entity, name: &str) -> Result<Property, QueryError> {
    entity.property(name).ok_or_else(|| match entity.collection(name) {
        Some(_) => wrong_member(name, "a collection", "an attribute or a reference"),
        None => unknown(entity, name),
    })
}

/// Returns the error for an unknown name, with the nearest known one.
pub(super) fn unknown(entity: &'static Entity, name: &str) -> QueryError {
    let visible = entity.properties().map(Property::name).filter(|name| entity.property(name).is_some());
    let names = visible.chain(entity.collections().iter().map(|collection| collection.name));
    let meant = nearest(name, names).map(str::to_owned);
    QueryError::UnknownProperty { entity: entity.set_name(), name: name.to_owned(), meant }
}

/// Returns the error for a member of the wrong kind.
pub(super) fn wrong_member(name: &str, found: &'static str, expected: &'static str) -> QueryError {
    QueryError::WrongMember { name: name.to_owned(), found, expected }
}

/// Returns an error if `count` exceeds `limit`.
pub(super) fn limit(what: &'static str, count: usize, limit: usize) -> Result<(), QueryError> {
    if count > limit { Err(QueryError::LimitExceeded { what, limit }) } else { Ok(()) }
}
