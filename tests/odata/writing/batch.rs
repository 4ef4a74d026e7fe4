//! Batches: independent requests in order, change sets as a whole.

use reqwest::Method;
use serde_json::{Value, json};

use super::{APPLICATIONS, TOKENS, USERS, personal};
use crate::support::Server;

fn send(server: &Server, requests: &Value, headers: &[(&str, &str)], token: &str) -> Vec<Value> {
    let written = server.write(&Method::POST, "$batch", headers, &json!({ "requests": requests }), token);
    assert_eq!(written.status, 200, "{}", written.body);
    written.body["responses"].as_array().unwrap().clone()
}

fn statuses(responses: &[Value]) -> Vec<(&str, i64)> {
    let one = |response: &Value| response["status"].as_i64().unwrap();
    responses.iter().map(|response| (response["id"].as_str().unwrap(), one(response))).collect()
}

on_both_engines! {
    /// Later requests see the rows of earlier ones, by address and by identifier.
    fn requests_run_in_order(server: &mut Server) {
        let world = server.world();
        let absolute = format!("{}/api/domain/odata/{USERS}?$top=1&$select=Login", server.url);
        let requests = json!([
            { "id": "new", "method": "post", "url": TOKENS, "body": personal("in a batch") },
            { "id": "change", "method": "patch", "url": "$new", "body": { "Description": "changed" }, "dependsOn": ["new"] },
            { "id": "read", "method": "get", "url": "$new?$select=Description" },
            { "id": "users", "method": "get", "url": absolute },
            { "id": "count", "method": "get", "url": format!("/api/domain/odata/{USERS}/$count") },
        ]);
        let responses = send(server, &requests, &[], &world.user.pat);
        let expected = [("new", 201), ("change", 204), ("read", 200), ("users", 200), ("count", 200)];
        assert_eq!(statuses(&responses), expected);
        assert!(server.accepts(responses[0]["body"]["@grantor.secret"].as_str().unwrap()));
        assert_eq!(responses[2]["body"]["Description"], "changed");
        assert_eq!(responses[4]["body"], "1");
    }

    /// A failed request ends the batch, unless the client prefers to go on.
    fn a_failure_ends_the_batch(server: &mut Server) {
        let world = server.world();
        let requests = json!([
            { "id": "1", "method": "post", "url": TOKENS, "body": { "Kind": 7 } },
            { "id": "2", "method": "get", "url": USERS, "dependsOn": ["1"] },
            { "id": "3", "method": "get", "url": USERS },
            { "id": "4", "method": "get", "url": "$batch" },
        ]);
        assert_eq!(statuses(&send(server, &requests, &[], &world.user.pat)), [("1", 400)]);
        let goes_on = [("Prefer", "continue-on-error")];
        let responses = send(server, &requests, &goes_on, &world.user.pat);
        assert_eq!(statuses(&responses), [("1", 400), ("2", 424), ("3", 200), ("4", 400)]);
        assert_eq!(responses[0]["body"]["error"]["details"][0]["target"], "Kind");
    }

    /// A condition names the entity tag of an earlier response.
    fn conditions_name_earlier_responses(server: &mut Server) {
        let world = server.world();
        let patch = |id: &str, tag: &str| json!({
            "id": id, "method": "patch", "url": "$new", "headers": { "If-Match": tag }, "body": { "Description": id },
        });
        let requests = json!([
            { "id": "new", "method": "post", "url": TOKENS, "body": personal("with a tag") },
            patch("first", "$new"),
            patch("stale", "$new"),
            patch("second", "$first"),
            patch("unknown", "$other"),
        ]);
        let responses = send(server, &requests, &[("Prefer", "continue-on-error")], &world.user.pat);
        let expected = [("new", 201), ("first", 204), ("stale", 412), ("second", 204), ("unknown", 412)];
        assert_eq!(statuses(&responses), expected, "{responses:?}");
    }

    /// Nothing of a change set that fails is stored, and its requests see each other's rows.
    fn a_change_set_is_one_transaction(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let set = |login: &str, client: &str, scope: &str| json!([
            { "id": "user", "method": "post", "url": USERS, "atomicityGroup": "g",
              "body": { "Login": login, "Name": "Set", "UserType": "ApplicationUserNoLogin" } },
            { "id": "client", "method": "post", "url": APPLICATIONS, "atomicityGroup": "g",
              "body": { "ApplicationUri": client, "Name": "Set", "Scope": scope, "ReferenceTokens": "AdministratorsOnly",
                        "SystemUserAllowed": true, "SystemUser@odata.bind": "$user" } },
            { "id": "token", "method": "post", "url": TOKENS, "atomicityGroup": "g",
              "body": { "Kind": "ServiceAccessToken", "TrustedApplication@odata.bind": "$client", "Scopes": "read" } },
            { "id": "after", "method": "get", "url": "$client?$select=Name", "dependsOn": ["g"] },
        ]);
        let failed = send(server, &set("set1", "set-client-1", "no-such-scope"), &[("Prefer", "continue-on-error")], admin);
        assert_eq!(statuses(&failed), [("user", 424), ("client", 400), ("token", 424), ("after", 424)]);
        assert_eq!(server.count(&format!("{USERS}?$filter=Login eq 'set1'"), admin), 0);
        let done = send(server, &set("set2", "set-client-2", "read"), &[], admin);
        assert_eq!(statuses(&done), [("user", 201), ("client", 201), ("token", 201), ("after", 200)], "{done:?}");
        assert!(server.accepts(done[2]["body"]["@grantor.secret"].as_str().unwrap()));
        let taken = send(server, &set("set3", "set-client-2", "read"), &[], admin);
        assert_eq!(statuses(&taken), [("user", 424), ("client", 409), ("token", 424)]);
        assert_eq!(server.count(&format!("{USERS}?$filter=Login eq 'set3'"), admin), 0);
    }

    /// The same as `multipart/mixed`, as browsers of the UI5 family send it.
    fn multipart_batches_are_answered(server: &mut Server) {
        let world = server.world();
        let send = |login: &str| {
            let body = format!(
                "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n\
                 GET {USERS}?$filter=Active eq true&$top=1 HTTP/1.1\r\nAccept : application/json\r\n\r\n\r\n\
                 --b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n\
                 --c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\n\
                 POST {USERS} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n\
                 {{\"Login\":\"{login}\",\"Name\":\"Multipart\"}}\r\n\
                 --c\r\nContent-Type: application/http\r\nContent-ID: 2\r\n\r\n\
                 PATCH $1 HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{{\"Notes\":\"n\"}}\r\n--c--\r\n--b--\r\n"
            );
            let request = server.http.post(format!("{}/api/domain/odata/$batch", server.url));
            let request = request.bearer_auth(&world.admin.pat).header("content-type", "multipart/mixed;boundary=b");
            let response = request.body(body).send().unwrap();
            assert_eq!(response.status(), 200);
            let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
            assert!(content_type.starts_with("multipart/mixed; boundary=batch_"), "{content_type}");
            response.text().unwrap()
        };
        let done = send("multi");
        for line in ["HTTP/1.1 200 OK", "Content-ID: 1\r\n", "HTTP/1.1 201 Created", "Content-ID: 2\r\n", "HTTP/1.1 204 No Content"] {
            assert!(done.contains(line), "{line}: {done}");
        }
        assert_eq!(server.count(&format!("{USERS}?$filter=Login eq 'multi' and Name eq 'Multipart'"), &world.admin.pat), 1);
        let failed = send("multi");
        assert!(failed.contains("HTTP/1.1 409 Conflict") && !failed.contains("HTTP/1.1 424"), "{failed}");
        assert_eq!(failed.matches("Content-ID").count(), 1);
    }
}
