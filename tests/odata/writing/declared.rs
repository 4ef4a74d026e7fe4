//! Every value that `$metadata` declares as settable is written and read back; every other one is refused.

use serde_json::{Map, Value, json};

use super::super::declared::{Description, Property, lists};
use super::{APPLICATIONS, TOKENS, USERS, address};
use crate::support::Server;
use crate::support::keys::unique;

const SCOPES: &str = "Systems_Security_Scopes";
const RESOURCES: &str = "Systems_Security_Resources";
const AUTHORIZATIONS: &str = "Systems_Security_TrustedApplicationAuthorizations";

/// Returns the values that a new row needs.
fn needed(server: &Server, set: &str, token: &str) -> Value {
    let name = format!("declared-{}", unique());
    match set {
        TOKENS => json!({ "Kind": "PersonalAccessToken", "Client": "demo-web", "Scopes": "read update" }),
        USERS => json!({ "Login": name, "Name": name }),
        APPLICATIONS => {
            json!({ "ApplicationUri": name, "Name": name, "Scope": "read", "ClientType": "Confidential" })
        }
        SCOPES => json!({ "Name": name, "DisplayName": name }),
        RESOURCES => json!({ "Identifier": format!("https://{name}.example"), "Name": name }),
        AUTHORIZATIONS => {
            let application = needed(server, APPLICATIONS, token);
            let application = address(APPLICATIONS, &server.created(APPLICATIONS, &application, token).id());
            let user = needed(server, USERS, token);
            let user = address(USERS, &server.created(USERS, &user, token).id());
            json!({ "TrustedApplication": { "@odata.id": application }, "ContextUser": { "@odata.id": user } })
        }
        other => panic!("{other} can be written: what does a row need?"),
    }
}

/// Returns a value of a property that differs from the default.
fn value(server: &Server, set: &str, property: &Property<'_>, token: &str) -> Value {
    match (set, property.name) {
        (USERS, "DefaultLanguage") => return json!("de"),
        (USERS, "Email") => return json!(format!("{}@example.com", unique())),
        (USERS, "TimeZone") => return json!("Europe/Berlin"),
        (USERS, "Active") | (APPLICATIONS, "IsEnabled") | (SCOPES | RESOURCES, "IsActive") => {
            return json!(false);
        }
        (SCOPES, "IsListed") => return json!(false),
        (APPLICATIONS, "ImpersonateLoginUrl" | "ImpersonateLogoutUrl") => {
            return json!("https://app.example/back");
        }
        (APPLICATIONS, "SystemUserLoginUrl") => return json!("https://app.example/start"),
        (APPLICATIONS, "Metadata") => return json!("{\"client_uri\":\"https://app.example\"}"),
        (APPLICATIONS | RESOURCES, "Scope") => return json!("update"),
        (APPLICATIONS, "ReferenceTokens") => return json!("AuthenticatedUsers"),
        (APPLICATIONS, "SystemUser") => {
            let mut user = needed(server, USERS, token);
            user["UserType"] = json!("VirtualUserNoLogin");
            return json!({ "@odata.id": address(USERS, &server.created(USERS, &user, token).id()) });
        }
        (TOKENS, "AllowedIPAddresses") => return json!("10.0.0.0/8 127.0.0.1"),
        _ => {}
    }
    match property.facts["$Type"].as_str().unwrap_or("Edm.String") {
        "Edm.String" => json!(format!("x{}", unique())),
        "Edm.Boolean" => json!(true),
        "Edm.Int32" => json!(60),
        "Edm.DateTimeOffset" => json!("2031-01-01T00:00:00Z"),
        "Erp.AccessTokenFormat" => json!("Jwt"),
        other => panic!("{set}/{}: a value of {other} is needed", property.name),
    }
}

/// Returns whether a value that was read is the one that was written.
fn is_written(written: &Value, read: &Value) -> bool {
    match (written["@odata.id"].as_str(), read["@odata.id"].as_str()) {
        (Some(written), Some(read)) => written == read,
        _ => {
            written == read
                || read.as_str().is_some_and(|read| written.as_str() == Some(&read.replace(".000000Z", "Z")))
        }
    }
}

fn read(server: &Server, row: &str, name: &str, token: &str) -> Value {
    server.rows(&format!("{row}?$select={name}"), token).remove(0)[name].take()
}

fn is_settable(facts: &Value, property: &Property<'_>, restriction: &str, list: &str) -> bool {
    if property.is_navigation() {
        !lists(facts, restriction, list, property.name)
    } else {
        !property.has("Computed")
    }
}

fn check_insert(server: &Server, set: &str, facts: &Value, property: &Property<'_>, token: &str) {
    let mut body = needed(server, set, token);
    if !body[property.name].is_null() || property.facts["$Collection"] == true {
        return;
    }
    if !is_settable(facts, property, "InsertRestrictions", "NonInsertableNavigationProperties") {
        body[property.name] = json!("x");
        let refused = server.create(set, &body, token);
        assert_eq!(
            refused.details().first().map(|(target, _)| target.as_str()),
            Some(property.name),
            "{set}: {}",
            refused.body
        );
        return;
    }
    let wanted = value(server, set, property, token);
    body[property.name] = wanted.clone();
    let id = server.created(set, &body, token).id();
    let found = read(server, &address(set, &id), property.name, token);
    assert!(is_written(&wanted, &found), "POST {set}/{}: {wanted} was written, {found} read", property.name);
}

fn check_update(server: &Server, set: &str, facts: &Value, property: &Property<'_>, row: &str, token: &str) {
    if property.facts["$Collection"] == true {
        return;
    }
    let can = is_settable(facts, property, "UpdateRestrictions", "NonUpdatableNavigationProperties")
        && !property.has("Immutable");
    if !can {
        let other = if property.is_navigation() {
            json!({ "@odata.id": format!("{USERS}(12345678-9abc-def0-1234-56789abcdef0)") })
        } else {
            json!("x")
        };
        let refused =
            server.patch(row, &Value::Object(Map::from_iter([(property.name.to_owned(), other)])), token);
        assert!(
            (400..500).contains(&refused.status),
            "PATCH {set}/{}: {} {}",
            property.name,
            refused.status,
            refused.body
        );
        return;
    }
    let wanted = value(server, set, property, token);
    let body = Value::Object(Map::from_iter([(property.name.to_owned(), wanted.clone())]));
    let changed = server.patch(row, &body, token);
    assert_eq!(changed.status, 204, "PATCH {set}/{}: {}", property.name, changed.body);
    let found = read(server, row, property.name, token);
    assert!(is_written(&wanted, &found), "PATCH {set}/{}: {wanted} was written, {found} read", property.name);
}

on_both_engines! {
    fn everything_declared_can_be_written(server: &mut Server) {
        let token = &server.world().admin.pat;
        let all = Description::read(server);
        let mut sets = 0;
        for (set, facts) in all.sets() {
            if facts["@Org.OData.Capabilities.V1.InsertRestrictions"]["Insertable"] != true {
                assert_eq!(server.create(set, &json!({}), token).status, 405, "{set}");
                continue;
            }
            for property in all.properties(facts) {
                check_insert(server, set, facts, &property, token);
                let row = address(set, &server.created(set, &needed(server, set, token), token).id());
                check_update(server, set, facts, &property, &row, token);
            }
            let row = address(set, &server.created(set, &needed(server, set, token), token).id());
            let deletes = facts["@Org.OData.Capabilities.V1.DeleteRestrictions"]["Deletable"] == true;
            let status = server.delete(&row, token).status;
            assert_eq!(status, if deletes { 204 } else { 405 }, "DELETE {set}");
            sets += 1;
        }
        assert!(sets >= 6, "{sets} sets");
    }
}
