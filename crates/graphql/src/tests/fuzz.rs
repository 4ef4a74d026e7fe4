//! Random documents: each has a response, and never an internal error.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use std::collections::HashMap;

use super::transport::{Answer, send};
use super::world::World;

/// The schema, from which documents are made up.
pub(super) struct Schema {
    types: HashMap<String, TypeKind>,
}

/// Something to make choices with.
struct Dice(TestRng);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.0.next_u32()).unwrap() % limit.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

impl Schema {
    pub(super) fn get() -> Self {
        let document = parse_schema(crate::schema::sdl()).unwrap();
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => {
                Some((definition.node.name.node.to_string(), definition.node.kind))
            }
            _ => None,
        });
        Self { types: types.collect() }
    }

    /// The arguments that a field needs, made up.
    pub(super) fn required(&self, of: &str, field: &str) -> String {
        let mut dice = Dice(TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let field = self.fields(of).into_iter().find(|known| known.name.node == field).unwrap();
        let needed = field.arguments.iter().map(|one| &one.node).filter(|one| !one.ty.node.nullable);
        self.arguments(&needed.collect::<Vec<_>>(), &mut dice)
    }

    fn fields(&self, name: &str) -> Vec<&FieldDefinition> {
        match &self.types.get(name) {
            Some(TypeKind::Object(object)) => object.fields.iter().map(|field| &field.node).collect(),
            Some(TypeKind::Interface(interface)) => {
                interface.fields.iter().map(|field| &field.node).collect()
            }
            _ => Vec::new(),
        }
    }

    fn selection(&self, of: &str, depth: usize, dice: &mut Dice) -> String {
        let fields = self.fields(of);
        let mut text = "{ __typename".to_owned();
        for _ in 0..=dice.below(3) {
            let field = *dice.pick(&fields);
            let inner = innermost(&field.ty.node);
            let composite = !self.fields(&inner).is_empty();
            if composite && depth == 0 {
                continue;
            }
            text.push_str(&format!(" f{}: {}", dice.below(1000), field.name.node));
            text.push_str(
                &self.arguments(&field.arguments.iter().map(|one| &one.node).collect::<Vec<_>>(), dice),
            );
            if composite {
                text.push_str(&self.selection(&inner, depth - 1, dice));
            }
        }
        text + " }"
    }

    fn arguments(&self, arguments: &[&InputValueDefinition], dice: &mut Dice) -> String {
        let given: Vec<String> = arguments
            .iter()
            .filter(|argument| !argument.ty.node.nullable || dice.below(3) == 0)
            .collect::<Vec<_>>()
            .into_iter()
            .map(|argument| format!("{}: {}", argument.name.node, self.value(&argument.ty.node, 3, dice)))
            .collect();
        if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }
    }

    fn value(&self, kind: &Type, depth: usize, dice: &mut Dice) -> String {
        if kind.nullable && dice.below(8) == 0 {
            return "null".to_owned();
        }
        match &kind.base {
            BaseType::List(inner) => {
                let values: Vec<_> = (0..dice.below(4)).map(|_| self.value(inner, depth, dice)).collect();
                format!("[{}]", values.join(", "))
            }
            BaseType::Named(name) => self.named(name, depth, dice),
        }
    }

    fn named(&self, name: &str, depth: usize, dice: &mut Dice) -> String {
        match self.types.get(name) {
            Some(TypeKind::Enum(kind)) => dice.pick(&kind.values).node.value.node.to_string(),
            Some(TypeKind::InputObject(kind)) => {
                let fields = kind.fields.iter().map(|field| &field.node);
                let given: Vec<String> = fields
                    .filter(|field| !field.ty.node.nullable || (depth > 0 && dice.below(10) == 0))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|field| {
                        let deeper = depth.saturating_sub(1);
                        format!("{}: {}", field.name.node, self.value(&field.ty.node, deeper, dice))
                    })
                    .collect();
                format!("{{{}}}", given.join(", "))
            }
            _ => match name {
                "Int" => {
                    dice.pick(&["0", "1", "3", "-1", "500", "501", "2147483647", "99999999999"]).to_string()
                }
                "Boolean" => dice.pick(&["true", "false"]).to_string(),
                "DateTime" => dice
                    .pick(&[
                        "\"2026-08-01T00:00:00Z\"",
                        "\"0001-01-01T00:00:00Z\"",
                        "\"9999-12-31T23:59:59Z\"",
                        "\"x\"",
                    ])
                    .to_string(),
                "JSON" => dice.pick(&["{}", "{a: [1, {b: null}]}", "7", "\"\""]).to_string(),
                _ => dice
                    .pick(&[
                        "\"\"",
                        "\"a\"",
                        "\"\\u0000\"",
                        "\"ada\"",
                        "\"é%_\\\\\"",
                        "\"QVBJ\"",
                        "\"demo-web\"",
                        "\"read\"",
                        "\"0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d\"",
                        "\"QVBJQWNjZXNzVG9rZW4tLS0wMTk4YzVmMi03ZjNhLTdjNDQtOWQyZi0zYjFmMGE1ZTZjN2Q=\"",
                    ])
                    .to_string(),
            },
        }
    }
}

fn innermost(kind: &Type) -> String {
    match &kind.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => innermost(inner),
    }
}

fn check(what: &str, answer: &Answer) {
    assert!(answer.status.as_u16() < 500, "{what}: {} {}", answer.status, answer.text);
    for error in answer.json()["errors"].as_array().into_iter().flatten() {
        assert_ne!(error["extensions"]["code"], "INTERNAL", "{what}: {error}");
        assert!(error["extensions"]["code"].is_string(), "{what}: {error}");
    }
}

async fn ask(world: &World, body: impl Into<Body>) -> Answer {
    let bearer = format!("Bearer {}", world.admin.pat.expose());
    let request = Request::post("/graphql").header("content-type", "application/json");
    send(world, request.header("authorization", bearer).body(body.into()).unwrap()).await
}

#[tokio::test]
async fn made_up_documents_never_fail_inside() {
    let (mut world, schema) = (World::make().await, Schema::get());
    let mut dice = Dice(TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut answered = 0;
    for number in 0..400 {
        let (word, root) = if number % 4 == 0 { ("mutation", "Mutation") } else { ("query", "Query") };
        let document = format!("{word} {}", schema.selection(root, 4, &mut dice));
        let answer = ask(&world, json!({ "query": document }).to_string()).await;
        check(&document, &answer);
        answered += usize::from(answer.json()["data"].is_object());
        if answer.status == StatusCode::UNAUTHORIZED {
            // A mutation revoked the token of the test.
            world = World::make().await;
        }
    }
    assert!(answered > 60, "many of the documents run: {answered}");
}

#[tokio::test]
async fn broken_bytes_never_fail_inside() {
    let (world, schema) = (World::make().await, Schema::get());
    let mut dice = Dice(TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut runner = TestRunner::deterministic();
    let flips = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    for number in 0..300 {
        let document = format!("query {}", schema.selection("Query", 3, &mut dice));
        let mut body = json!({ "query": document, "variables": { "a": [1] } }).to_string().into_bytes();
        // Every third time, only within the document, so that it reaches the parser.
        for (index, byte) in flips.new_tree(&mut runner).unwrap().current() {
            let position = index.index(body.len());
            body[position] = if number % 3 == 0 { byte % 95 + 32 } else { byte };
        }
        let what = String::from_utf8_lossy(&body).into_owned();
        check(&what, &ask(&world, body).await);
    }
}
