//! Text that strangers choose, and the names of users and applications.

mod addresses;
mod applications;
mod logins;
mod removal;
mod subjects;
mod text;

use serde_json::{Value, json};

use crate::support::Server;

/// A character that reverses text, which is refused.
const TURNING: char = '\u{202e}';

/// Runs a mutation as an administrator; returns the data, or the whole response if it was refused.
fn change(
    server: &Server,
    name: &str,
    input_type: &str,
    input: &Value,
    payload: &str,
) -> Result<Value, String> {
    let document = format!("mutation($input: {input_type}!) {{ {name}(input: $input) {{ {payload} }} }}");
    let admin = server.world().admin.pat;
    let (_, answer) = server.graphql(&document, &json!({ "input": input }), &admin);
    let data = answer["data"][name].clone();
    if answer["errors"].is_null() && !data.is_null() { Ok(data) } else { Err(answer.to_string()) }
}

fn create_user(server: &Server, login: &str, password: Option<&str>) -> Result<Value, String> {
    let input = json!({ "login": login, "name": "Test user", "password": password });
    change(server, "userCreate", "UserCreateMutationInput", &input, "user { uuid login }")
}
