//! Everything that `$metadata`, the service document and the endpoints declare is called.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::writing::{TOKENS, address, personal};
use super::{first, members, schema, sets};
use crate::support::Server;

/// Statuses of a request that the service knows: whatever it thinks of the values, the address and the method are right.
const UNKNOWN: [u16; 4] = [404, 405, 500, 501];

/// Returns the arguments of an operation: a value for every parameter.
fn arguments(name: &str) -> Value {
    match name {
        "BeginTransaction" => json!({ "model": "common", "trackChanges": true }),
        "EndTransaction" => json!({ "commit": false }),
        "Import" => {
            json!({ "transaction": "per-object", "model": "common", "loggingLevel": 0, "objects": [] })
        }
        "Rotate" => json!({ "overlap": 0, "untilAdopted": false, "expires": null }),
        "Narrow" => json!({ "scopes": "read" }),
        "GetAllowedCustomPropertyValues" => json!({
            "customPropertyCode": "'color'", "search": "'a%'", "exactMatch": "false", "orderByDescription": "true",
            "top": "5", "skip": "0",
        }),
        "Revoke"
        | "CreateCopy"
        | "GetChanges"
        | "WaitForChanges"
        | "GetVersion"
        | "GetRenamedEntityTypes"
        | "Reset" => {
            json!({})
        }
        other => panic!("'{other}' is declared, and this test has no arguments for it"),
    }
}

/// Returns arguments as a body. Those of an import precede its objects.
fn body(arguments: &Value) -> String {
    let mut members: Vec<_> = arguments.as_object().unwrap().iter().collect();
    members.sort_by_key(|(name, _)| *name == "objects");
    let written: Vec<_> = members.iter().map(|(name, value)| format!("{}: {value}", json!(name))).collect();
    format!("{{{}}}", written.join(", "))
}

/// Checks that the arguments are those of a declaration, so that each parameter is sent.
fn check_parameters(name: &str, declared: &Value, arguments: &Value) {
    let parameters = declared["$Parameter"].as_array().cloned().unwrap_or_default();
    let named = parameters.iter().map(|parameter| parameter["$Name"].as_str().unwrap());
    let mut wanted: Vec<_> = named.filter(|one| *one != "row").collect();
    let mut given: Vec<_> = arguments.as_object().unwrap().keys().map(String::as_str).collect();
    wanted.sort_unstable();
    given.sort_unstable();
    assert_eq!(given, wanted, "{name}");
}

/// Returns the operations of a schema: the name, the kind, one overload.
fn operations(schema: &Value) -> Vec<(String, bool, Value)> {
    let overloads =
        schema.as_object().unwrap().iter().filter_map(|(name, one)| Some((name, one.as_array()?)));
    let all = overloads.flat_map(|(name, all)| all.iter().map(move |one| (name.clone(), one.clone())));
    all.map(|(name, one)| (name, one["$Kind"] == "Action", one)).collect()
}

fn call(
    server: &Server,
    path: &str,
    is_action: bool,
    arguments: &Value,
    transaction: &str,
    token: &str,
) -> (u16, String) {
    let base = format!("{}/api/domain/odata/{path}", server.url);
    let request = if is_action {
        server.http.post(base).header("content-type", "application/json").body(body(arguments))
    } else {
        let parts = arguments.as_object().unwrap().iter();
        let inner: Vec<_> = parts
            .map(|(name, value)| format!("{name}={}", value.as_str().unwrap().replace('%', "%25")))
            .collect();
        server.http.get(format!("{base}({})", inner.join(",")))
    };
    let request = if transaction.is_empty() { request } else { request.header("TransactionId", transaction) };
    let response = request.bearer_auth(token).send().unwrap();
    (response.status().as_u16(), response.text().unwrap())
}

/// Changes a row of a transaction, so that there is something to wait for.
fn touch(server: &Server, id: &str, token: &str) {
    let mut user = json!({ "Login": "declared.waiting", "Name": "x" });
    user["Notes"] = json!("x");
    let headers = [("TransactionId", id)];
    let written = server.write(&Method::POST, "Systems_Security_Users", &headers, &user, token);
    assert_eq!(written.status, 201, "{}", written.body);
}

fn begin(server: &Server, token: &str) -> String {
    let (status, id) = call(server, "BeginTransaction", true, &arguments("BeginTransaction"), "", token);
    assert_eq!(status, 200, "{id}");
    id
}

fn end(server: &Server, id: &str, token: &str) {
    let (status, text) = call(server, "EndTransaction", true, &arguments("EndTransaction"), id, token);
    assert_eq!(status, 204, "{text}");
}

on_both_engines! {
    fn every_operation_is_called(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let schema = schema(server);
        let mut called = 0;
        for (name, is_action, declared) in operations(&schema) {
            let values = arguments(&name);
            check_parameters(&name, &declared, &values);
            let row_type = declared["$Parameter"][0]["$Type"].as_str().unwrap_or_default();
            let in_transaction = ["EndTransaction", "GetChanges", "WaitForChanges", "CreateCopy"].contains(&name.as_str());
            if declared["$IsBound"] != true {
                let id = if in_transaction { begin(server, admin) } else { String::new() };
                if name == "WaitForChanges" {
                    touch(server, &id, admin);
                }
                let (status, text) = call(server, &name, is_action, &values, &id, admin);
                assert!(!UNKNOWN.contains(&status) && status < 400, "{name}: {status} {text}");
                match name.as_str() {
                    "BeginTransaction" => end(server, &text, admin),
                    "GetChanges" | "WaitForChanges" => end(server, &id, admin),
                    _ => {}
                }
                called += 1;
                continue;
            }
            let set = sets(&schema).into_iter().find(|(_, one, _)| one["$Type"] == row_type).unwrap().0;
            for qualified in [name.clone(), format!("Erp.{name}")] {
                let id = if set == TOKENS {
                    server.created(TOKENS, &personal("called"), admin).id()
                } else {
                    match server.rows(&format!("{set}?$top=1&$select=Id"), admin).first() {
                        Some(row) => row["Id"].as_str().unwrap().to_owned(),
                        None => continue,
                    }
                };
                let transaction = if in_transaction { begin(server, admin) } else { String::new() };
                let path = format!("{}/{qualified}", address(&set, &id));
                let (status, text) = call(server, &path, is_action, &values, &transaction, admin);
                // What cannot be copied for its values is refused for them.
                let is_known = status < 400 || name == "CreateCopy" && [400, 409].contains(&status);
                assert!(is_known, "{path}: {status} {text}");
                if in_transaction {
                    end(server, &transaction, admin);
                }
                called += 1;
            }
        }
        assert!(called >= 25, "only {called} calls");
    }

    fn every_set_and_navigation_is_read(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let document: Value = server.odata("", admin).json().unwrap();
        for entry in document["value"].as_array().unwrap() {
            let url = entry["url"].as_str().unwrap();
            assert_eq!(server.odata(url, admin).status(), 200, "{url}");
        }
        let schema = schema(server);
        for (set, _, own_type) in sets(&schema) {
            assert!(document["value"].as_array().unwrap().iter().any(|one| one["name"] == set.as_str()), "{set}");
            assert_eq!(server.odata(&format!("{set}/$count"), admin).status(), 200, "{set}");
            let rows = server.rows(&format!("{set}?$top=1&$select=Id"), admin);
            for (name, _) in members(&own_type, true) {
                let status = server.odata(&format!("{set}?$top=1&$expand={name}"), admin).status();
                assert_eq!(status, 200, "{set} {name}");
                if let Some(row) = rows.first() {
                    let path = format!("{}/{name}", address(&set, row["Id"].as_str().unwrap()));
                    let status = server.odata(&path, admin).status().as_u16();
                    assert!([200, 204].contains(&status), "{path}: {status}");
                }
            }
        }
    }

    fn every_member_of_an_enumeration_is_a_value(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let schema = schema(server);
        let mut asked = 0;
        for (set, _, own_type) in sets(&schema) {
            for (name, attribute) in members(&own_type, false) {
                let kind = attribute["$Type"].as_str().unwrap_or_default();
                let described = &schema[kind.trim_start_matches("Erp.")];
                if described["$Kind"] != "EnumType" {
                    continue;
                }
                let filters = attribute["@Erp.SupportedFilters"].as_str().unwrap();
                let allowed = filters.split(", ").any(|one| one == "Equals");
                let names = described.as_object().unwrap().keys();
                for member in names.filter(|one| !one.starts_with('$') && !one.contains('@')) {
                    for literal in [format!("'{member}'"), format!("{kind}'{member}'")] {
                        let status = server.odata(&format!("{set}?$top=1&$filter={name} eq {literal}"), admin).status();
                        assert_eq!(status, if allowed { 200 } else { 400 }, "{set}: {name} eq {literal}");
                        asked += 1;
                    }
                }
                let unknown = server.odata(&format!("{set}?$top=1&$filter={name} eq 'NoSuchMember'"), admin);
                assert_eq!(unknown.status(), 400, "{set} {name}");
            }
        }
        assert!(asked > 50, "{asked}");
    }

    fn every_endpoint_of_the_domain_is_called(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let openapi: Value = server.get("/openapi.json", None).send().unwrap().json().unwrap();
        let id = first(server, TOKENS, "Kind eq 'PersonalAccessToken'", admin);
        let mut called = 0;
        for (path, methods) in openapi["paths"].as_object().unwrap() {
            if !["/api/domain/", "/sys/", "/tools/"].iter().any(|root| path.starts_with(root)) {
                continue;
            }
            for (method, declared) in methods.as_object().unwrap() {
                let Some(responses) = declared["responses"].as_object() else { continue };
                // What changes something is sent with a body that it refuses.
                let target = path.replace("{set}", TOKENS).replace("{id}", &id);
                let verb = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                if verb == Method::DELETE || target.ends_with("/WaitForChanges") {
                    continue;
                }
                let mut request = server.http.request(verb.clone(), format!("{}{target}", server.url)).bearer_auth(admin);
                if verb != Method::GET {
                    request = request.json(&json!({ "NoSuchMember": 1 }));
                }
                let status = request.send().unwrap().status().as_u16();
                assert!(responses.contains_key(&status.to_string()), "{method} {path}: {status}");
                assert!(![404, 405].contains(&status), "{method} {path}: {status}");
                assert_eq!(status == 501, responses.contains_key("501"), "{method} {path}: {status}");
                called += 1;
            }
        }
        assert!(called >= 20, "only {called} endpoints");
    }
}
