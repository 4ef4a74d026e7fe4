//! A filter means what `$filter` means: random questions are asked of both APIs, and both give the same rows.

use std::collections::BTreeSet;

use authority::Caller;
use model::entities::AccessToken;
use model::{Collection, DataType, Entity, Filters, Property, Record as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::{Union, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::transport::get;
use super::world::World;
use crate::model_types::names;

/// The same question in both notations.
#[derive(Clone, Debug)]
struct Question {
    graphql: Value,
    odata: String,
}

/// A value in both notations.
#[derive(Clone, Debug)]
struct Sample {
    graphql: Value,
    odata: String,
}

/// Values of the demonstration world, and others.
struct Samples {
    ids: Vec<String>,
}

impl Samples {
    fn of(&self, data_type: DataType) -> Vec<Sample> {
        let text = |text: &str| Sample { graphql: json!(text), odata: format!("'{text}'") };
        let bare = |text: &str| Sample { graphql: json!(text), odata: text.to_owned() };
        match data_type {
            DataType::Text => ["ada", "demo-web", "a", "read", "update", "Ben", "reports"].map(text).to_vec(),
            DataType::DateTime => {
                ["2026-07-01T00:00:00Z", "2026-07-31T12:00:00Z", "2026-09-01T00:00:00Z"].map(bare).to_vec()
            }
            DataType::Guid => self.ids.iter().map(|id| bare(id)).collect(),
            DataType::Int32 => {
                [0, 1, 3].map(|n: i32| Sample { graphql: json!(n), odata: n.to_string() }).to_vec()
            }
            DataType::Bool => {
                [true, false].map(|b| Sample { graphql: json!(b), odata: b.to_string() }).to_vec()
            }
            DataType::Enum(kind) => {
                let member = |member: &model::Member| Sample {
                    graphql: json!(screaming(member.name)),
                    odata: format!("'{}'", member.name),
                };
                kind.members.iter().map(member).collect()
            }
        }
    }
}

fn screaming(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_uppercase());
    }
    text
}

/// The position of a condition: the fields of the filter around it, and what comes before a name in `$filter`.
#[derive(Clone)]
struct Place {
    entity: &'static Entity,
    fields: Vec<String>,
    prefix: String,
    depth: usize,
}

impl Place {
    fn question(&self, inner: Value, odata: String) -> Question {
        let wrap = |inner, field: &String| json!({ field: inner });
        Question { graphql: self.fields.iter().rev().fold(inner, wrap), odata }
    }
}

/// Everything that may be compared with a property.
fn comparisons(samples: &Samples, place: &Place, property: Property) -> Vec<BoxedStrategy<Question>> {
    let field = names::of_property(place.entity, property.name());
    let path = format!("{}{}", place.prefix, property.name());
    let (filters, values) = (property.filters(), samples.of(property.data_type()));
    let mut operators: Vec<(&str, String)> = Vec::new();
    let compare = |name: &'static str| (name, format!("{path} {name} %"));
    if filters.allows(Filters::EQUALS) {
        operators.extend([compare("eq"), compare("ne")]);
    }
    if filters.allows(Filters::RANGE) {
        operators.extend(["gt", "ge", "lt", "le"].map(compare));
    }
    let function = |name: &'static str, odata: &str| (name, format!("{odata}({path},%)"));
    if property.nullable() && filters.allows(Filters::EQUALS) {
        operators.push(function("eqOrNull", "equalnull"));
    }
    if property.nullable() && filters.allows(Filters::RANGE) {
        operators.extend([function("geOrNull", "greaterequalnull"), function("leOrNull", "lessequalnull")]);
    }
    if filters.allows(Filters::LIKE) {
        let like = [("contains", "contains"), ("startsWith", "startswith"), ("endsWith", "endswith")];
        operators.extend(like.map(|(name, odata)| function(name, odata)));
    }
    let place = place.clone();
    let mut choices = Vec::new();
    let (one_field, one_place) = (field.clone(), place.clone());
    choices.push(
        (select(operators), select(values.clone()))
            .prop_map(move |((name, odata), value)| {
                let inner = json!({ one_field.as_str(): { name: value.graphql } });
                one_place.question(inner, odata.replace('%', &value.odata))
            })
            .boxed(),
    );
    if filters.allows_in() {
        choices.push(
            prop::collection::vec(select(values), 1..4)
                .prop_map(move |values| {
                    let (graphql, odata): (Vec<_>, Vec<_>) =
                        values.into_iter().map(|value| (value.graphql, value.odata)).unzip();
                    let inner = json!({ field.as_str(): { "in": graphql } });
                    place.question(inner, format!("{path} in ({})", odata.join(",")))
                })
                .boxed(),
        );
    }
    choices
}

/// A comparison with a reference itself, or with what is behind it.
fn references(samples: &Samples, place: &Place) -> Vec<BoxedStrategy<Question>> {
    let mut choices = Vec::new();
    for reference in place.entity.references() {
        let field = names::of_property(place.entity, reference.name);
        let (path, set) = (format!("{}{}", place.prefix, reference.name), reference.target().set_name());
        let here = place.clone();
        let ids = prop::option::weighted(0.7, select(samples.ids.clone()));
        let named = field.clone();
        let compare = (ids, any::<bool>()).prop_map(move |(id, equal)| {
            let (operator, path) = (if equal { "eq" } else { "ne" }, &path);
            match id {
                Some(id) => {
                    let inner = json!({ named.as_str(): { "id": { operator: id } } });
                    here.question(inner, format!("{path} {operator} '{set}({id})'"))
                }
                None => here.question(json!({ named.as_str(): null }), format!("{path} eq null")),
            }
        });
        choices.push(compare.boxed());
        if place.depth < 2 {
            let mut there = place.clone();
            there.fields.push(field);
            there.prefix = format!("{}{}/", place.prefix, reference.name);
            there.entity = reference.target();
            there.depth += 1;
            choices.push(leaves(samples, &there));
        }
    }
    choices
}

fn collections(samples: &Samples, place: &Place) -> Vec<BoxedStrategy<Question>> {
    let of_one = |collection: &'static Collection| {
        let variable = format!("v{}", place.depth);
        let inside = Place {
            entity: collection.target(),
            fields: Vec::new(),
            prefix: format!("{variable}/"),
            depth: place.depth + 2,
        };
        let field = names::of_property(place.entity, collection.name);
        let (here, path) = (place.clone(), format!("{}{}", place.prefix, collection.name));
        (leaves(samples, &inside), any::<bool>())
            .prop_map(move |(inner, any)| {
                let word = if any { "any" } else { "all" };
                let graphql = json!({ field.as_str(): { word: inner.graphql } });
                here.question(graphql, format!("{path}/{word}({variable}:{})", inner.odata))
            })
            .boxed()
    };
    if place.depth > 1 { Vec::new() } else { place.entity.collections().iter().map(of_one).collect() }
}

// The state depends on the time, which is that of the test in GraphQL alone.
fn leaves(samples: &Samples, place: &Place) -> BoxedStrategy<Question> {
    let attributes = place.entity.properties().filter(|property| {
        matches!(property, Property::Attribute(attribute) if !attribute.secret && attribute.column.is_some() && !attribute.derived)
            && property.filters() != Filters::NONE
    });
    let mut choices: Vec<_> = attributes.flat_map(|property| comparisons(samples, place, property)).collect();
    choices.extend(references(samples, place));
    choices.extend(collections(samples, place));
    Union::new(choices).boxed()
}

fn questions(samples: &Samples) -> BoxedStrategy<Question> {
    let place = Place { entity: AccessToken::entity(), fields: Vec::new(), prefix: String::new(), depth: 0 };
    leaves(samples, &place)
        .prop_recursive(3, 8, 3, |inner| {
            let joined = |word: &'static str| {
                prop::collection::vec(inner.clone(), 1..4).prop_map(move |all| {
                    let (graphql, odata): (Vec<_>, Vec<_>) =
                        all.into_iter().map(|one| (one.graphql, format!("({})", one.odata))).unzip();
                    Question { graphql: json!({ word: graphql }), odata: odata.join(&format!(" {word} ")) }
                })
            };
            let not = inner.clone().prop_map(|one| Question {
                graphql: json!({ "not": one.graphql }),
                odata: format!("not ({})", one.odata),
            });
            prop_oneof![joined("and"), joined("or"), not]
        })
        .boxed()
}

const GRANTS: &str = "query($filter: GrantFilter, $after: String) {
    grants(first: 500, after: $after, filter: $filter) { totalCount nodes { uuid } pageInfo { hasNextPage } } }";

#[tokio::test]
async fn filters_of_both_apis_give_the_same_rows() {
    let world = World::make().await;
    let (admin, user) = (world.with_token(&world.admin).await, world.with_token(&world.user).await);
    let some = world.data(
        &admin,
        "{ grants(first: 3) { nodes { uuid createdAt owner { uuid } application { uuid } } } }",
        json!({}),
    );
    let some = some.await;
    let mut ids = Vec::new();
    for node in some["grants"]["nodes"].as_array().unwrap() {
        for id in [&node["uuid"], &node["owner"]["uuid"], &node["application"]["uuid"]] {
            ids.extend(id.as_str().map(str::to_owned));
        }
    }
    let strategy = questions(&Samples { ids });
    let mut runner = TestRunner::deterministic();
    let (mut found_some, cases) = (0, 150);
    for number in 0..cases {
        let question = strategy.new_tree(&mut runner).unwrap().current();
        let (caller, person) = if number % 3 == 0 { (&user, &world.user) } else { (&admin, &world.admin) };
        let rows = same_rows(&world, caller, person.pat.expose(), &question).await;
        found_some += usize::from((1..300).contains(&rows));
    }
    assert!(found_some > cases / 5, "most questions tell rows apart: {found_some}");
    // The ends of ranges: a random moment is hardly ever that of a row.
    let moment = some["grants"]["nodes"][1]["createdAt"].as_str().unwrap();
    let mut numbers = BTreeSet::new();
    for operator in ["gt", "ge", "lt", "le"] {
        let graphql = json!({ "createdAt": { operator: moment } });
        let question = Question { graphql, odata: format!("CreationTimestamp {operator} {moment}") };
        numbers.insert(same_rows(&world, &admin, world.admin.pat.expose(), &question).await);
    }
    assert_eq!(numbers.len(), 4, "{moment} is the time of a row: {numbers:?}");
}

/// Asks both APIs, which give the same rows. Returns how many.
async fn same_rows(world: &World, caller: &Caller, pat: &str, question: &Question) -> usize {
    let data = world.data(caller, GRANTS, json!({ "filter": question.graphql })).await;
    let nodes = data["grants"]["nodes"].as_array().unwrap();
    let graphql: BTreeSet<&str> = nodes.iter().map(|node| node["uuid"].as_str().unwrap()).collect();
    let encoded = utf8_percent_encode(&question.odata, NON_ALPHANUMERIC);
    let path =
        format!("/api/domain/odata/Systems_Security_AccessTokens?$select=Id&$top=5000&$filter={encoded}");
    let bearer = format!("Bearer {pat}");
    let answer = get(world, &path, &[("authorization", &bearer)]).await;
    assert_eq!(answer.status, 200, "{question:?}: {}", answer.text);
    let rows = answer.json();
    let rows = rows["value"].as_array().unwrap();
    let odata: BTreeSet<&str> = rows.iter().map(|row| row["Id"].as_str().unwrap()).collect();
    assert_eq!(graphql, odata, "{question:?}");
    assert_eq!(data["grants"]["totalCount"], rows.len(), "{question:?}");
    rows.len()
}

#[tokio::test]
async fn what_the_model_does_not_allow_is_not_in_the_schema() {
    let world = World::make().await;
    let admin = world.with_token(&world.admin).await;
    for filter in [
        json!({ "data": { "eq": "x" } }),
        json!({ "createdAt": { "eq": "2026-08-01T00:00:00Z" } }),
        json!({ "kind": { "eq": "SOMETHING" } }),
        json!({ "owner": { "password": { "eq": "x" } } }),
        json!({ "createdAt": { "ge": "yesterday" } }),
        json!({ "id": { "eq": "x" } }),
    ] {
        let answer = world.ask(&admin, GRANTS, json!({ "filter": filter })).await;
        assert!(answer["errors"][0]["message"].is_string() && answer["data"]["grants"].is_null(), "{answer}");
    }
    let many: Vec<_> = (0..201).map(|_| json!({ "client": { "eq": "x" } })).collect();
    let answer = world.ask(&admin, GRANTS, json!({ "filter": { "or": many } })).await;
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("200"), "{answer}");
    let deep = (0..20).fold(json!({}), |inner, _| json!({ "not": inner }));
    let answer = world.ask(&admin, GRANTS, json!({ "filter": deep })).await;
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("nested"), "{answer}");
}
