//! Which rows are asked for: an input object for each entity, made of what the model allows to be compared. It says
//! the same as `$filter` does, and becomes the same [`Condition`].

use std::borrow::Cow;
use std::marker::PhantomData;

use async_graphql::registry::{MetaInputValue, Registry};
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use model::query::{Comparison, Condition, Literal, PathName, Search, TextCase, TextTest};
use model::{Collection, Entity, Filters, Property, Record};

use super::operators::{self, Target};
use super::{inputs, names};

/// A condition on the rows of an entity.
pub(in crate::graphql) struct Filter<R> {
    pub(in crate::graphql) condition: Condition,
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
        let mut reader = Reader { left: MAX_CONDITIONS };
        let place = Place { entity: R::entity(), path: Vec::new(), via: None, depth: 0 };
        let condition = reader.read(&place, &value.unwrap_or_default());
        let condition = condition.map_err(|Bad(message)| InputValueError::custom(message))?;
        Ok(Self { condition, entity: PhantomData })
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// Why a filter cannot be read.
pub(super) struct Bad(pub(super) String);

impl Bad {
    pub(super) fn of(message: &str) -> Self {
        Self(message.to_owned())
    }
}

fn name(entity: &Entity) -> String {
    format!("{}Filter", names::of_entity(entity))
}

/// A member of an entity that a filter can speak of.
enum Member {
    Attribute(Property),
    Reference(&'static model::Reference),
    Collection(&'static Collection),
}

/// The members of an entity that a filter can speak of, by their names in the schema.
fn members(entity: &'static Entity) -> impl Iterator<Item = (String, Member)> {
    let attributes = entity.properties().filter(|property| {
        matches!(property, Property::Attribute(attribute) if !attribute.secret && attribute.column.is_some())
            && property.filters() != Filters::NONE
    });
    let attributes = attributes.map(|property| (property.name(), Member::Attribute(property)));
    let references =
        entity.references().iter().map(|reference| (reference.name, Member::Reference(reference)));
    let collections =
        entity.collections().iter().map(|collection| (collection.name, Member::Collection(collection)));
    attributes
        .chain(references)
        .chain(collections)
        .map(|(name, member)| (names::of_property(entity, name), member))
}

/// Adds the filter of an entity to the schema, and those that it leads to.
fn register(registry: &mut Registry, entity: &'static Entity) {
    let name = name(entity);
    let description = format!(
        "Which rows of the type {} are asked for; all that is given has to hold",
        names::of_entity(entity)
    );
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
                let description = format!("{} Null finds what has none.", reference.description);
                inputs::field(name, &description, self::name(reference.target()))
            }
            Self::Collection(collection) => {
                let target = collection.target();
                register(registry, target);
                let of_one = self::name(target);
                let name_of_all = format!("{}CollectionFilter", names::of_entity(target));
                inputs::register(registry, &name_of_all, "Which rows belong to a row", |_| {
                    vec![
                        inputs::field("any", "At least one row is such", of_one.as_str()),
                        inputs::field("all", "Every row is such", of_one.as_str()),
                    ]
                });
                inputs::field(name, collection.description, name_of_all)
            }
        }
    }
}

/// How many comparisons a filter has at the most.
const MAX_CONDITIONS: usize = 200;
/// How deep filters are nested at the most.
const MAX_DEPTH: usize = 16;

/// Where in a filter something stands: the rows it is about, and the way to them.
struct Place {
    entity: &'static Entity,
    path: PathName,
    /// The reference that led here, by which a row's identifier is known without the row.
    via: Option<&'static model::Reference>,
    depth: usize,
}

impl Place {
    fn inside(&self, entity: &'static Entity, path: PathName) -> Self {
        Self { entity, path, via: None, depth: self.depth + 1 }
    }

    fn same(&self) -> Self {
        Self { via: self.via, ..self.inside(self.entity, self.path.clone()) }
    }

    fn to(&self, name: &str) -> PathName {
        self.path.iter().cloned().chain([name.to_owned()]).collect()
    }
}

struct Reader {
    left: usize,
}

impl Reader {
    fn read(&mut self, place: &Place, value: &Value) -> Result<Condition, Bad> {
        if place.depth > MAX_DEPTH {
            return Err(Bad(format!("filters are nested {MAX_DEPTH} deep at the most")));
        }
        let Value::Object(given) = value else { return Ok(Condition::Constant(true)) };
        let mut all = Vec::new();
        for (name, value) in given {
            match name.as_str() {
                "and" => all.extend(self.each(place, value)?),
                "or" => match (self.each(place, value)?, value) {
                    (_, Value::Null) => {}
                    (any, _) => all.push(join(any, Condition::Or, false)),
                },
                "not" if *value == Value::Null => {}
                "not" => all.push(Condition::Not(Box::new(self.read(&place.same(), value)?))),
                "mentions" => all.extend(mentions(place, value)),
                name => all.extend(self.member(place, name, value)?),
            }
        }
        Ok(join(all, Condition::And, true))
    }

    /// The conditions of a list; one that stands alone is a list of itself (GraphQL, section 3.11).
    fn each(&mut self, place: &Place, value: &Value) -> Result<Vec<Condition>, Bad> {
        match value {
            Value::List(values) => values.iter().map(|value| self.read(&place.same(), value)).collect(),
            Value::Null => Ok(Vec::new()),
            one => Ok(vec![self.read(&place.same(), one)?]),
        }
    }

    fn member(&mut self, place: &Place, name: &str, value: &Value) -> Result<Vec<Condition>, Bad> {
        let (_, member) = members(place.entity)
            .find(|(known, _)| known == name)
            .ok_or_else(|| Bad(format!("there is no field '{name}'")))?;
        match member {
            Member::Attribute(property) => self.attribute(place, property, value),
            Member::Reference(reference) => {
                let path = place.to(reference.name);
                if *value == Value::Null {
                    return Ok(vec![Condition::Compare(path, Comparison::Eq, Literal::Null)]);
                }
                let there = Place { via: Some(reference), ..place.inside(reference.target(), path) };
                Ok(vec![self.read(&there, value)?])
            }
            Member::Collection(collection) => self.collection(place, collection, value),
        }
    }

    fn attribute(&mut self, place: &Place, property: Property, value: &Value) -> Result<Vec<Condition>, Bad> {
        let is_id = property.name() == place.entity.id().name;
        // The identifier of a referenced row stands in the reference; the row itself is not needed for it.
        let known = place.via.filter(|_| is_id && !is_range(value)).map(Property::Reference);
        let path = if known.is_some() { place.path.clone() } else { place.to(property.name()) };
        let target = Target { entity: place.entity, property: known.unwrap_or(property) };
        let conditions = target.conditions(&path, value)?;
        self.left = self
            .left
            .checked_sub(conditions.len())
            .ok_or_else(|| Bad(format!("a filter has {MAX_CONDITIONS} comparisons at the most")))?;
        Ok(conditions)
    }

    fn collection(
        &mut self,
        place: &Place,
        collection: &'static Collection,
        value: &Value,
    ) -> Result<Vec<Condition>, Bad> {
        let Value::Object(given) = value else { return Ok(Vec::new()) };
        let mut conditions = Vec::new();
        for (name, value) in given {
            let path = place.to(collection.name);
            // The rows of a collection have paths of their own.
            let inner = self.read(&place.inside(collection.target(), Vec::new()), value)?;
            conditions.push(match name.as_str() {
                "any" => Condition::Any(path, Some(Box::new(inner))),
                "all" => Condition::All(path, Box::new(inner)),
                name => return Err(Bad(format!("there is no field '{name}'"))),
            });
        }
        Ok(conditions)
    }
}

/// Whether an identifier is compared by its order, which only the row itself has.
fn is_range(value: &Value) -> bool {
    let Value::Object(given) = value else { return false };
    given.keys().any(|name| matches!(name.as_str(), "gt" | "ge" | "lt" | "le"))
}

fn mentions(place: &Place, value: &Value) -> Option<Condition> {
    let Value::String(text) = value else { return None };
    Some(if place.path.is_empty() {
        Condition::Mentions(Search::Term(text.clone()))
    } else {
        let (path, text) = (place.path.clone(), text.clone());
        Condition::Text { path, test: TextTest::Contains, text, case: TextCase::AsIs }
    })
}

fn join(
    conditions: Vec<Condition>,
    with: fn(Box<Condition>, Box<Condition>) -> Condition,
    empty: bool,
) -> Condition {
    let joined = conditions.into_iter().reduce(|left, right| with(Box::new(left), Box::new(right)));
    joined.unwrap_or(Condition::Constant(empty))
}
