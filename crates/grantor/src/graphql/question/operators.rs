//! What a value may be compared with: an input object for each set of capabilities that an attribute can have.

use async_graphql::InputType;
use async_graphql::Value;
use async_graphql::registry::{MetaInputValue, Registry};
use model::query::{Comparison, Condition, Literal, PathName, TextCase, TextTest};
use model::{DataType, Entity, Filters, Property, Uuid};

use super::filter::Bad;
use super::{enums, inputs, names};
use crate::graphql::id;
use crate::graphql::types::DateTime;

/// The name of the input object for a property, which is made where it is not there.
pub(super) fn register(registry: &mut Registry, property: Property) -> String {
    let scalar = scalar(registry, property.data_type());
    let name = name(&scalar, property);
    let description = format!("Compares a value of the type {scalar}; what is given has to hold together.");
    inputs::register(registry, &name, &description, |_| fields(&scalar, property));
    name
}

/// The name says what is possible: `NullableDateTimeRangeFilter`.
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
            names::of_enum(kind).to_owned()
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
            Self::Compare(Comparison::Eq) => "Equal to this; null finds what has no value",
            Self::Compare(Comparison::Ne) => "Not equal to this; null finds what has a value",
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

    fn condition(self, path: PathName, target: Target, value: &Value) -> Result<Condition, Bad> {
        match self {
            Self::Compare(comparison) => Ok(Condition::Compare(path, comparison, target.literal(value)?)),
            Self::OrNull(comparison) => Ok(Condition::OrNull(path, comparison, target.literal(value)?)),
            Self::In => {
                // One value that stands alone is a list of itself (GraphQL, section 3.11).
                let values = match value {
                    Value::List(values) => values.as_slice(),
                    Value::Null => return Err(Bad::of("a list is expected")),
                    one => std::slice::from_ref(one),
                };
                let literals = values.iter().map(|value| target.literal(value)).collect::<Result<_, _>>()?;
                Ok(Condition::In(path, literals))
            }
            Self::Text(test) => {
                let Value::String(text) = value else { return Err(Bad::of("a text is expected")) };
                Ok(Condition::Text { path, test, text: text.clone(), case: TextCase::AsIs })
            }
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
    /// What an input object for this property says.
    pub(super) fn conditions(self, path: &PathName, value: &Value) -> Result<Vec<Condition>, Bad> {
        // A filter that is null is none: nothing is compared.
        let Value::Object(given) = value else { return Ok(Vec::new()) };
        given.iter().map(|(name, value)| self.condition(path, name, value)).collect()
    }

    fn condition(self, path: &PathName, name: &str, value: &Value) -> Result<Condition, Bad> {
        let operator = offered(self.property).find(|operator| operator.name() == name);
        let operator = operator.ok_or_else(|| Bad(format!("there is no operator '{name}'")))?;
        operator.condition(path.clone(), self, value)
    }

    fn literal(self, value: &Value) -> Result<Literal, Bad> {
        Ok(match (self.property.data_type(), value) {
            (_, Value::Null) => Literal::Null,
            (DataType::Text, Value::String(text)) => Literal::Text(text.clone()),
            (DataType::Bool, Value::Boolean(value)) => Literal::Bool(*value),
            (DataType::Int32, Value::Number(number)) => {
                Literal::Int(number.as_i64().ok_or_else(|| Bad::of("a whole number is expected"))?)
            }
            (DataType::Guid, Value::String(text)) => Literal::Guid(self.identifier(text)?),
            (DataType::DateTime, Value::String(_)) => {
                let time =
                    DateTime::parse(Some(value.clone())).map_err(|_| Bad::of("this is no DateTime"))?;
                Literal::Time(time.0)
            }
            (DataType::Enum(kind), value) => {
                let member = enums::member(kind, value);
                Literal::Member(member.ok_or_else(|| Bad::of("there is no such member"))?.to_owned())
            }
            _ => return Err(Bad::of("the value has another type")),
        })
    }

    /// A uuid, or a global id of a row of this entity.
    fn identifier(self, text: &str) -> Result<Uuid, Bad> {
        if let Ok(uuid) = Uuid::try_parse(text) {
            return Ok(uuid);
        }
        let (node_type, uuid) = id::decode(&text.into()).map_err(|_| Bad::of("this is no id"))?;
        if node_type.is_of(self.entity) {
            Ok(uuid)
        } else {
            Err(Bad(format!("this is not the id of a {}", names::of_entity(self.entity))))
        }
    }
}
