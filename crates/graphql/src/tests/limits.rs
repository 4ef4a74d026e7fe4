//! What a document may ask for is known before it runs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::world::World;
use crate::context::ResolverContext;
use crate::execute::{AllowedOperations, prepare};
use crate::limits::Limits;
use crate::rejection::PrepareError;
use crate::request::GraphqlRequest;
use crate::schema_index::SchemaIndex;

async fn cost(world: &World, query: &str, variables: Value) -> Result<u64, String> {
    let caller = world.with_token(&world.admin).await;
    let resolver = ResolverContext::new(world.ctx.clone(), caller);
    let variables = async_graphql::Variables::from_json(variables);
    let request = GraphqlRequest { query: query.to_owned(), operation_name: None, variables };
    match prepare(&Limits::default(), &resolver, &request, AllowedOperations::QueriesAndMutations) {
        Ok(operation) => Ok(operation.cost),
        Err(PrepareError::Document(errors)) => Err(errors[0].message.clone()),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn objects_cost_one_and_connections_multiply() {
    let world = World::make().await;
    for (query, expected) in [
        ("{ __typename }", 0),
        ("{ viewer { scopes } }", 1),
        ("{ viewer { user { login name } token { id } } }", 3),
        ("{ grants(first: 10) { totalCount } }", 1),
        ("{ grants(first: 10) { nodes { id kind } } }", 11),
        ("{ grants(first: 10) { edges { cursor node { id owner { id } } } pageInfo { endCursor } } }", 32),
        ("{ grants { nodes { id } } }", 51),
        ("{ users(first: 10) { nodes { grants(first: 20) { nodes { id } } } } }", 221),
        (
            "{ ...f } fragment f on Query { users(last: 3) { nodes { ... on User { grants(first: 2) { nodes { id } } } } } }",
            13,
        ),
        ("query($n: Int = 7) { users(first: $n) { nodes { id } } }", 8),
        ("{ nodes(ids: [\"a\", \"b\"]) { id ... on User { grants(first: 1) { nodes { id } } } } }", 6),
        ("{ grantCounts(by: [OWNER], first: 30) { owner { login } } }", 60),
        ("{ grantCounts(by: [OWNER]) { owner { login } } }", 100),
        ("{ __schema { types { name } } }", 0),
    ] {
        assert_eq!(cost(&world, query, json!({})).await, Ok(expected), "{query}");
    }
    let by_variable =
        "query($n: Int, $ids: [ID!]!) { users(first: $n) { nodes { id } } nodes(ids: $ids) { id } }";
    assert_eq!(cost(&world, by_variable, json!({ "n": 100, "ids": ["a", "b", "c"] })).await, Ok(104));
    let excessive = "{ users(first: 500) { nodes { grants(first: 500) { nodes { id } } } } }";
    let refusal = cost(&world, excessive, json!({})).await;
    assert_eq!(refusal, Err("the cost of the operation exceeds the limit of 10000".to_owned()));
}

/// Every field that says a scope is refused without it, and nothing of the document runs.
#[tokio::test]
async fn fields_need_the_scopes_that_the_schema_says() {
    let world = World::make().await;
    let fields: BTreeSet<_> = SchemaIndex::get().with_scopes().collect();
    assert!(fields.len() > 10 && fields.iter().any(|(of, ..)| *of == "Mutation"), "{fields:?}");
    let schema = super::fuzz::Schema::get();
    let lesser = [
        ("read", world.limited_to(&world.admin, "update sec").await),
        ("update", world.limited_to(&world.admin, "read sec").await),
    ];
    for (of, field, scope) in fields {
        if of == "Subscription" {
            continue;
        }
        let (_, caller) = lesser.iter().find(|(lacks, _)| *lacks == scope).unwrap();
        let word = if of == "Mutation" { "mutation" } else { "query" };
        let arguments = schema.required(of, field);
        let document = format!("{word} {{ {field}{arguments} {{ __typename }} }}");
        let refusal = world.refusal(caller, &document, json!({})).await;
        assert_eq!(refusal, json!({ "code": "INSUFFICIENT_SCOPE", "scope": scope }), "{of}.{field}");
    }
}

/// No field of the roots is without a scope.
#[test]
fn every_root_field_declares_its_scope() {
    let document = async_graphql::parser::parse_schema(crate::schema::sdl()).unwrap();
    let said: BTreeSet<_> =
        SchemaIndex::get().with_scopes().map(|(of, field, _)| format!("{of}.{field}")).collect();
    for definition in document.definitions {
        let async_graphql::parser::types::TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        let name = definition.node.name.node.to_string();
        let async_graphql::parser::types::TypeKind::Object(object) = definition.node.kind else { continue };
        if ["Query", "Mutation", "Subscription"].contains(&name.as_str()) {
            for field in object.fields {
                let field = format!("{name}.{}", field.node.name.node);
                // A token describes and ends itself without any scope; a device begins a login without a token.
                let open =
                    ["Mutation.apiAccessTokenCodeCreate", "Mutation.viewerTokenRevoke", "Query.viewer"]
                        .contains(&field.as_str());
                assert_eq!(said.contains(&field), !open, "{field}");
            }
        }
    }
}
