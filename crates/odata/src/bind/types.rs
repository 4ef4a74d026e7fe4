//! `isof` and `cast` of properties: the model says what each is, so most of it is settled before any row is read.

use model::query::{Comparison, Condition, Literal, PropertyPath, TimePart};
use model::{DataType, Entity, Property};

use super::condition::Conditions;
use super::meaning;
use super::operand::Operand;
use crate::OdataError;
use crate::ast::{Expr, Kind, Typed};
use crate::metadata::{entity_type_name, enum_types, type_name};

impl Conditions<'_> {
    /// `isof(Type)` of the row, or `isof(Property,Type)`: what has no value is of no type.
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
            // Where the name is unknown, the model names what was meant.
            _ => Ok(Condition::Compare(names, Comparison::Ne, Literal::Null)),
        }
    }

    /// A property seen as of another type: its own, or one in which it is compared the same way.
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

/// The full name of what a property holds, or of the rows to which it leads.
fn full_name(property: Property) -> String {
    match property {
        Property::Attribute(attribute) => type_name(attribute.data_type),
        Property::Reference(reference) => entity_type_name(reference.target()),
    }
}

/// Whether a type is one of the standard or of this service.
fn is_type(name: &str) -> bool {
    let own = || enum_types().into_iter().map(|kind| type_name(DataType::Enum(kind)));
    name.starts_with("Edm.")
        || model::entities().any(|entity| entity_type_name(entity) == name)
        || own().any(|known| known == name)
}

/// What stands behind the name of the rows' own type, as which every row may be seen.
pub(super) fn behind_cast<'p>(entity: &Entity, path: &'p [String]) -> &'p [String] {
    match path {
        [name, rest @ ..] if *name == entity_type_name(entity) => rest,
        _ => path,
    }
}

/// Why rows cannot be seen as of a type.
pub(super) fn not_of_type(entity: &Entity, name: &str) -> String {
    let own = entity_type_name(entity);
    if is_type(name) {
        format!("the rows here are of the type {own}, not {name}")
    } else {
        format!("there is no type '{name}'; the rows here are of the type {own}")
    }
}
