//! Comparisons of values: an input object for each set of capabilities that an attribute can have.

use async_graphql::InputType;
use async_graphql::Value;
use async_graphql::registry::{MetaInputValue, Registry};
use model::query::{Comparison, Condition, Literal, PropertyPath, TextCase, TextTest};
use model::{DataType, Entity, Filters, Property, Uuid};

use super::{enums, inputs, names};
use crate::date_time::DateTime;
use crate::id;
use crate::input_error::{InputError, input_error, unexpected};

/// The name of the input object for a property, which is made where it is not there.
pub(super) fn register(registry: &mut Registry, property: Property) -> String {
    let scalar = scalar(registry, property.data_type());
    let name = name(&scalar, property);
    let description = format!("Compares a value of the type {scalar}; all given comparisons have to hold.");
    inputs::register(registry, &name, &description, |_| fields(&scalar, property));
    name
}

/// Returns the name of the filter, which lists its capabilities: `NullableDateTimeRangeFilter`.
fn name(scalar: &str, property: Property) -> String {
    let filters = property.filters();
    let nullable = if property.nullable() { "Nullable" } else { "" };
    let equals = match (filters.allows_in(), filters.allows(Filters::EQUALS)) {
        (true, _) => "In",
        (false, true) => "Equals",
        (false, false) => "",
    };
    let range = if filters.allows(Filters::RANGE) { "Range" } else { "" };
    let like = if filters.allows(Filters::LIKE) { "Like" } else { "" };
    format!("{nullable}{scalar}{equals}{range}{like}Filter")
}

fn scalar(registry: &mut Registry, data_type: DataType) -> String {
    match data_type {
        DataType::Text => "String".to_owned(),
        DataType::DateTime => {
            <DateTime as InputType>::create_type_info(registry);
            "DateTime".to_owned()
        }
        DataType::Guid => "ID".to_owned(),
        DataType::Int32 => "Int".to_owned(),
        DataType::Bool => "Boolean".to_owned(),
        DataType::Enum(kind) => {
            enums::register(registry, kind);
            names::of_enum(kind).into_owned()
        }
    }
}

fn fields(scalar: &str, property: Property) -> Vec<MetaInputValue> {
    let mut fields: Vec<_> = offered(property)
        .filter(|operator| !matches!(operator, Operator::In))
        .map(|operator| inputs::field(operator.name(), operator.description(), scalar))
        .collect();
    if property.filters().allows_in() {
        let list = format!("[{scalar}!]");
        fields.push(inputs::field(Operator::In.name(), Operator::In.description(), list));
    }
    fields
}

/// One comparison.
#[derive(Clone, Copy)]
enum Operator {
    Compare(Comparison),
    OrNull(Comparison),
    In,
    Text(TextTest),
}

const ALL: [Operator; 13] = [
    Operator::Compare(Comparison::Eq),
    Operator::Compare(Comparison::Ne),
    Operator::Compare(Comparison::Gt),
    Operator::Compare(Comparison::Ge),
    Operator::Compare(Comparison::Lt),
    Operator::Compare(Comparison::Le),
    Operator::OrNull(Comparison::Eq),
    Operator::OrNull(Comparison::Ge),
    Operator::OrNull(Comparison::Le),
    Operator::In,
    Operator::Text(TextTest::Contains),
    Operator::Text(TextTest::StartsWith),
    Operator::Text(TextTest::EndsWith),
];

/// The comparisons that the model allows for a property.
fn offered(property: Property) -> impl Iterator<Item = Operator> {
    ALL.into_iter().filter(move |operator| {
        let needed = operator.needs();
        let with_null = !matches!(operator, Operator::OrNull(_)) || property.nullable();
        let is_in = !matches!(operator, Operator::In) || property.filters().allows_in();
        property.filters().allows(needed) && with_null && is_in
    })
}

impl Operator {
    const fn needs(self) -> Filters {
        match self {
            Self::Compare(Comparison::Eq | Comparison::Ne) | Self::OrNull(Comparison::Eq) | Self::In => {
                Filters::EQUALS
            }
            Self::Compare(_) | Self::OrNull(_) => Filters::RANGE,
            Self::Text(_) => Filters::LIKE,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Compare(comparison) => comparison.name(),
            Self::OrNull(Comparison::Eq) => "eqOrNull",
            Self::OrNull(Comparison::Ge) => "geOrNull",
            Self::OrNull(_) => "leOrNull",
            Self::In => "in",
            Self::Text(TextTest::StartsWith) => "startsWith",
            Self::Text(TextTest::EndsWith) => "endsWith",
            Self::Text(_) => "contains",
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::Compare(Comparison::Eq) => "Equal to this; null matches rows without a value",
            Self::Compare(Comparison::Ne) => "Not equal to this; null matches rows with a value",
            Self::Compare(Comparison::Gt) => "Greater than this, or later",
            Self::Compare(Comparison::Ge) => "At least this, or not earlier",
            Self::Compare(Comparison::Lt) => "Less than this, or earlier",
            Self::Compare(Comparison::Le) => "At most this, or not later",
            Self::OrNull(Comparison::Eq) => "Equal to this, or without a value",
            Self::OrNull(Comparison::Ge) => "At least this, or without a value",
            Self::OrNull(_) => "At most this, or without a value",
            Self::In => "Equal to one of these",
            Self::Text(TextTest::StartsWith) => "Begins with this",
            Self::Text(TextTest::EndsWith) => "Ends with this",
            Self::Text(_) => "Contains this",
        }
    }

    fn condition(
        self,
        path: PropertyPath,
        at: &str,
        target: Target,
        value: &Value,
    ) -> Result<Condition, InputError> {
        match (self, value) {
            // Null has no place in an order.
            (
                Self::Compare(Comparison::Gt | Comparison::Ge | Comparison::Lt | Comparison::Le),
                Value::Null,
            )
            | (Self::OrNull(Comparison::Ge | Comparison::Le), Value::Null) => {
                unexpected(at, "a value", value)
            }
            (Self::Compare(comparison), value) => {
                Ok(Condition::Compare(path, comparison, target.literal(at, value)?))
            }
            (Self::OrNull(comparison), value) => {
                Ok(Condition::OrNull(path, comparison, target.literal(at, value)?))
            }
            (Self::In, Value::List(values)) => {
                let literals =
                    values.iter().map(|value| target.literal(at, value)).collect::<Result<_, _>>()?;
                Ok(Condition::In(path, literals))
            }
            (Self::In, _) => unexpected(at, "a list", value),
            (Self::Text(test), Value::String(text)) => {
                Ok(Condition::Text { path, test, text: text.clone(), case: TextCase::AsIs })
            }
            (Self::Text(_), _) => unexpected(at, "a text", value),
        }
    }
}

/// The property that is compared, of the rows of an entity.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) entity: &'static Entity,
    pub(super) property: Property,
}

impl Target {
    /// Returns the condition of an operator on this property.
    pub(super) fn condition(
        self,
        path: &PropertyPath,
        at: &str,
        name: &str,
        value: &Value,
    ) -> Result<Condition, InputError> {
        match offered(self.property).find(|operator| operator.name() == name) {
            Some(operator) => operator.condition(path.clone(), at, self, value),
            None => input_error(at, "there is no such operator"),
        }
    }

    fn literal(self, at: &str, value: &Value) -> Result<Literal, InputError> {
        if *value == Value::Null {
            return Ok(Literal::Null);
        }
        match self.property.data_type() {
            DataType::Text => match value {
                Value::String(text) => Ok(Literal::Text(text.clone())),
                _ => unexpected(at, "a text", value),
            },
            DataType::Bool => match value {
                Value::Boolean(value) => Ok(Literal::Bool(*value)),
                _ => unexpected(at, "true or false", value),
            },
            DataType::Int32 => match value {
                Value::Number(number) => match number.as_i64() {
                    Some(number) => Ok(Literal::Int(number)),
                    None => unexpected(at, "a whole number", value),
                },
                _ => unexpected(at, "a whole number", value),
            },
            DataType::Guid => match value {
                Value::String(text) => Ok(Literal::Guid(self.identifier(at, text)?)),
                _ => unexpected(at, "an id", value),
            },
            DataType::DateTime => match DateTime::parse(Some(value.clone())) {
                Ok(DateTime(time)) => Ok(Literal::Time(time)),
                Err(_) => unexpected(at, "a DateTime", value),
            },
            DataType::Enum(kind) => match enums::member(kind, value) {
                Some(member) => Ok(Literal::Member(member.to_owned())),
                None => unexpected(at, "a member of the enumeration", value),
            },
        }
    }

    /// A uuid, or a global id of a row of this entity.
    fn identifier(self, at: &str, text: &str) -> Result<Uuid, InputError> {
        if let Ok(uuid) = Uuid::try_parse(text) {
            return Ok(uuid);
        }
        match id::decode(&text.into()) {
            Ok((node_type, uuid)) if node_type.is_of(self.entity) => Ok(uuid),
            Ok(_) => input_error(at, format!("this is not the id of a {}", names::of_entity(self.entity))),
            Err(_) => input_error(at, "this is no id"),
        }
    }
}
