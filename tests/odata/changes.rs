//! Change tracking (OData 4.01 part 1, section 11.3; JSON format, section 15).

use reqwest::Method;
use serde_json::Value;

use crate::support::Server;

const SET: &str = "Systems_Security_AccessTokens";
/// Grants that were not revoked.
const VALID: &str = "$filter=not (RevokedTimestamp ge 2000-01-01T00:00:00Z)&$select=Id,Kind";
const NEW: (&str, &str) = ("OData-MaxVersion", "4.01");

/// Returns a response in version 4.01.
fn page(server: &Server, query: &str, prefer: &str, token: &str) -> Value {
    let response = server.ask(&Method::GET, query, &[NEW, ("Prefer", prefer)], Some(token));
    let (status, text) = (response.status(), response.text().unwrap());
    assert_eq!(status, 200, "{query}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// Returns the entries of all pages, and the query of the link to later changes.
fn read(server: &Server, query: &str, prefer: &str, token: &str) -> (Vec<Value>, String) {
    let (mut entries, mut next) = (Vec::new(), query.to_owned());
    loop {
        let mut page = page(server, &next, prefer, token);
        entries.append(page["value"].as_array_mut().unwrap());
        match (page["@nextLink"].as_str(), page["@deltaLink"].as_str()) {
            (Some(link), None) => next = behind_root(server, link),
            (None, Some(link)) => return (entries, behind_root(server, link)),
            links => panic!("a page leads either on or to changes: {links:?}"),
        }
    }
}

fn behind_root(server: &Server, link: &str) -> String {
    link.strip_prefix(&format!("{}/api/domain/odata/", server.url)).unwrap().to_owned()
}

/// Splits entries into present and removed rows.
fn sorted_out(entries: &[Value]) -> (Vec<&str>, Vec<&str>) {
    let removed = |entry: &&Value| entry["@removed"]["reason"] == "changed";
    let id = |entry: &Value| entry["@id"].as_str().unwrap().len();
    assert!(entries.iter().all(|entry| id(entry) == SET.len() + 38), "{entries:?}");
    let ids = |wanted: bool| {
        let of = entries.iter().filter(|entry| removed(entry) == wanted);
        of.map(|entry| &entry["@id"].as_str().unwrap()[SET.len() + 1..SET.len() + 37]).collect()
    };
    (ids(false), ids(true))
}

/// Creates a personal access token; returns the id of the grant.
fn create(server: &Server, description: &str, token: &str) -> String {
    let app = server.world().applications.service.client_id;
    let arguments = ["token", "create", "--app", &app, "--description", description, "--scope", "read"];
    server.cli(&arguments, Some(token)).unwrap();
    let found = format!("{SET}?$filter=Kind eq 'PersonalAccessToken'&$select=Id,Description&$top=1000");
    let rows = server.rows(&found, token);
    let own = rows.iter().find(|row| row["Description"] == description).unwrap();
    own["Id"].as_str().unwrap().to_owned()
}

fn revoke(server: &Server, id: &str, token: &str) {
    server.cli(&["token", "revoke", "--yes", id], Some(token)).unwrap();
}

on_both_engines! {
    /// After each response, a client that tracks changes has the same rows as after a complete read.
    fn changes_are_followed(server: &mut Server) {
        let pat = server.world().admin.pat;
        let begin = format!("{SET}?{VALID}");
        let (rows, delta) = read(server, &begin, "track-changes, maxpagesize=150", &pat);
        assert_eq!(rows.len() as u64, server.count(&begin, &pat));
        let (nothing, delta) = read(server, &delta, "", &pat);
        assert_eq!(nothing, Vec::<Value>::new());

        let (first, second) = (create(server, "first", &pat), create(server, "second", &pat));
        let gone = rows.iter().find(|row| row["Kind"] == "ServiceAccessToken").unwrap()["Id"].as_str().unwrap();
        revoke(server, gone, &pat);
        // With pages of one row, the changes continue where the previous page ended.
        let (entries, later) = read(server, &delta, "maxpagesize=1", &pat);
        assert_eq!(sorted_out(&entries), (vec![&*first, &*second], vec![gone]));
        // Pages without rows would lose changes.
        assert_eq!(read(server, &delta.replace("$deltatoken", "$top=0&$deltatoken"), "", &pat).0, entries);
        // The same link can be followed again.
        assert_eq!(read(server, &delta, "", &pat).0, entries);

        revoke(server, &first, &pat);
        let (entries, later) = read(server, &later, "", &pat);
        assert_eq!(sorted_out(&entries), (vec![], vec![&*first]));
        assert_eq!(read(server, &later, "", &pat).0, Vec::<Value>::new());
    }

    /// A deleted row is removed with the reason `deleted`, once for each link, in both versions.
    fn deleted_rows_are_reported(server: &mut Server) {
        let world = server.world();
        let (admin, ben) = (world.admin.pat.as_str(), world.user.pat.as_str());
        let users = "Systems_Security_Users";
        let post = |login: &str| {
            let body = serde_json::json!({ "Login": login, "Name": login });
            let url = format!("{}/api/domain/odata/{users}", server.url);
            let answer = server.http.post(url).bearer_auth(admin).json(&body).send().unwrap();
            answer.json::<Value>().unwrap()["Id"].as_str().unwrap().to_owned()
        };
        let (goes, stays) = (post("goes"), post("stays"));
        let (_, delta) = read(server, &format!("{users}?$select=Login"), "track-changes", admin);
        let (_, own) = read(server, &format!("{users}?$select=Login"), "track-changes", ben);
        let gone = server.ask(&Method::DELETE, &format!("{users}({goes})"), &[], Some(admin));
        assert_eq!(gone.status(), 204);
        let (entries, later) = read(server, &delta, "", admin);
        let removed: Vec<_> = entries.iter().filter(|entry| entry["@removed"]["reason"] == "deleted").collect();
        assert_eq!(removed.len(), 1, "{entries:?}");
        assert_eq!(removed[0]["@id"], format!("{users}({goes})"));
        assert!(!entries.iter().any(|entry| entry["@id"] == format!("{users}({stays})")));
        let old = server.ask(&Method::GET, &delta, &[("OData-MaxVersion", "4.0")], Some(admin)).json::<Value>().unwrap();
        assert!(old["value"].as_array().unwrap().iter().any(|entry| entry["reason"] == "deleted"), "{old}");
        // Others do not learn of it, and links of two minutes ago repeat it.
        assert!(!read(server, &own, "", ben).0.iter().any(|entry| entry["@removed"]["reason"] == "deleted"));
        assert!(read(server, &later, "", admin).0.len() <= entries.len());
    }

    /// A user who saw a deleted application through a grant starts again.
    fn users_start_again_after_an_application(server: &mut Server) {
        let (admin, ben) = (server.world().admin.pat, server.world().user.pat);
        let applications = "Systems_Security_TrustedApplications?$select=Name";
        let links = [&admin, &ben].map(|token| read(server, applications, "track-changes", token).1);
        let service = server.world().applications.service.client_id;
        server.cli(&["app", "delete", &service, "--yes"], Some(&admin)).unwrap();
        let (entries, _) = read(server, &links[0], "", &admin);
        assert!(entries.iter().any(|entry| entry["@removed"]["reason"] == "deleted"), "{entries:?}");
        let gone = server.ask(&Method::GET, &links[1], &[NEW], Some(&ben));
        assert_eq!(gone.status(), 410);
    }

    /// Time alone changes the state of a grant, so changes of a filter by it are not tracked.
    fn filters_by_state_are_not_tracked(server: &mut Server) {
        let pat = server.world().admin.pat;
        for filter in ["State eq 'Live'", "not (State in ('Revoked','Used'))", "Parent/State eq 'Live'"] {
            let page = page(server, &format!("{SET}?$filter={filter}&$select=Id&$top=1000"), "track-changes", &pat);
            assert!(page["@deltaLink"].is_null(), "{filter}");
        }
    }

    /// The format of version 4.0, in which removed rows are written differently.
    fn changes_in_version_4_0(server: &mut Server) {
        let pat = server.world().admin.pat;
        let track = [("Prefer", "odata.track-changes")];
        let response = server.ask(&Method::GET, &format!("{SET}?{VALID}&$top=1000"), &track, Some(&pat));
        assert_eq!(response.headers()["preference-applied"], "odata.track-changes");
        let first: Value = response.json().unwrap();
        let link = behind_root(server, first["@odata.deltaLink"].as_str().unwrap());
        let gone = first["value"].as_array().unwrap().iter().find(|row| row["Kind"] == "ServiceAccessToken").unwrap();
        revoke(server, gone["Id"].as_str().unwrap(), &pat);
        let changes: Value = server.odata(&link, &pat).json().unwrap();
        let metadata = format!("{}/api/domain/odata/$metadata", server.url);
        assert_eq!(changes["@odata.context"], format!("{metadata}#{SET}(Id,Kind)/$delta"));
        let removed = &changes["value"][0];
        assert_eq!(removed["@odata.context"], format!("{metadata}#{SET}/$deletedEntity"));
        assert_eq!((&removed["id"], &removed["reason"]), (&gone["@odata.id"], &Value::from("changed")));
        assert!(changes["@odata.deltaLink"].is_string());
    }

    /// Rows that the caller cannot see are reported neither as changed nor as removed, and a link works only
    /// for its caller.
    fn nobody_follows_the_rows_of_others(server: &mut Server) {
        let world = server.world();
        let (admin, ben) = (world.admin.pat, world.user.pat);
        let (_, all) = read(server, &format!("{SET}?{VALID}"), "track-changes", &admin);
        let (own, mine) = read(server, &format!("{SET}?{VALID}"), "track-changes", &ben);
        assert!((own.len() as u64) < server.count(&format!("{SET}?{VALID}"), &admin));
        let theirs = create(server, "of the admin", &admin);
        revoke(server, &theirs, &admin);
        assert_eq!(read(server, &mine, "", &ben).0, Vec::<Value>::new());
        assert_eq!(sorted_out(&read(server, &all, "", &admin).0).1, [&*theirs]);
        let foreign = server.ask(&Method::GET, &all, &[], Some(&ben));
        assert_eq!(foreign.status(), 410);
        let again = foreign.headers()["location"].to_str().unwrap().to_owned();
        assert_eq!(server.odata(&behind_root(server, &again), &ben).status(), 200);
        let token = mine.split("$deltatoken=").nth(1).unwrap();
        for (other, status) in [
            (format!("{SET}?$deltatoken=nonsense"), 410),
            (format!("{SET}?$deltatoken={token}"), 410),
            (format!("Systems_Security_Users?$deltatoken={token}"), 410),
            (format!("{mine}&$expand=User"), 410),
            (format!("{SET}/$count?$deltatoken={token}"), 400),
            (format!("{SET}({theirs})?$deltatoken={token}"), 400),
        ] {
            assert_eq!(server.odata(&other, &ben).status(), status, "{other}");
        }
    }

    /// The children of a row can be tracked as well. Expanded or grouped rows and bare references cannot, and
    /// the preference is then ignored.
    fn some_answers_cannot_be_followed(server: &mut Server) {
        let pat = server.world().admin.pat;
        let id = server.grant_id(&server.world().user.pat, &pat);
        let ask = |query: &str, accept: &str| {
            let headers = [("Prefer", "track-changes"), ("Accept", accept), NEW];
            let response = server.ask(&Method::GET, query, &headers, Some(&pat));
            let applied = response.headers().get("preference-applied").is_some();
            let body: Value = response.json().unwrap();
            assert_eq!(applied, body["@deltaLink"].is_string(), "{query}: {body}");
            applied
        };
        let json = "application/json";
        assert!(ask("Systems_Security_Users?$search=ada", json));
        assert!(ask(&format!("{SET}({id})/GrantedScopes"), json));
        for query in [
            "Systems_Security_Users?$skip=1",
            "Systems_Security_Users?$top=0",
            "Systems_Security_Users/$ref",
            "Systems_Security_Users?$apply=aggregate($count as N)",
            &format!("{SET}?$top=1000&$expand=User"),
            &format!("{SET}({id})"),
        ] {
            assert!(!ask(query, json), "{query}");
        }
        assert!(!ask("Systems_Security_Users", "application/json;metadata=none"));
    }
}
