//! Free-text search.

use super::{Comparison, Expr, TextCase, TextTest};
use crate::{Attribute, DataType, Entity, Filters, Property, Uuid, Value};

/// A search expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// A word or phrase.
    Term(String),
    /// Negation.
    Not(Box<Search>),
    /// All of the expressions.
    And(Vec<Search>),
    /// At least one of the expressions.
    Or(Vec<Search>),
}

impl Search {
    /// Returns the filter on the rows of an entity.
    pub(super) fn bound(&self, entity: &'static Entity) -> Expr {
        match self {
            Self::Term(term) => mentions(entity, term),
            Self::Not(inner) => inner.bound(entity).negated(),
            Self::And(all) => all.iter().map(|inner| inner.bound(entity)).fold(Expr::Const(true), Expr::and),
            Self::Or(any) => Expr::Or(any.iter().map(|inner| inner.bound(entity)).collect()),
        }
    }
}

/// Returns the filter for rows in which a searched attribute contains `term`, ignoring case.
///
/// Attributes that do not support `contains` are compared for equality, so that their index is used.
pub(super) fn mentions(entity: &'static Entity, term: &str) -> Expr {
    // No text of the registry contains U+0000.
    if term.contains('\0') {
        return Expr::Const(false);
    }
    let mut tests: Vec<Expr> = Vec::new();
    let mut seen = Vec::new();
    for attribute in entity.searched_attributes() {
        if !seen.contains(&attribute.name) {
            seen.push(attribute.name);
            tests.extend(mention(attribute, term));
        }
    }
    match tests.len() {
        0 => Expr::Const(false),
        1 => tests.remove(0),
        _ => Expr::Or(tests),
    }
}

fn mention(attribute: &'static Attribute, term: &str) -> Option<Expr> {
    let property = Property::Attribute(attribute);
    let equal = |value| Expr::Compare(property, Comparison::Eq, value);
    match attribute.data_type {
        DataType::Text if attribute.filters.allows(Filters::LIKE) => Some(Expr::Text {
            property,
            test: TextTest::Contains,
            text: term.to_lowercase(),
            case: TextCase::Lower,
        }),
        DataType::Text if attribute.filters.allows(Filters::EQUALS) => {
            Some(equal(Value::Text(term.to_owned())))
        }
        DataType::Guid => Uuid::parse_str(term).ok().map(|id| equal(Value::Guid(id))),
        _ => None,
    }
}
