//! Every value that `$metadata` says can be set is written and read back; every other one is refused.

use serde_json::{Map, Value, json};

use super::super::writing::{USERS, address};
use super::samples::World;
use super::{COMPUTED, IMMUTABLE, first, lists, members, schema, sets};
use crate::support::Server;

/// What `$metadata` says of the properties of a set.
#[derive(Default)]
struct Declared {
    set: String,
    insertable: bool,
    updatable: bool,
    at_creation: Vec<String>,
    always: Vec<String>,
    /// Attributes and references that only the server sets, with a value of their type.
    never: Vec<(String, Value)>,
}

impl Declared {
    fn new(schema: &Value, (set, described, own_type): (String, Value, Value)) -> Self {
        let restrictions = |term: &str| &described[format!("@Org.OData.Capabilities.V1.{term}Restrictions")];
        let (inserts, updates) = (restrictions("Insert"), restrictions("Update"));
        let mut declared = Self {
            set,
            insertable: inserts["Insertable"] == true,
            updatable: updates["Updatable"] == true,
            ..Self::default()
        };
        for (name, attribute) in members(&own_type, false) {
            match (attribute[COMPUTED] == true, attribute[IMMUTABLE] == true) {
                (true, _) => declared.never.push((name, any_value(schema, &attribute))),
                (false, true) => declared.at_creation.push(name),
                (false, false) => declared.always.push(name),
            }
        }
        for (name, link) in
            members(&own_type, true).into_iter().filter(|(_, link)| link["$Collection"].is_null())
        {
            let inserted = !lists(&inserts["NonInsertableNavigationProperties"], &name);
            match (inserted, lists(&updates["NonUpdatableNavigationProperties"], &name)) {
                (true, false) => declared.always.push(name),
                (true, true) => declared.at_creation.push(name),
                (false, _) => {
                    let target = link["$Type"].as_str().unwrap().trim_start_matches("Erp.");
                    let id = format!("{target}s(12345678-9abc-def0-1234-56789abcdef0)");
                    declared.never.push((name, json!({ "@odata.id": id })));
                }
            }
        }
        declared
    }

    /// Returns a body with every value that can be set at creation.
    fn body(&self, world: &World) -> Map<String, Value> {
        let names = self.at_creation.iter().chain(&self.always);
        names.map(|name| (name.clone(), world.values(&self.set, name).0)).collect()
    }
}

/// Returns a value of the type of an attribute.
fn any_value(schema: &Value, attribute: &Value) -> Value {
    match attribute["$Type"].as_str().unwrap_or("Edm.String") {
        "Edm.String" => json!("x"),
        "Edm.Boolean" => json!(true),
        "Edm.Int32" => json!(77),
        "Edm.Guid" => json!("12345678-9abc-def0-1234-56789abcdef0"),
        "Edm.DateTimeOffset" => json!("2001-01-01T00:00:00Z"),
        other => {
            let kind = schema[other.trim_start_matches("Erp.")].as_object().unwrap();
            let member = kind.keys().find(|name| !name.starts_with('$') && !name.contains('@'));
            json!(member.unwrap())
        }
    }
}

/// Compares what was written with what is read.
fn check(row: &Value, name: &str, written: &Value) {
    let read = &row[name];
    if name == "Metadata" {
        let text = |value: &Value| serde_json::from_str::<Value>(value.as_str().unwrap()).unwrap();
        assert_eq!(text(read)["default_max_age"], text(written)["default_max_age"], "{row}");
        return;
    }
    if written.is_object() {
        assert_eq!(read["@odata.id"], written["@odata.id"], "{name}: {row}");
        return;
    }
    assert_eq!(read, written, "{name}: {row}");
}

fn check_creation(server: &Server, declared: &Declared, world: &World, admin: &str) -> String {
    let body = declared.body(world);
    for (name, value) in &declared.never {
        let mut wrong = body.clone();
        wrong.insert(name.clone(), value.clone());
        let refused = server.create(&declared.set, &wrong.into(), admin);
        assert_eq!(refused.status, 400, "POST {} {name}: {}", declared.set, refused.body);
        assert_eq!(refused.details()[0].0, *name, "{}", refused.body);
    }
    let created = server.created(&declared.set, &body.clone().into(), admin);
    let row = server.row(&address(&declared.set, &created.id()), admin);
    body.iter().for_each(|(name, value)| check(&row, name, value));
    created.id()
}

fn check_changes(server: &Server, declared: &Declared, world: &World, id: &str, admin: &str) {
    let at = address(&declared.set, id);
    for name in &declared.always {
        let value = world.values(&declared.set, name).1;
        let changed = server.patch(&at, &json!({ name: value }), admin);
        assert_eq!(changed.status, 204, "PATCH {at} {name}: {}", changed.body);
        check(&server.row(&at, admin), name, &value);
    }
    let others = declared.at_creation.iter().map(|name| (name, world.values(&declared.set, name).1));
    let never = declared.never.iter().map(|(name, value)| (name, value.clone()));
    for (name, value) in others.chain(never) {
        let refused = server.patch(&at, &json!({ name: value }), admin);
        // The version of a body is a condition.
        let status = if name == "ObjectVersion" { 412 } else { 400 };
        assert_eq!(refused.status, status, "PATCH {at} {name}: {}", refused.body);
        if status == 400 {
            assert_eq!(refused.details()[0].0, *name, "{}", refused.body);
        }
    }
}

on_both_engines! {
    fn every_declared_value_is_written_and_read(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let world = World::of(server, admin);
        let schema = schema(server);
        let (mut created, mut closed) = (0, 0);
        for described in sets(&schema) {
            let declared = Declared::new(&schema, described);
            if declared.insertable {
                let id = check_creation(server, &declared, &world, admin);
                check_changes(server, &declared, &world, &id, admin);
                created += 1;
            } else {
                assert!(!declared.updatable, "{}: rows that change can be created", declared.set);
                assert_eq!(server.create(&declared.set, &json!({}), admin).status, 405, "{}", declared.set);
                let at = address(&declared.set, "12345678-9abc-def0-1234-56789abcdef0");
                assert_eq!(server.patch(&at, &json!({}), admin).status, 405, "{}", declared.set);
                closed += 1;
            }
        }
        assert!(created >= 6 && closed >= 4, "{created} sets with new rows, {closed} without");
    }

    /// Whether tokens are accepted as passwords is decided by administrators only, also for the user's own row.
    fn users_do_not_allow_themselves_basic_authentication(server: &mut Server) {
        let world = server.world();
        let ben = address(USERS, &first(server, USERS, "Login eq 'ben'", &world.admin.pat));
        let allowed = json!({ "BasicAuthenticationAllowed": true });
        assert_eq!(server.patch(&ben, &allowed, &world.user.pat).status, 403);
        assert_eq!(server.row(&ben, &world.admin.pat)["BasicAuthenticationAllowed"], false);
        assert_eq!(server.patch(&ben, &allowed, &world.admin.pat).status, 204);
        assert_eq!(server.row(&ben, &world.admin.pat)["BasicAuthenticationAllowed"], true);
    }
}
