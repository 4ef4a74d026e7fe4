//! Orders of rows: an input object and an enumeration for each entity.

use std::borrow::Cow;
use std::marker::PhantomData;

use async_graphql::registry::Registry;
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use model::query::OrderBy;
use model::{Entity, Property, Record};

use super::{enums, inputs, names};
use crate::input_error::{InputError, input_error, unexpected};

/// One key of an order of the rows of an entity.
pub(crate) struct Order<R> {
    pub(crate) key: OrderBy,
    entity: PhantomData<fn() -> R>,
}

const DIRECTION: &str = "OrderDirection";

impl<R: Record + 'static> InputType for Order<R> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Order", names::of_entity(R::entity())))
    }

    fn create_type_info(registry: &mut Registry) -> String {
        register(registry, R::entity(), &Self::type_name());
        Self::qualified_type_name()
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let key = read(R::entity(), &value.unwrap_or_default());
        let key = key.map_err(|wrong| InputValueError::custom(wrong.message_for("orderBy")))?;
        Ok(Self { key, entity: PhantomData })
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

fn register(registry: &mut Registry, entity: &'static Entity, name: &str) {
    let field = format!("{name}Field");
    let described =
        orderable(entity).map(|property| (shown(entity, property), inputs::description(property)));
    let rows = names::of_entity(entity);
    enums::register_members(
        registry,
        &field,
        &format!("A property by which rows of the type {rows} are ordered"),
        described,
    );
    let directions = [
        ("ASC", "The smallest value first, after rows without a value"),
        ("DESC", "The largest value first"),
    ];
    let directions = directions.into_iter().map(|(name, description)| (name.to_owned(), description));
    enums::register_members(registry, DIRECTION, "The direction of an order", directions);
    inputs::register(registry, name, &format!("An order of rows of the type {rows}"), |_| {
        let mut direction = inputs::field("direction", "The direction", format!("{DIRECTION}!"));
        direction.default_value = Some("ASC".to_owned());
        vec![
            inputs::field("field", "The property by which the rows are ordered", format!("{field}!")),
            direction,
        ]
    });
}

/// What rows may be ordered by.
fn orderable(entity: &'static Entity) -> impl Iterator<Item = Property> {
    entity.properties().filter(|property| property.order_by())
}

fn shown(entity: &Entity, property: Property) -> String {
    names::screaming(&names::of_property(entity, property.name()))
}

/// Reads one key; the schema has given it its fields, and the default direction.
fn read(entity: &'static Entity, value: &Value) -> Result<OrderBy, InputError> {
    let Value::Object(given) = value else { return unexpected("", "an object", value) };
    let word = |name: &str| match given.get(name) {
        Some(Value::Enum(word)) => Ok(word.as_str()),
        other => unexpected(&format!(".{name}"), "a name", other.unwrap_or(&Value::Null)),
    };
    let (field, direction) = (word("field")?, word("direction")?);
    let Some(property) = orderable(entity).find(|property| shown(entity, *property) == field) else {
        return input_error(".field", "rows are not ordered by this");
    };
    let descending = match direction {
        "ASC" => false,
        "DESC" => true,
        _ => return input_error(".direction", "expected ASC or DESC"),
    };
    Ok(OrderBy { name: property.name().to_owned(), descending })
}
