//! What is declared is served: `$metadata`, the models, the endpoints and the reference against the running program.

mod called;
mod model_json;
mod pending;
mod samples;
mod seed_page;
mod settable;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Server;

/// The terms of `$metadata` about who sets a value.
const COMPUTED: &str = "@Org.OData.Core.V1.Computed";
const IMMUTABLE: &str = "@Org.OData.Core.V1.Immutable";

/// Returns `$metadata` as JSON: the schema of the service.
fn schema(server: &Server) -> Value {
    let mut csdl: Value = server.ask(&Method::GET, "$metadata?$format=json", &[], None).json().unwrap();
    csdl["Erp"].take()
}

/// Returns the entity sets of a schema: the name, the description in the container, and the type of the rows.
fn sets(schema: &Value) -> Vec<(String, Value, Value)> {
    let container = schema["Container"].as_object().unwrap();
    let described = container.iter().filter(|(_, one)| one["$Collection"] == true);
    let with_type = described.map(|(name, one)| {
        let own_type = one["$Type"].as_str().unwrap().trim_start_matches("Erp.");
        (name.clone(), one.clone(), schema[own_type].clone())
    });
    with_type.collect()
}

/// Returns the members of a type: the attributes, or the navigation properties.
fn members(own_type: &Value, navigation: bool) -> Vec<(String, Value)> {
    let all = own_type.as_object().unwrap().iter();
    let own = all.filter(|(name, member)| !name.starts_with(['$', '@']) && member.is_object());
    let wanted = own.filter(|(_, member)| (member["$Kind"] == "NavigationProperty") == navigation);
    wanted.map(|(name, member)| (name.clone(), member.clone())).collect()
}

/// Returns whether a list of `$metadata` has a name.
fn lists(list: &Value, name: &str) -> bool {
    list.as_array().is_some_and(|items| items.contains(&json!(name)))
}

/// Returns the identifier of the first row of a set that a filter finds.
fn first(server: &Server, set: &str, filter: &str, token: &str) -> String {
    let rows = server.rows(&format!("{set}?$top=1&$select=Id&$filter={filter}"), token);
    let row = rows.first().unwrap_or_else(|| panic!("no row of {set} with {filter}"));
    row["Id"].as_str().unwrap().to_owned()
}
