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
        (APPLICATIONS, "Metadata") => return json!("{\"subject_type\":\"pairwise\"}"),
        (APPLICATIONS | RESOURCES, "Scope") => return json!("update"),
        (APPLICATIONS, "ReferenceTokens") => return json!("AuthenticatedUsers"),
        (APPLICATIONS, "SystemUser") => {
            let mut user = needed(server, USERS, token);
            user["UserType"] = json!("SystemUserNoLogin");
            return json!({ "@odata.id": address(USERS, &server.created(USERS, &user, token).id()) });
        }
        (TOKENS, "TrustedApplication") => {
            let rows = server
                .rows(&format!("{APPLICATIONS}?$select=Id&$filter=ApplicationUri eq 'demo-web'"), token);
            return json!({ "@odata.id": address(APPLICATIONS, rows[0]["Id"].as_str().unwrap()) });
        }
        (TOKENS, "Type") => return json!("personal_access_token"),
        (USERS, "UserType") => return json!("ExternalCommunityUser"),
        (TOKENS, "AllowedIPAddresses") => return json!("10.0.0.0/8 127.0.0.0/8"),
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

fn check_insert(
    server: &Server,
    set: &str,
    facts: &Value,
    property: &Property<'_>,
    token: &str,
) -> Result<(), String> {
    let mut body = needed(server, set, token);
    if !body[property.name].is_null() || property.facts["$Collection"] == true {
        return Ok(());
    }
    if !is_settable(facts, property, "InsertRestrictions", "NonInsertableNavigationProperties") {
        body[property.name] = json!("x");
        let refused = server.create(set, &body, token);
        let is_named = refused.details().first().is_some_and(|(target, _)| target == property.name);
        return is_named.then_some(()).ok_or(format!("POST {set}/{}: {}", property.name, refused.body));
    }
    let wanted = value(server, set, property, token);
    body[property.name] = wanted.clone();
    let created = server.create(set, &body, token);
    if created.status != 201 {
        return Err(format!("POST {set}/{}: {}", property.name, created.body));
    }
    let found = read(server, &address(set, &created.id()), property.name, token);
    let error = || format!("POST {set}/{}: {wanted} was written, {found} read", property.name);
    if is_written(&wanted, &found) { Ok(()) } else { Err(error()) }
}

fn check_update(
    server: &Server,
    set: &str,
    facts: &Value,
    property: &Property<'_>,
    row: &str,
    token: &str,
) -> Result<(), String> {
    if property.facts["$Collection"] == true {
        return Ok(());
    }
    let can = is_settable(facts, property, "UpdateRestrictions", "NonUpdatableNavigationProperties")
        && !property.has("Immutable");
    let wanted = match (can, property.is_navigation()) {
        (true, _) => value(server, set, property, token),
        (false, true) => json!({ "@odata.id": format!("{USERS}(12345678-9abc-def0-1234-56789abcdef0)") }),
        (false, false) => json!("x"),
    };
    let body = Value::Object(Map::from_iter([(property.name.to_owned(), wanted.clone())]));
    let changed = server.patch(row, &body, token);
    let expected = if can { 204..205 } else { 400..500 };
    if !expected.contains(&changed.status) {
        return Err(format!("PATCH {set}/{}: {} {}", property.name, changed.status, changed.body));
    }
    let found = read(server, row, property.name, token);
    let error = || format!("PATCH {set}/{}: {wanted} was written, {found} read", property.name);
    if can == is_written(&wanted, &found) { Ok(()) } else { Err(error()) }
}

on_both_engines! {
    fn everything_declared_can_be_written(server: &mut Server) {
        let token = &server.world().admin.pat;
        let all = Description::read(server);
        let (mut sets, mut wrong) = (0, Vec::new());
        for (set, facts) in all.sets() {
            if facts["@Org.OData.Capabilities.V1.InsertRestrictions"]["Insertable"] != true {
                assert_eq!(server.create(set, &json!({}), token).status, 405, "{set}");
                continue;
            }
            for property in all.properties(facts) {
                wrong.extend(check_insert(server, set, facts, &property, token).err());
                let row = address(set, &server.created(set, &needed(server, set, token), token).id());
                wrong.extend(check_update(server, set, facts, &property, &row, token).err());
            }
            let row = address(set, &server.created(set, &needed(server, set, token), token).id());
            let deletes = facts["@Org.OData.Capabilities.V1.DeleteRestrictions"]["Deletable"] == true;
            let status = server.delete(&row, token).status;
            assert_eq!(status, if deletes { 204 } else { 405 }, "DELETE {set}");
            sets += 1;
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(sets >= 6, "{sets} sets");
    }
}
