//! The schema against what it was made from, and the copy of it that is checked in.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::world::World;
use crate::schema::sdl;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_reference_is_current() {
    let path = root().join("docs/reference/schema.graphql");
    if std::env::var("UPDATE_REFERENCE").is_ok_and(|value| value == "1") {
        std::fs::write(&path, sdl()).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == sdl(),
        "docs/reference/schema.graphql is not the schema any more; run\n\
         UPDATE_REFERENCE=1 cargo nextest run --workspace -E 'test(the_reference_is_current)'"
    );
}

const TYPE: &str = "{ __type(name: \"APIAccessTokenCode\") { kind name description interfaces { name kind }
    fields { name description type { kind name ofType { kind name } } } } }";

#[tokio::test]
async fn the_type_of_codes_is_the_one_that_was_specified() {
    let facts = root().join("tests/facts/graphql-APIAccessTokenCode.json");
    let facts: Value = serde_json::from_str(&std::fs::read_to_string(facts).unwrap()).unwrap();
    let world = World::make().await;
    let user = world.with_token(&world.user).await;
    let found = world.data(&user, TYPE, json!({})).await["__type"].take();
    for member in ["kind", "name", "description"] {
        assert_eq!(found[member], facts[member], "{member}");
    }
    let fields: Vec<_> = found["fields"].as_array().unwrap().iter().map(described).collect();
    let expected: Vec<_> = facts["fields"].as_array().unwrap().iter().map(specified).collect();
    assert_eq!(fields, expected);
    assert_eq!(fields.len(), 7);
    let interfaces = |from: &Value| -> Vec<(String, String)> {
        let interfaces = from["interfaces"].as_array().unwrap().iter();
        let word = |interface: &Value, name: &str| interface[name].as_str().unwrap().to_lowercase();
        interfaces.map(|interface| (word(interface, "name"), word(interface, "kind"))).collect()
    };
    assert_eq!(interfaces(&found), interfaces(&facts));
}

/// Name, type name, kind, nullability and description of a field, as the schema says them of itself.
fn described(field: &Value) -> Value {
    let nullable = field["type"]["kind"] != "NON_NULL";
    let inner = if nullable { &field["type"] } else { &field["type"]["ofType"] };
    let kind = inner["kind"].as_str().unwrap().to_lowercase();
    json!([field["name"], inner["name"], kind, nullable, field["description"]])
}

/// The same, as the specification has them.
fn specified(field: &Value) -> Value {
    assert_eq!(field["list"], false);
    json!([field["name"], field["type_name"], field["type_kind"], field["nullable"], field["description"]])
}
