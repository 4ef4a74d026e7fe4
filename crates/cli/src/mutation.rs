//! Changes over GraphQL.

use serde_json::{Map, Value, json};

use super::problem::Problem;
use super::server::Server;

/// The scopes for changes by administrators.
pub(crate) const ADMINISTRATOR: &[&str] = &["update", "sec"];
/// The scope for a user's own changes.
pub(crate) const OWN: &[&str] = &["update"];

/// A mutation of the schema.
pub(crate) struct Mutation {
    /// Its name, such as `userUnlock`.
    pub(crate) name: &'static str,
    /// The required scopes.
    pub(crate) needs: &'static [&'static str],
    /// The selection of its payload.
    pub(crate) payload: &'static str,
}

impl Mutation {
    /// Runs the mutation and returns the payload.
    pub(crate) fn run(&self, server: &Server, input: &Value) -> Result<Value, Problem> {
        let Self { name, needs, payload } = self;
        let document =
            format!("mutation($input: {}!) {{ {name}(input: $input) {{ {payload} }} }}", self.input_type());
        let mut data: Map<String, Value> = server.graphql(needs, &document, &json!({"input": input}))?;
        let payload = data.remove(*name).filter(Value::is_object);
        payload.ok_or_else(|| server.http().foreign("the response lacks the result of the change").into())
    }

    /// Returns the type of its input, by the naming rule of the schema.
    fn input_type(&self) -> String {
        let first = self.name.chars().next().map(|first| first.to_ascii_uppercase());
        let capital: String = first.into_iter().chain(self.name.chars().skip(1)).collect();
        let of = capital.strip_prefix("Api").map_or_else(|| capital.clone(), |rest| format!("API{rest}"));
        format!("{of}MutationInput")
    }
}

/// Creates an input of the arguments that were given.
pub(crate) fn said<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let said = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(said.collect())
}

/// Creates a list, unless it is empty.
pub(crate) fn listed(items: Vec<String>) -> Option<Value> {
    (!items.is_empty()).then(|| items.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::stub::{Answer, Stub, signed_in};

    #[test]
    fn a_mutation_is_asked_for_with_its_input() {
        for (name, input_type) in
            [("apiScopeCreate", "APIScopeCreateMutationInput"), ("userUnlock", "UserUnlockMutationInput")]
        {
            let stub = Stub::answering([Answer::json(200, &json!({"data": {name: {"a": 1}}}))]);
            let mutation = Mutation { name, needs: OWN, payload: "a" };
            let input = said([("login", Some("ann".into())), ("name", None)]);
            assert_eq!(mutation.run(&signed_in(&stub.url()), &input).unwrap(), json!({"a": 1}));
            let sent = stub.request().json();
            assert_eq!(sent["variables"], json!({"input": {"login": "ann"}}));
            let document = format!("mutation($input: {input_type}!) {{ {name}(input: $input) {{ a }} }}");
            assert_eq!(sent["query"], document);
        }
    }

    #[test]
    fn an_answer_without_payload_is_none() {
        let stub = Stub::answering([Answer::json(200, &json!({"data": {"userUnlock": null}}))]);
        let mutation = Mutation { name: "userUnlock", needs: OWN, payload: "a" };
        assert!(mutation.run(&signed_in(&stub.url()), &json!({})).is_err());
    }
}
