use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition};
use async_graphql::{PathSegment, ServerError, Value};
use serde_json::{Value as Json, json};

use super::{Plan, complete, plan};

/// The operation of a document.
fn operation(document: &ExecutableDocument) -> &OperationDefinition {
    match &document.operations {
        DocumentOperations::Single(operation) => &operation.node,
        DocumentOperations::Multiple(_) => panic!("there are several operations"),
    }
}

/// The plan of a query, and its merged document as text.
fn merged(query: &str) -> (Plan, String) {
    let document = async_graphql::parser::parse_query(query).unwrap();
    let (plan, merged) = plan(&document.fragments, operation(&document)).unwrap();
    assert!(merged.fragments.is_empty());
    (plan, text(&operation(&merged).selection_set.node))
}

fn text(set: &async_graphql::parser::types::SelectionSet) -> String {
    use async_graphql::parser::types::Selection;
    let items = set.items.iter().map(|item| match &item.node {
        Selection::Field(field) => {
            let field = &field.node;
            let alias = field.alias.as_ref().map(|alias| format!("{}:", alias.node)).unwrap_or_default();
            let inside = &field.selection_set.node;
            let inside = if inside.items.is_empty() { String::new() } else { text(inside) };
            format!("{alias}{}{inside}", field.name.node)
        }
        Selection::InlineFragment(fragment) => {
            let on = &fragment.node.type_condition.as_ref().unwrap().node.on.node;
            format!("...{on}{}", text(&fragment.node.selection_set.node))
        }
        Selection::FragmentSpread(_) => panic!("fragments are unfolded"),
    });
    format!("{{{}}}", items.collect::<Vec<_>>().join(" "))
}

#[test]
fn each_field_is_resolved_once_in_the_order_of_the_request() {
    for (query, expected) in [
        ("{ viewer { id } viewer { scopes id } }", "{viewer{id scopes}}"),
        (
            "{ z: viewer { id } ...F y: viewer { id } } fragment F on Query { x: viewer { id } z: viewer { scopes } }",
            "{z:viewer{id scopes} x:viewer{id} y:viewer{id}}",
        ),
        // The fields of all grants are selected from the interface, the fields of one kind from that kind.
        (
            "{ grants { nodes { id ... on APIAccessToken { ipAddress id } } } }",
            "{grants{nodes{@type:__typename id ...APIAccessToken{ipAddress}}}}",
        ),
        ("{ grants { nodes { ... on Node { id } kind } } }", "{grants{nodes{@type:__typename id kind}}}"),
        (
            "{ node(id: 1) { ... on Grant { kind } ... on User { login } } }",
            "{node{@type:__typename ...APIAccessToken{kind} ...APIAuthorizationCode{kind} ...APIBackchannelRequest{kind} ...APIConsent{kind} ...APIDeviceCode{kind} ...APIRefreshToken{kind} ...User{login}}}",
        ),
        ("{ __schema { types { name } types { kind } } }", "{__schema{types{name kind}}}"),
    ] {
        assert_eq!(merged(query).1, expected, "{query}");
    }
}

#[test]
fn what_many_types_multiply_is_limited() {
    // Each level has a selection of its own for each kind of grant, so nothing can be shared.
    let kinds = ["APIAccessToken", "APIRefreshToken", "APIAuthorizationCode", "APIDeviceCode", "APIConsent"];
    let mut inside = "{ id }".to_owned();
    for _ in 0..10 {
        let own: String =
            kinds.iter().map(|kind| format!("... on {kind} {{ parent {{ uuid }} }} ")).collect();
        inside = format!("{{ parent {inside} {own} }}");
    }
    let query = format!("{{ grants {{ nodes {inside} }} }}");
    let document = async_graphql::parser::parse_query(&query).unwrap();
    let Err(error) = plan(&document.fragments, operation(&document)) else {
        panic!("the plan has no limit");
    };
    assert!(error.message.contains("exceeds the limit of 5000"), "{}", error.message);
}

/// The completed data as text, and the errors by their paths and messages.
fn completed(query: &str, data: Json, mut errors: Vec<ServerError>) -> (String, Vec<(String, String)>) {
    let (plan, _) = merged(query);
    let data = complete(&plan, Value::from_json(data).unwrap(), &mut errors);
    let errors = errors.into_iter().map(|error| (path(&error.path), error.message)).collect();
    (serde_json::to_string(&data).unwrap(), errors)
}

fn path(path: &[PathSegment]) -> String {
    serde_json::to_string(path).unwrap()
}

#[test]
fn data_gets_the_order_of_the_request() {
    let query = "{ grants { totalCount nodes { kind ... on APIAccessToken { ipAddress } ... on APIConsent { scopes } id } } }";
    let data = json!({ "grants": {
        "nodes": [
            { "@type": "APIAccessToken", "id": "1", "ipAddress": null, "kind": "A" },
            { "@type": "APIConsent", "scopes": [], "id": "2", "kind": "C" },
        ],
        "totalCount": 2,
    } });
    let expected = r#"{"grants":{"totalCount":2,"nodes":[{"kind":"A","ipAddress":null,"id":"1"},{"kind":"C","scopes":[],"id":"2"}]}}"#;
    assert_eq!(completed(query, data, Vec::new()), (expected.to_owned(), Vec::new()));
}

#[test]
fn objects_of_which_nothing_is_selected_are_there() {
    let query = "{ grants { nodes { ... on APIConsent { id } } } }";
    let data = json!({ "grants": { "nodes": [{ "@type": "APIDeviceCode" }, { "@type": "APIConsent", "id": "1" }] } });
    let expected = r#"{"grants":{"nodes":[{},{"id":"1"}]}}"#;
    assert_eq!(completed(query, data, Vec::new()), (expected.to_owned(), Vec::new()));
    let data = json!({ "viewer": { "user": { "@type": "User" } } });
    let query = "{ viewer { user { ... on APIConsent { id } } } }";
    assert_eq!(completed(query, data, Vec::new()), (r#"{"viewer":{"user":{}}}"#.to_owned(), Vec::new()));
}

#[test]
fn a_null_that_cannot_be_spreads_to_the_nearest_that_can() {
    let login = "{ users { nodes { login } } viewer { id } }";
    let missing = json!({ "users": { "nodes": [{ "login": "ada" }, {}] }, "viewer": { "id": "v" } });
    let message = "Cannot return null for non-nullable field User.login.".to_owned();
    assert_eq!(
        completed(login, missing.clone(), Vec::new()),
        (
            r#"{"users":null,"viewer":{"id":"v"}}"#.to_owned(),
            vec![(r#"["users","nodes",1,"login"]"#.to_owned(), message)]
        )
    );
    // An error that is there explains it already.
    let path = ["users", "nodes"].map(|name| PathSegment::Field(name.to_owned()));
    let path =
        path.into_iter().chain([PathSegment::Index(1), PathSegment::Field("login".to_owned())]).collect();
    let error = ServerError { path, ..ServerError::new("no", None) };
    let (data, errors) = completed(login, missing, vec![error]);
    assert_eq!((data.as_str(), errors.len()), (r#"{"users":null,"viewer":{"id":"v"}}"#, 1));
    // Nothing above can be null.
    let schema = "{ __schema { types { name } } viewer { id } }";
    let (data, errors) = completed(schema, json!({ "__schema": null, "viewer": { "id": "v" } }), Vec::new());
    assert_eq!((data.as_str(), errors.len()), ("null", 1));
}

#[test]
fn a_member_that_failed_is_null_and_its_error_has_its_path() {
    let query = "{ viewer { user { login grants { totalCount } } } }";
    let data = json!({ "viewer": { "user": { "login": "ada" } } });
    let (data, errors) = completed(query, data, vec![ServerError::new("bad argument", None)]);
    assert_eq!(data, r#"{"viewer":{"user":{"login":"ada","grants":null}}}"#);
    assert_eq!(errors, [(r#"["viewer","user","grants"]"#.to_owned(), "bad argument".to_owned())]);
    assert_eq!(completed("{ viewer { id } }", Json::Null, Vec::new()).0, r#"{"viewer":null}"#);
}
