use serde_json::json;

use super::*;

const ROOT: &str = "https://example.org/odata/";
const GUID: &str = "12345678-9abc-def0-1234-56789abcdef0";

fn set(name: &str) -> &'static Entity {
    model::find_entity(&format!("Systems_Security_{name}")).unwrap()
}

fn read(entity: &'static Entity, id: Option<Uuid>, body: &Json) -> RowBody {
    BodyReader { root: ROOT, named: &[("1".to_owned(), RowKey { entity: set("Users"), id: Uuid::nil() })] }
        .row(entity, id, body.as_object().unwrap())
}

fn wrong(entity: &'static Entity, body: &Json) -> Vec<(String, &'static str)> {
    let found = read(entity, None, body).given.unreadable;
    found.into_iter().map(|error| (error.target, error.code)).collect()
}

/// Every kind of JSON at the place of each property: the model's type alone is read.
#[test]
fn a_value_of_another_type_is_an_error() {
    let kinds =
        [json!(null), json!(true), json!(7), json!(7.5), json!("x\0"), json!("text"), json!([]), json!({})];
    for entity in model::entities() {
        let properties = entity.properties().filter(|property| entity.property(property.name()).is_some());
        for property in properties.filter(|property| property.name() != VERSION) {
            for kind in &kinds {
                let fits = match (property, property.data_type(), kind) {
                    (_, _, Json::Null) => true,
                    (Property::Reference(_), ..) => false,
                    (_, model::DataType::Text, Json::String(text)) => !text.contains('\0'),
                    (_, model::DataType::Bool, Json::Bool(_)) => true,
                    (_, model::DataType::Int32, Json::Number(number)) => number.is_i64(),
                    _ => false,
                };
                let name = property.name();
                let found = wrong(entity, &json!({ name: kind }));
                assert_eq!(found.is_empty(), fits, "{} {name} {kind}", entity.name);
                assert!(found.iter().all(|(target, _)| target == name), "{found:?}");
            }
        }
        for collection in entity.collections() {
            for kind in kinds.iter().filter(|kind| **kind != json!([])) {
                assert!(!wrong(entity, &json!({ collection.name: kind })).is_empty(), "{kind}");
                let child = wrong(entity, &json!({ collection.name: [kind] }));
                assert_eq!(child.is_empty(), kind.is_object(), "{kind}");
            }
        }
    }
}

#[test]
fn references_are_read_in_each_of_their_forms() {
    let applications = set("TrustedApplications");
    let id = Uuid::parse_str(GUID).unwrap();
    for (body, user) in [
        (json!({ "SystemUser": { "@odata.id": format!("Systems_Security_Users({GUID})") } }), id),
        (json!({ "SystemUser": { "@id": format!("{ROOT}Systems_Security_Users({GUID})") } }), id),
        (json!({ "SystemUser@odata.bind": format!("Systems_Security_Users({GUID})") }), id),
        (json!({ "SystemUser@bind": format!("{ROOT}Systems_Security_Users({GUID})") }), id),
        (json!({ "SystemUser": { "@odata.id": "$1" } }), Uuid::nil()),
    ] {
        let body = read(applications, None, &body);
        assert!(body.given.unreadable.is_empty(), "{:?}", body.given.unreadable);
        assert_eq!(body.given.value("SystemUser"), Some(&Value::Guid(user)));
    }
    for body in [
        json!({ "SystemUser": { "@odata.id": "$2" } }),
        json!({ "SystemUser": { "@odata.id": format!("Systems_Security_Resources({GUID})") } }),
        json!({ "SystemUser": { "@odata.id": "Systems_Security_Users(7)" } }),
        json!({ "SystemUser": { "@odata.id": 7 } }),
        json!({ "SystemUser": { "Login": "ada" } }),
        json!({ "SystemUser@odata.bind": null }),
        json!({ "SystemUser@odata.bind": format!("https://other.example/Systems_Security_Users({GUID})") }),
        json!({ "Name@odata.bind": format!("Systems_Security_Users({GUID})") }),
        json!({ "Authorizations@odata.bind": [] }),
    ] {
        assert_eq!(wrong(applications, &body).len(), 1, "{body}");
    }
    let twice = json!({
        "SystemUser": { "@odata.id": format!("Systems_Security_Users({GUID})") },
        "SystemUser@odata.bind": format!("Systems_Security_Users({GUID})"),
    });
    assert_eq!(wrong(applications, &twice).len(), 1);
}

#[test]
fn control_information_is_checked_or_refused() {
    let id = Uuid::parse_str(GUID).unwrap();
    let own = format!("Systems_Security_Users({GUID})");
    let body = json!({
        "@odata.context": "$metadata#Systems_Security_Users/$entity",
        "@odata.type": "#Erp.Systems_Security_User",
        "@odata.id": own,
        "@odata.etag": "W/\"4\"",
        "@odata.editLink": own,
        "ProviderLogins@odata.navigationLink": format!("{own}/ProviderLogins"),
        "Active@odata.type": "#Boolean",
        "ObjectVersion": 5,
    });
    let read = read(set("Users"), Some(id), &body);
    assert!(read.given.unreadable.is_empty() && read.given.values.is_empty());
    assert_eq!(read.versions, [4, 5]);
    for body in [
        json!({ "@odata.type": "#Erp.Systems_Security_Scope" }),
        json!({ "@odata.id": own }),
        json!({ "@odata.etag": "4" }),
        json!({ "@odata.etag": 4 }),
        json!({ "@odata.count": 4 }),
        json!({ "@odata.removed": { "reason": "deleted" } }),
        json!({ "@grantor.secret": "x" }),
        json!({ "@erpnet.action": "merge" }),
        json!({ "Foo@odata.type": "#String" }),
        json!({ "ObjectVersion": "5" }),
        json!({ "ObjectVersion": null }),
        json!({ "Password": "x" }),
    ] {
        assert_eq!(wrong(set("Users"), &body).len(), 1, "{body}");
    }
}

#[test]
fn errors_of_children_name_their_place() {
    let body = json!({ "Authorizations": [{}, { "Notse": "x", "IsRevoked": 1, "ObjectVersion": 2 }, 3] });
    let found = read(set("TrustedApplications"), None, &body);
    let intent = model::writing::Intent::Create { owner: None };
    let all = model::writing::check(set("TrustedApplications"), intent, &found.given);
    let targets: Vec<_> = all.iter().map(|error| error.target.as_str()).collect();
    for target in [
        "Authorizations/1/Notse",
        "Authorizations/1/IsRevoked",
        "Authorizations/1/ObjectVersion",
        "Authorizations/2",
    ] {
        assert!(targets.contains(&target), "{target}: {targets:?}");
    }
    let many = vec![json!({}); MAX_CHILDREN + 1];
    assert_eq!(wrong(set("TrustedApplications"), &json!({ "Authorizations": many }))[0].1, "LIMIT_EXCEEDED");
}
