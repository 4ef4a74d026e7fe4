//! Reads filters. The value has the types of the schema; here it becomes a condition. Null is refused where it has no
//! meaning of its own, so that no mistake makes a filter match more rows.

use async_graphql::Value;
use model::query::{Comparison, Condition, Literal, PropertyPath, Search, TextCase, TextTest};
use model::{Collection, Entity, Property};

use super::members::{Member, members};
use super::operators::Target;
use crate::input_error::{InputError, input_error, unexpected};

/// How many comparisons and searches a filter has at the most.
const MAX_CONDITIONS: usize = 200;
/// How many filters a filter contains at the most. Empty ones count too: each is a level of the tree of the condition.
const MAX_FILTERS: usize = 300;
/// How deep filters are nested at the most.
const MAX_DEPTH: usize = 16;

/// A filter as a condition.
pub(crate) struct Found {
    pub(crate) condition: Condition,
    /// The path of the first empty part: an object without fields, or a list without items.
    pub(crate) empty: Option<String>,
}

/// Reads the filter of an entity's rows.
///
/// # Errors
/// The first value that has not the shape of its place.
pub(crate) fn read(entity: &'static Entity, value: &Value) -> Result<Found, InputError> {
    let mut reader = Reader { conditions: 0, filters: 0, empty: None };
    let place = Place { entity, path: Vec::new(), via: None, depth: 0, at: String::new() };
    let condition = reader.read(&place, value)?;
    Ok(Found { condition, empty: reader.empty })
}

/// A position in a filter: its rows, and the path to them.
struct Place {
    entity: &'static Entity,
    path: PropertyPath,
    /// The reference that led here, by which a row's identifier is known without the row.
    via: Option<&'static model::Reference>,
    depth: usize,
    /// The path in the input value.
    at: String,
}

impl Place {
    fn inside(&self, entity: &'static Entity, path: PropertyPath, at: String) -> Self {
        Self { entity, path, via: None, depth: self.depth + 1, at }
    }

    fn same(&self, at: String) -> Self {
        Self { via: self.via, ..self.inside(self.entity, self.path.clone(), at) }
    }

    fn to(&self, name: &str) -> PropertyPath {
        self.path.iter().cloned().chain([name.to_owned()]).collect()
    }

    fn field(&self, name: &str) -> String {
        format!("{}.{name}", self.at)
    }
}

struct Reader {
    conditions: usize,
    filters: usize,
    empty: Option<String>,
}

impl Reader {
    /// Counts a comparison or a search.
    fn count_condition(&mut self, at: &str) -> Result<(), InputError> {
        self.conditions += 1;
        if self.conditions > MAX_CONDITIONS {
            return input_error(at, format!("a filter has {MAX_CONDITIONS} comparisons at the most"));
        }
        Ok(())
    }

    fn read(&mut self, place: &Place, value: &Value) -> Result<Condition, InputError> {
        self.filters += 1;
        if self.filters > MAX_FILTERS {
            return input_error(&place.at, format!("a filter contains {MAX_FILTERS} filters at the most"));
        }
        if place.depth > MAX_DEPTH {
            return input_error(&place.at, format!("filters are nested {MAX_DEPTH} deep at the most"));
        }
        let Value::Object(given) = value else { return unexpected(&place.at, "an object", value) };
        if given.is_empty() {
            self.is_empty(&place.at);
        }
        let mut all = Vec::new();
        for (name, value) in given {
            let at = place.field(name);
            match name.as_str() {
                "and" => all.extend(self.each(place, &at, value)?),
                "or" => all.push(join(self.each(place, &at, value)?, Condition::Or, false)),
                "not" => all.push(Condition::Not(Box::new(self.read(&place.same(at), value)?))),
                "mentions" => {
                    self.count_condition(&at)?;
                    all.push(mentions(place, &at, value)?);
                }
                name => all.extend(self.member(place, name, value)?),
            }
        }
        Ok(join(all, Condition::And, true))
    }

    fn is_empty(&mut self, at: &str) {
        self.empty.get_or_insert_with(|| at.to_owned());
    }

    fn each(&mut self, place: &Place, at: &str, value: &Value) -> Result<Vec<Condition>, InputError> {
        let Value::List(values) = value else { return unexpected(at, "a list of filters", value) };
        if values.is_empty() {
            self.is_empty(at);
        }
        let one = |(index, value)| self.read(&place.same(format!("{at}[{index}]")), value);
        values.iter().enumerate().map(one).collect()
    }

    fn member(&mut self, place: &Place, name: &str, value: &Value) -> Result<Vec<Condition>, InputError> {
        let at = place.field(name);
        let Some((_, member)) = members(place.entity).find(|(known, _)| known == name) else {
            return input_error(&at, "there is no such field");
        };
        match member {
            Member::Attribute(property) => self.attribute(place, &at, property, value),
            Member::Reference(reference) => {
                let path = place.to(reference.name);
                if *value == Value::Null {
                    self.count_condition(&at)?;
                    return Ok(vec![Condition::Compare(path, Comparison::Eq, Literal::Null)]);
                }
                let there = Place { via: Some(reference), ..place.inside(reference.target(), path, at) };
                Ok(vec![self.read(&there, value)?])
            }
            Member::Collection(collection) => self.collection(place, &at, collection, value),
        }
    }

    fn attribute(
        &mut self,
        place: &Place,
        at: &str,
        property: Property,
        value: &Value,
    ) -> Result<Vec<Condition>, InputError> {
        let Value::Object(given) = value else {
            return unexpected(at, "an object with operators such as {eq: …}", value);
        };
        if given.is_empty() {
            self.is_empty(at);
        }
        // An identifier is compared by its order only in the row itself.
        let is_range = given.keys().any(|name| matches!(name.as_str(), "gt" | "ge" | "lt" | "le"));
        let is_id = property.name() == place.entity.id().name;
        // The identifier of a referenced row is in the reference, so the row itself is not needed.
        let known = place.via.filter(|_| is_id && !is_range).map(Property::Reference);
        let path = if known.is_some() { place.path.clone() } else { place.to(property.name()) };
        let target = Target { entity: place.entity, property: known.unwrap_or(property) };
        let mut conditions = Vec::with_capacity(given.len());
        for (name, value) in given {
            let at = format!("{at}.{name}");
            if matches!(value, Value::List(values) if values.is_empty()) {
                self.is_empty(&at);
            }
            self.count_condition(&at)?;
            conditions.push(target.condition(&path, &at, name, value)?);
        }
        Ok(conditions)
    }

    fn collection(
        &mut self,
        place: &Place,
        at: &str,
        collection: &'static Collection,
        value: &Value,
    ) -> Result<Vec<Condition>, InputError> {
        let Value::Object(given) = value else {
            return unexpected(at, "an object with 'any' or 'all'", value);
        };
        if given.is_empty() {
            self.is_empty(at);
        }
        let mut conditions = Vec::new();
        for (name, value) in given {
            let (path, at) = (place.to(collection.name), format!("{at}.{name}"));
            let said = self.empty.clone();
            // The rows of a collection have paths of their own.
            let inner = self.read(&place.inside(collection.target(), Vec::new(), at.clone()), value)?;
            conditions.push(match name.as_str() {
                "any" => {
                    if matches!(value, Value::Object(given) if given.is_empty()) {
                        // That there is a row at all is a condition.
                        self.empty = said;
                    }
                    Condition::Any(path, Some(Box::new(inner)))
                }
                "all" => Condition::All(path, Box::new(inner)),
                _ => return input_error(&at, "there is no such field"),
            });
        }
        Ok(conditions)
    }
}

fn mentions(place: &Place, at: &str, value: &Value) -> Result<Condition, InputError> {
    let Value::String(text) = value else { return unexpected(at, "a text", value) };
    Ok(if place.path.is_empty() {
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
