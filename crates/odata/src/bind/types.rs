//! `isof` and `cast` of properties: the model knows their types, so most results are constant.

use model::query::{Comparison, Condition, Literal, PropertyPath, TimePart};
use model::{DataType, Entity, Property};

use super::condition::Conditions;
use super::errors::meaning;
use super::operand::Operand;
use crate::OdataError;
use crate::ast::{Expr, Kind, Typed};
use crate::metadata::{entity_type_name, enum_types, type_name};

impl Conditions<'_> {
    /// Binds `isof(Type)` of the row, or `isof(Property,Type)`: null is of no type.
    pub(super) fn is_of(&self, typed: &Typed, at: usize) -> Result<Condition, OdataError> {
        if !is_type(&typed.name) {
            return Err(meaning(self.scope.option, at, format!("there is no type '{}'", typed.name)));
        }
        let Some(value) = &typed.value else {
            return Ok(Condition::Constant(!typed.collection && entity_type_name(self.entity) == typed.name));
        };
        let Kind::Path(path) = &value.kind else { return Err(self.not_a_value(value)) };
        let names = self.property(path, value.at)?;
        match self.find(&names) {
            Some(property) if typed.collection || full_name(property) != typed.name => {
                Ok(Condition::Constant(false))
            }
            // The model reports the unknown name with a suggestion.
            _ => Ok(Condition::Compare(names, Comparison::Ne, Literal::Null)),
        }
    }

    /// Binds a property cast to its own type, or to one with the same comparison.
    pub(super) fn cast(&self, typed: &Typed, expr: &Expr) -> Result<Operand, OdataError> {
        let inner = typed.value.as_deref().map(|value| &value.kind);
        let (Some(Kind::Path(path)), false) = (inner, typed.collection) else {
            return self.refused("cast", expr);
        };
        let names: PropertyPath = self.property(path, expr.at)?;
        let Some(property) = self.find(&names) else { return Ok(Operand::Property(names)) };
        Ok(match (property.data_type(), typed.name.as_str()) {
            (_, name) if full_name(property) == name => Operand::Property(names),
            (DataType::DateTime, "Edm.Date") => Operand::Part(names, TimePart::Date),
            (DataType::DateTime, "Edm.TimeOfDay") => Operand::Part(names, TimePart::Time),
            (DataType::Enum(_), "Edm.String")
            | (DataType::Int32, "Edm.Int64" | "Edm.Decimal" | "Edm.Double") => Operand::Property(names),
            _ => Operand::Refused(names, "cast"),
        })
    }
}

/// Returns the qualified name of a property's type, or of the type of its target rows.
fn full_name(property: Property) -> String {
    match property {
        Property::Attribute(attribute) => type_name(attribute.data_type),
        Property::Reference(reference) => entity_type_name(reference.target()),
    }
}

/// Returns whether a type belongs to the standard or to this service.
fn is_type(name: &str) -> bool {
    let own = || enum_types().into_iter().map(|kind| type_name(DataType::Enum(kind)));
    name.starts_with("Edm.")
        || model::entities().any(|entity| entity_type_name(entity) == name)
        || own().any(|known| known == name)
}

/// Strips a cast to the rows' own type from the start of a path.
pub(super) fn after_cast<'p>(entity: &Entity, path: &'p [String]) -> &'p [String] {
    match path {
        [name, rest @ ..] if *name == entity_type_name(entity) => rest,
        _ => path,
    }
}

/// Returns the message for a cast to another type.
pub(super) fn not_of_type(entity: &Entity, name: &str) -> String {
    let own = entity_type_name(entity);
    if is_type(name) {
        format!("the rows here have the type {own}, not {name}")
    } else {
        format!("there is no type '{name}'; the rows here have the type {own}")
    }
}
