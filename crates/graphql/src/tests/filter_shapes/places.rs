//! The positions of a filter, and the values that are put there.

use model::{DataType, Entity, Property};
use serde_json::{Value, json};

use super::{MOMENT, UUID};
use crate::document::schema;
use crate::model_types::names;

/// A place in a filter: what encloses it, and what may stand there.
#[derive(Clone)]
pub(super) struct Place {
    /// The fields on the way to the place.
    pub(super) steps: Vec<String>,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Filter,
    /// A filter of what a reference leads to; null finds what has none.
    Reference,
    Filters,
    Mention,
    Collection,
    Operators,
    Operator(Property, &'static str),
}

const OPERATORS: [&str; 13] = [
    "eq",
    "ne",
    "gt",
    "ge",
    "lt",
    "le",
    "eqOrNull",
    "geOrNull",
    "leOrNull",
    "in",
    "contains",
    "startsWith",
    "endsWith",
];

/// The places of an entity's filter, as the text of the schema has them.
pub(super) fn places(entity: &'static Entity, steps: &[String], found: &mut Vec<Place>) {
    let at = |name: &str, kind| Place { steps: [steps, &[name.to_owned()]].concat(), kind };
    for (name, kind) in
        [("and", Kind::Filters), ("or", Kind::Filters), ("not", Kind::Filter), ("mentions", Kind::Mention)]
    {
        found.push(at(name, kind));
    }
    let filter = schema().get_input_object(&format!("{}Filter", names::of_entity(entity))).unwrap();
    for property in entity.properties() {
        let name = names::of_property(entity, property.name());
        let Some(field) = filter.fields.get(name.as_str()) else { continue };
        if let Property::Reference(reference) = property {
            found.push(at(&name, Kind::Reference));
            if steps.len() < 2 {
                places(reference.target(), &[steps, &[name]].concat(), found);
            }
            continue;
        }
        found.push(at(&name, Kind::Operators));
        let operators = schema().get_input_object(field.ty.inner_named_type()).unwrap();
        for operator in OPERATORS.into_iter().filter(|operator| operators.fields.contains_key(*operator)) {
            let steps = [steps, &[name.clone(), operator.to_owned()]].concat();
            found.push(Place { steps, kind: Kind::Operator(property, operator) });
        }
    }
    for collection in entity.collections() {
        let name = names::of_property(entity, collection.name);
        found.push(at(&name, Kind::Collection));
        for word in ["any", "all"] {
            found.push(Place {
                steps: [steps, &[name.clone(), word.to_owned()]].concat(),
                kind: Kind::Filter,
            });
        }
    }
}

/// Every kind of value.
pub(super) fn values(place: &Place) -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-7),
        json!(1.5),
        json!(2_147_483_648_i64),
        json!("x"),
        json!(""),
        json!(UUID),
        json!(MOMENT),
        json!("PERSONAL_ACCESS_TOKEN"),
        json!([]),
        json!([null]),
        json!([true]),
        json!([1, 2]),
        json!(["x", "y"]),
        json!([UUID]),
        json!([[]]),
        json!([{}]),
        json!([[{}]]),
        json!({}),
        json!({ "nowhere": 1 }),
        json!({ "eq": { "eq": 1 } }),
        json!([{ "nowhere": 1 }]),
    ];
    if let Kind::Operator(property, _) = place.kind
        && let DataType::Enum(kind) = property.data_type()
    {
        let member = screaming(kind.members[0].name);
        values.extend([json!(member), json!([member])]);
    }
    values
}

pub(super) fn screaming(name: &str) -> String {
    let letters = name.char_indices().map(|(at, letter)| match letter {
        letter if letter.is_uppercase() && at > 0 => format!("_{letter}"),
        letter => letter.to_uppercase().to_string(),
    });
    letters.collect()
}
