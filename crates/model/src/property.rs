//! Members of an entity with a name and a column.

use crate::writing::Settable;
use crate::{Attribute, DataType, Filters, Reference};

/// An attribute or a reference.
#[derive(Clone, Copy, Debug)]
pub enum Property {
    /// An attribute.
    Attribute(&'static Attribute),
    /// A reference.
    Reference(&'static Reference),
}

impl Property {
    /// Returns the name in all APIs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attribute(attribute) => attribute.name,
            Self::Reference(reference) => reference.name,
        }
    }

    /// Returns the column; `None` if the property is calculated.
    pub fn column(self) -> Option<&'static str> {
        match self {
            Self::Attribute(attribute) => attribute.column,
            Self::Reference(reference) => Some(reference.column),
        }
    }

    /// Returns the data type of the column.
    pub fn data_type(self) -> DataType {
        match self {
            Self::Attribute(attribute) => attribute.data_type,
            Self::Reference(_) => DataType::Guid,
        }
    }

    /// Returns whether the value may be null.
    pub fn nullable(self) -> bool {
        match self {
            Self::Attribute(attribute) => attribute.nullable,
            Self::Reference(reference) => reference.nullable,
        }
    }

    /// Returns when clients may set the value.
    pub fn settable(self) -> Settable {
        match self {
            Self::Attribute(attribute) => attribute.settable,
            Self::Reference(reference) => reference.settable,
        }
    }

    /// Returns the filter operators that the service supports; see [`Attribute::served_filters`].
    pub fn served_filters(self) -> Filters {
        self.filters().served(self.nullable())
    }

    /// Returns whether results can be ordered by the property; see [`Attribute::is_sortable`].
    pub fn is_sortable(self) -> bool {
        matches!(self, Self::Attribute(attribute) if attribute.is_sortable())
    }

    /// Returns the declared filter operators.
    pub fn filters(self) -> Filters {
        match self {
            Self::Attribute(attribute) => attribute.filters,
            Self::Reference(reference) => reference.filters,
        }
    }

    /// Returns whether the property is a declared sort key.
    pub fn order_by(self) -> bool {
        matches!(self, Self::Attribute(attribute) if attribute.order_by)
    }
}
