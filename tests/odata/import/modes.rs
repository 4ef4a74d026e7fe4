//! Objects that take effect on their own, or all together.

use serde_json::json;

use super::{results, user, with};

on_both_engines! {
    /// Each object has its own result, in the order of the objects; those beside a failed one take effect.
    fn each_object_takes_effect_on_its_own(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let objects = [
            user("imp-a", "A"),
            user("imp-a", "taken"),
            user("imp b", "bad"),
            user("imp-c", "C"),
            with(user("imp-d", "D"), &json!({ "Nmae": 1 })),
            user("imp-e", "E"),
        ];
        let response = server.import(&json!({}), &objects, admin);
        assert_eq!(results(&response), ["Added", "CONFLICT", "BAD_USER_INPUT", "Added", "BAD_USER_INPUT", "Added"]);
        let objects = response["objects"].as_array().unwrap();
        assert!(objects[1].get("@odata.id").is_none());
        let id = objects[0]["@odata.id"].as_str().unwrap();
        assert_eq!(server.rows(&format!("{id}?$select=Login"), admin)[0]["Login"], "imp-a");
        assert_eq!(objects[4]["@erpnet.error"]["details"][0]["code"], "UNKNOWN_PROPERTY");
        assert_eq!(server.names_of("startswith(Login,'imp-')", admin), ["A", "C", "E"]);
    }

    /// If one object fails, none has an effect; the one that failed has the reason.
    fn all_objects_take_effect_or_none(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let all = json!({ "transaction": "all-objects" });
        for bad in [user("all-a", "taken"), user("all b", "bad"), json!({ "Login": "x" })] {
            let events = server.count("Systems_Security_AuditEvents?$filter=Type eq 'UserCreated'", admin);
            let response = server.import(&all, &[user("all-a", "A"), bad, user("all-c", "C")], admin);
            let objects = response["objects"].as_array().unwrap();
            assert!(objects.iter().all(|object| object["@erpnet.result"] == "fail"), "{response}");
            assert!(!objects[1]["@erpnet.message"].as_str().unwrap().contains("another object"), "{response}");
            assert!(objects[2]["@erpnet.message"].as_str().unwrap().contains("another object"), "{response}");
            assert_eq!(server.count("Systems_Security_Users?$filter=startswith(Login,'all-')", admin), 0);
            let after = server.count("Systems_Security_AuditEvents?$filter=Type eq 'UserCreated'", admin);
            assert_eq!(after, events);
        }
        let response = server.import(&all, &[user("all-a", "A"), user("all-c", "C")], admin);
        assert_eq!(results(&response), ["Added", "Added"]);
        assert_eq!(server.names_of("startswith(Login,'all-')", admin), ["A", "C"]);
    }

    /// In both modes an object finds what the objects before it wrote.
    fn objects_find_what_precedes_them(server: &mut Server) {
        let admin = &server.world().admin.pat;
        for (mode, prefix) in [("per-object", "each"), ("all-objects", "every")] {
            let login = format!("{prefix}-one");
            let objects = [
                user(&login, "First"),
                with(user(&login, "Second"), &json!({ "@erpnet.action": "merge" })),
                with(user(&login, "Second"), &json!({ "@erpnet.action": "merge" })),
                with(user(&login, "Third"), &json!({ "@erpnet.action": "update" })),
                with(user(&login, ""), &json!({ "@erpnet.action": "find" })),
            ];
            let response = server.import(&json!({ "transaction": mode }), &objects, admin);
            assert_eq!(results(&response), ["Added", "Modified", "Unchanged", "Modified", "Unchanged"], "{mode}");
            let ids: Vec<_> = response["objects"].as_array().unwrap().iter().map(|object| &object["@odata.id"]).collect();
            assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
            assert_eq!(server.names_of(&format!("Login eq '{login}'"), admin), ["Third"]);
        }
    }

    /// The level decides whether the import has an event, and what it names. Rows have their own events always.
    fn the_logging_level_decides_what_is_recorded(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let imports = "Systems_Security_AuditEvents?$orderby=TimeUtc desc&$filter=Type eq 'ObjectsImported'&$select=Data";
        let of_rows = || server.count("Systems_Security_AuditEvents?$filter=Type eq 'UserCreated'", admin);
        let rows = of_rows();
        for (number, (level, events, names)) in [(0, 0, false), (1, 1, false), (2, 2, true)].into_iter().enumerate() {
            let objects = [user(&format!("level-{level}"), "L"), user("no login", "N")];
            server.import(&json!({ "loggingLevel": level }), &objects, admin);
            let recorded = server.rows(imports, admin);
            assert_eq!(recorded.len(), events, "{level}");
            if let Some(last) = recorded.first() {
                let data: serde_json::Value = serde_json::from_str(last["Data"].as_str().unwrap()).unwrap();
                assert_eq!((&data["objects"], &data["failed"]), (&json!(2), &json!(1)));
                assert_eq!(data["rows"].as_array().map_or(0, Vec::len), usize::from(names), "{data}");
            }
            assert_eq!(of_rows(), rows + number as u64 + 1);
        }
    }

    /// The secret of a new token is in its result, and works.
    fn secrets_of_new_rows_are_in_the_results(server: &mut Server) {
        let world = server.world();
        let token = with(
            json!({ "@odata.type": "Erp.Systems_Security_AccessToken" }),
            &super::super::writing::personal("imported"),
        );
        let response = server.import(&json!({}), &[token], &world.user.pat);
        assert!(server.accepts(response["objects"][0]["@grantor.secret"].as_str().unwrap()), "{response}");
    }
}
