//! What has a name and a column.

use crate::{Attribute, DataType, Filters, Reference};

/// An attribute or a reference: what has a name and a column, and may be compared.
#[derive(Clone, Copy, Debug)]
pub enum Property {
    /// An attribute.
    Attribute(&'static Attribute),
    /// A reference.
    Reference(&'static Reference),
}

impl Property {
    /// The name in every API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attribute(attribute) => attribute.name,
            Self::Reference(reference) => reference.name,
        }
    }

    /// The column, unless it is calculated.
    pub fn column(self) -> Option<&'static str> {
        match self {
            Self::Attribute(attribute) => attribute.column,
            Self::Reference(reference) => Some(reference.column),
        }
    }

    /// What the column holds.
    pub fn data_type(self) -> DataType {
        match self {
            Self::Attribute(attribute) => attribute.data_type,
            Self::Reference(_) => DataType::Guid,
        }
    }

    /// Whether it may be null.
    pub fn nullable(self) -> bool {
        match self {
            Self::Attribute(attribute) => attribute.nullable,
            Self::Reference(reference) => reference.nullable,
        }
    }

    /// What may be compared with it.
    pub fn filters(self) -> Filters {
        match self {
            Self::Attribute(attribute) => attribute.filters,
            Self::Reference(reference) => reference.filters,
        }
    }

    /// Whether results may be ordered by it.
    pub fn order_by(self) -> bool {
        matches!(self, Self::Attribute(attribute) if attribute.order_by)
    }
}
