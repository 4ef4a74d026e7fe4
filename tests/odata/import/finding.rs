//! How rows are found, and what each action does with them.

use serde_json::{Value, json};

use super::{USER, results, user, with};

/// An object that finds by a criterion.
fn by(action: &str, criterion: &Value, members: &Value) -> Value {
    let object = json!({ "@odata.type": USER, "@erpnet.action": action, "@erpnet.findBy": criterion });
    with(object, members)
}

on_both_engines! {
    /// A row that another system names is created once and then changed; without the system the name must be unambiguous.
    fn external_identifiers_merge(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let merge = |login: &str, name: &str, system: Value| {
            let external = json!({ "@erpnet.action": "merge", "ExternalId": "17", "ExternalSystem": system });
            server.import(&json!({}), &[with(user(login, name), &external)], admin)
        };
        assert_eq!(results(&merge("ext-hr", "One", json!("hr"))), ["Added"]);
        assert_eq!(results(&merge("ext-hr", "One", json!("hr"))), ["Unchanged"]);
        assert_eq!(results(&merge("ext-hr", "Two", json!("hr"))), ["Modified"]);
        assert_eq!(results(&merge("ext-crm", "Three", json!("crm"))), ["Added"]);
        assert_eq!(server.names_of("startswith(Login,'ext-')", admin), ["Three", "Two"]);
        let find = |criterion: Value| server.import(&json!({}), &[by("find", &criterion, &json!({}))], admin);
        let ambiguous = find(json!({ "ExternalId": "17" }));
        assert_eq!(results(&ambiguous), ["CONFLICT"]);
        let message = ambiguous["objects"][0]["@erpnet.message"].as_str().unwrap();
        assert_eq!(message.matches("Systems_Security_Users(").count(), 2, "{message}");
        assert_eq!(results(&find(json!({ "ExternalId": "17", "ExternalSystem": "crm" }))), ["Unchanged"]);
    }

    /// Each criterion finds a row; only the first of several counts.
    fn rows_are_found_by_each_criterion(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let made = server.import(
            &json!({}),
            &[with(user("find-me", "Findable Person"), &json!({ "ExternalId": "find-1" }))],
            admin,
        );
        let own = made["objects"][0]["@odata.id"].as_str().unwrap();
        let id = own.split(['(', ')']).nth(1).unwrap();
        for criterion in [
            json!({ "ExternalId": "find-1" }),
            json!({ "Id": id }),
            json!({ "Code": "find-me" }),
            json!({ "Name": "ABLE PERS" }),
            json!({ "DisplayText": "Findable" }),
            json!({ "ExternalId": "find-1", "Code": "no-such-login" }),
        ] {
            let response = server.import(&json!({}), &[by("find", &criterion, &json!({}))], admin);
            assert_eq!(response["objects"][0]["@odata.id"], own, "{criterion}: {response}");
        }
        let ignored = json!({ "Id": Value::Null, "Code": "find-me" });
        let response = server.import(&json!({}), &[by("find", &ignored, &json!({}))], admin);
        assert_eq!(response["objects"][0]["@odata.id"], own);
    }

    /// What each action does with no match, with one and with several.
    fn actions_differ_in_what_they_do_with_matches(server: &mut Server) {
        let admin = &server.world().admin.pat;
        server.import(&json!({}), &[user("twin-one", "Twin"), user("twin-two", "Twin")], admin);
        let (none, several) = (json!({ "Code": "nobody-here" }), json!({ "Name": "twin" }));
        for (action, without, with_several) in [
            ("find", "NOT_FOUND", "Unchanged"),
            ("findOrNull", "Unchanged", "Unchanged"),
            ("findSingle", "NOT_FOUND", "CONFLICT"),
            ("findSingleOrNull", "Unchanged", "CONFLICT"),
            ("update", "NOT_FOUND", "Modified"),
            ("delete", "NOT_FOUND", "Deleted"),
        ] {
            let notes = json!({ "Notes": action });
            let response =
                server.import(&json!({}), &[by(action, &none, &notes), by(action, &several, &notes)], admin);
            assert_eq!(results(&response), [without, with_several], "{action}");
            let objects = response["objects"].as_array().unwrap();
            let is_missing = objects[0].get("@odata.id").is_none();
            assert!(is_missing, "{action}");
        }
        assert_eq!(server.names_of("startswith(Login,'twin-')", admin), ["Twin"]);
        let message = server.import(&json!({}), &[by("update", &none, &json!({}))], admin);
        assert_eq!(
            message["objects"][0]["@erpnet.message"],
            r#"Object not found: Systems_Security_Users, action: update, findBy: {"Code":"nobody-here"}."#
        );
        let made = json!({ "Login": "made", "Name": "Made" });
        let make = || by("findOrCreate", &json!({ "Code": "made" }), &made);
        assert_eq!(results(&server.import(&json!({}), &[make(), make()], admin)), ["Added", "Unchanged"]);
    }

    /// A reference names its row, or is a search; a search that finds nothing is an error or null.
    fn references_are_found(server: &mut Server) {
        let admin = &server.world().admin.pat;
        let application = |uri: &str, user: Value| {
            let user = json!({ "ClientType": "Confidential", "Scope": "read", "SystemUser": user });
            let named = json!({
                "@odata.type": "Erp.Systems_Security_TrustedApplication",
                "ApplicationUri": uri,
                "Name": uri,
            });
            with(named, &user)
        };
        let objects = [
            with(user("robot-of-import", "Robot"), &json!({ "UserType": "ApplicationUserNoLogin" })),
            application("imported-1", json!({ "Login": "robot-of-import" })),
            application("imported-2", json!({ "@erpnet.findBy": { "Code": "robot-of-import" } })),
            application("imported-3", json!({ "@erpnet.action": "find", "Login": "nobody-here" })),
            application("imported-4", json!({ "Login": "robot-of-import", "Notes": "x" })),
        ];
        let response = server.import(&json!({}), &objects, admin);
        assert_eq!(
            results(&response),
            ["Added", "Added", "Added", "NOT_FOUND", "BAD_USER_INPUT"],
            "{response}"
        );
        let applications = server.rows(
            "Systems_Security_TrustedApplications?$filter=SystemUser/Login eq 'robot-of-import'&$select=Name",
            admin,
        );
        assert_eq!(applications.len(), 2);
    }
}
