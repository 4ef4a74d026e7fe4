//! Filters: an input object for each entity, with the comparisons that the model allows. A filter has the same meaning
//! as `$filter`, and [`super::reader`] converts it to the same [`Condition`].

use std::borrow::Cow;
use std::marker::PhantomData;

use async_graphql::registry::{MetaInputValue, Registry};
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use model::query::Condition;
use model::{Entity, Record};

use super::members::{Member, members};
use super::reader::read;
use super::{inputs, names, operators};

/// A condition on the rows of an entity.
pub(crate) struct Filter<R> {
    pub(crate) condition: Condition,
    /// The first empty part of the filter, such as `filter.owner`.
    pub(crate) empty: Option<String>,
    /// The filter as it was given, in the notation of GraphQL.
    pub(crate) text: String,
    entity: PhantomData<fn() -> R>,
}

impl<R: Record + 'static> InputType for Filter<R> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Owned(name(R::entity()))
    }

    fn create_type_info(registry: &mut Registry) -> String {
        register(registry, R::entity());
        Self::qualified_type_name()
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let text = value.to_string();
        let found = read(R::entity(), &value);
        let found = found.map_err(|wrong| InputValueError::custom(wrong.message_for("filter")))?;
        let empty = found.empty.map(|path| format!("filter{path}"));
        Ok(Self { condition: found.condition, empty, text, entity: PhantomData })
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// The name of the filter of an entity's rows.
pub(crate) fn name(entity: &Entity) -> String {
    format!("{}Filter", names::of_entity(entity))
}

/// Adds the filter of an entity to the schema, and those that it leads to.
fn register(registry: &mut Registry, entity: &'static Entity) {
    let name = name(entity);
    let description =
        format!("A condition on rows of the type {}; all given parts have to hold", names::of_entity(entity));
    inputs::register(registry, &name, &description, |registry| {
        let mut fields = vec![
            inputs::field("and", "All of these hold", format!("[{name}!]")),
            inputs::field("or", "At least one of these holds", format!("[{name}!]")),
            inputs::field("not", "This does not hold", name.clone()),
            inputs::field("mentions", "A search for this text finds the row", "String"),
        ];
        fields.extend(members(entity).map(|(name, member)| member.field(registry, &name)));
        fields
    });
}

impl Member {
    fn field(&self, registry: &mut Registry, name: &str) -> MetaInputValue {
        match self {
            Self::Attribute(property) => {
                inputs::field(name, inputs::description(*property), operators::register(registry, *property))
            }
            Self::Reference(reference) => {
                register(registry, reference.target());
                let description = format!("{} Null matches rows without one.", reference.description);
                inputs::field(name, &description, self::name(reference.target()))
            }
            Self::Collection(collection) => {
                let target = collection.target();
                register(registry, target);
                let of_one = self::name(target);
                let name_of_all = format!("{}CollectionFilter", names::of_entity(target));
                inputs::register(registry, &name_of_all, "A condition on the rows of a collection", |_| {
                    vec![
                        inputs::field("any", "At least one row meets this condition", of_one.as_str()),
                        inputs::field("all", "Every row meets this condition", of_one.as_str()),
                    ]
                });
                inputs::field(name, collection.description, name_of_all)
            }
        }
    }
}
