//! Every kind of value at every place of a filter: what fits is the condition that an independent reading gives, what
//! does not is an error, as a literal and as a variable.

mod places;

use async_graphql::{InputType as _, Variables};
use async_graphql_value::ConstValue;
use model::entities::{AccessToken, AuditEvent, TrustedApplication, User};
use model::query::{Comparison, Condition, Literal, Search, TextCase, TextTest};
use model::{DataType, Entity, Property, Record, Timestamp, Uuid};
use serde_json::{Value, json};

use crate::document::{read, schema};
use crate::executable::to_executable;
use crate::input::coerce;
use crate::limits::Limits;
use crate::model_types::{Filter, names, read_filter};

use places::{Kind, Place, places, screaming, values};

const UUID: &str = "0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d";
const MOMENT: &str = "2026-08-01T00:00:00Z";

/// The condition that a value at a place means; nothing where it is none.
fn meaning(place: &Place, value: &Value, path: &[String]) -> Option<Condition> {
    let all = Condition::Constant(true);
    let is_empty = |value: &Value| value.as_object().is_some_and(serde_json::Map::is_empty);
    match (place.kind, value) {
        (Kind::Filter | Kind::Operators | Kind::Collection, value) => is_empty(value).then_some(all),
        (Kind::Reference, Value::Null) => {
            Some(Condition::Compare(path.to_vec(), Comparison::Eq, Literal::Null))
        }
        (Kind::Reference, value) => is_empty(value).then_some(all),
        (Kind::Filters, value) => {
            let one = std::slice::from_ref(value);
            let items = value.as_array().map_or(one, Vec::as_slice);
            let or_nothing = items.is_empty() && place.steps.last().is_some_and(|name| name == "or");
            items.iter().all(is_empty).then_some(Condition::Constant(!or_nothing))
        }
        (Kind::Mention, value) => {
            let text = value.as_str()?.to_owned();
            Some(match path {
                [] => Condition::Mentions(Search::Term(text)),
                path => contains(path, TextTest::Contains, text),
            })
        }
        (Kind::Operator(property, name), value) => operator(property, name, value, path),
    }
}

fn contains(path: &[String], test: TextTest, text: String) -> Condition {
    Condition::Text { path: path.to_vec(), test, text, case: TextCase::AsIs }
}

fn operator(property: Property, name: &str, value: &Value, path: &[String]) -> Option<Condition> {
    let path = path.to_vec();
    let test = match name {
        "contains" => Some(TextTest::Contains),
        "startsWith" => Some(TextTest::StartsWith),
        "endsWith" => Some(TextTest::EndsWith),
        _ => None,
    };
    if let Some(test) = test {
        return Some(contains(&path, test, value.as_str()?.to_owned()));
    }
    if name == "in" {
        let one = std::slice::from_ref(value);
        let items = value.as_array().map_or(one, Vec::as_slice);
        return Some(Condition::In(
            path,
            items.iter().map(|item| literal(property, item)).collect::<Option<_>>()?,
        ));
    }
    let literal = match value {
        Value::Null if ["eq", "ne", "eqOrNull"].contains(&name) => Literal::Null,
        value => literal(property, value)?,
    };
    let comparison = match name.trim_end_matches("OrNull") {
        "eq" => Comparison::Eq,
        "ne" => Comparison::Ne,
        "gt" => Comparison::Gt,
        "ge" => Comparison::Ge,
        "lt" => Comparison::Lt,
        _ => Comparison::Le,
    };
    Some(match name.ends_with("OrNull") {
        true => Condition::OrNull(path, comparison, literal),
        false => Condition::Compare(path, comparison, literal),
    })
}

fn literal(property: Property, value: &Value) -> Option<Literal> {
    match property.data_type() {
        DataType::Text => value.as_str().map(|text| Literal::Text(text.to_owned())),
        DataType::Bool => value.as_bool().map(Literal::Bool),
        DataType::Int32 => value.as_i64().filter(|number| i32::try_from(*number).is_ok()).map(Literal::Int),
        DataType::Guid => Uuid::try_parse(value.as_str()?).ok().map(Literal::Guid),
        DataType::DateTime => Timestamp::parse(value.as_str()?).ok().map(Literal::Time),
        DataType::Enum(kind) => {
            let member =
                kind.members.iter().find(|member| value.as_str() == Some(&screaming(member.name)))?;
            Some(Literal::Member(member.name.to_owned()))
        }
    }
}

/// The place's condition within what encloses the place.
fn enclosed(entity: &'static Entity, place: &Place, value: &Value) -> Option<Condition> {
    let (mut of, mut path, mut via, mut around) = (entity, Vec::new(), None, Vec::new());
    for step in &place.steps {
        let named = |name: &str| names::of_property(of, name) == *step;
        if let Some(reference) = of.references().iter().find(|reference| named(reference.name)) {
            path.push(reference.name.to_owned());
            (of, via) = (reference.target(), Some(reference));
        } else if let Some(collection) = of.collections().iter().find(|collection| named(collection.name)) {
            around.push((path.clone(), collection));
        } else if let Some(property) = of.properties().find(|property| named(property.name())) {
            // A reference has the identifier of its row, which is compared there unless by its order.
            let is_order = ["gt", "ge", "lt", "le"]
                .iter()
                .any(|name| place.steps.last().is_some_and(|last| last == name));
            if !(via.is_some() && property.name() == of.id().name) || is_order {
                path.push(property.name().to_owned());
            }
        }
    }
    let inner = match (&around[..], place.kind) {
        ([(_, _)], Kind::Filter) => meaning(place, value, &[])?,
        _ => meaning(place, value, &path)?,
    };
    let last = place.steps.last()?.as_str();
    Some(match (&around[..], last) {
        ([(before, collection)], "any") => {
            Condition::Any([before.as_slice(), &[collection.name.to_owned()]].concat(), Some(Box::new(inner)))
        }
        ([(before, collection)], "all") => {
            Condition::All([before.as_slice(), &[collection.name.to_owned()]].concat(), Box::new(inner))
        }
        (_, "not") => Condition::Not(Box::new(inner)),
        _ => inner,
    })
}

/// A JSON value as a literal; names stand without quotes where an enumeration is expected.
fn written(value: &Value, is_name: bool) -> String {
    match value {
        Value::String(text)
            if is_name
                && text.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')
                && !text.is_empty() =>
        {
            text.clone()
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| written(item, is_name)).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| format!("{name}: {}", written(value, is_name));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// What the request is read as: the filter of the first field, if the request is valid.
fn filter_of(query: &str, given: Value) -> Result<ConstValue, String> {
    let first = |errors: Vec<async_graphql::ServerError>| errors[0].message.clone();
    let document = read(query, &Limits::default()).map_err(first)?;
    let operation = document.operation(None).map_err(|error| error.message)?;
    let variables =
        coerce(schema(), &document.lines, operation, &Variables::from_json(given)).map_err(first)?;
    let executable = to_executable(&document, operation, &variables).map_err(|error| error.message)?;
    let (_, operation) = executable.operations.iter().next().unwrap();
    let async_graphql::parser::types::Selection::Field(field) =
        &operation.node.selection_set.node.items[0].node
    else {
        panic!("{query}")
    };
    Ok(field.node.get_argument("filter").unwrap().node.clone().into_const().unwrap())
}

fn check<R: Record + 'static>(root: &str) -> (usize, usize) {
    let (entity, mut all, mut counts) = (R::entity(), Vec::new(), (0, 0));
    places(entity, &[], &mut all);
    let name = format!("{}Filter", names::of_entity(entity));
    for place in &all {
        for value in values(place) {
            let wrapped =
                place.steps.iter().rev().fold(value.clone(), |inner, step| json!({ step.as_str(): inner }));
            let is_name = matches!(place.kind, Kind::Operator(property, _) if matches!(property.data_type(), DataType::Enum(_)));
            let expected = enclosed(entity, place, &value);
            let literal = format!("{{ {root}(filter: {}) {{ totalCount }} }}", written(&wrapped, is_name));
            let by_variable = format!("query($f: {name}) {{ {root}(filter: $f) {{ totalCount }} }}");
            for (query, given) in [(literal, json!({})), (by_variable, json!({ "f": wrapped }))] {
                let found = filter_of(&query, given.clone());
                let context = || format!("{query} {given}");
                match (&expected, found) {
                    (Some(expected), Ok(value)) => {
                        let found =
                            read_filter(entity, &value).map_err(|wrong| wrong.message_for("filter")).unwrap();
                        assert_eq!(found.condition, *expected, "{}", context());
                        let resolved = Filter::<R>::parse(Some(value)).map_err(|_| ()).unwrap();
                        assert_eq!(resolved.condition, *expected, "{}", context());
                        counts.0 += 1;
                    }
                    (None, Err(_)) => counts.1 += 1,
                    (Some(expected), Err(refusal)) => panic!("{} is {expected:?}, but: {refusal}", context()),
                    (None, Ok(value)) => panic!("{} is read as {value:?}", context()),
                }
            }
        }
    }
    counts
}

#[test]
fn every_kind_of_value_at_every_place_of_a_filter_is_a_condition_or_an_error() {
    let counts = [
        check::<User>("users"),
        check::<TrustedApplication>("apiApplications"),
        check::<AuditEvent>("auditEvents"),
        check::<AccessToken>("grants"),
    ];
    println!("conditions and errors: {counts:?}");
    assert!(counts.iter().all(|(conditions, errors)| *conditions > 100 && *errors > 1000), "{counts:?}");
}
