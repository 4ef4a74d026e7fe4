//! Optimistic locking: versions in the body and in headers.

use std::thread;

use reqwest::Method;
use serde_json::{Value, json};

use super::{TOKENS, address, personal};

on_both_engines! {
    /// The version in the body, the entity tag in the body and `If-Match` mean the same.
    fn a_stale_version_is_refused(server: &mut Server) {
        let world = server.world();
        let pat = &world.user.pat;
        let created = server.created(TOKENS, &personal("first"), pat);
        let address = address(TOKENS, &created.id());
        let with = |name: &str, version: Value| json!({ "Description": "stale", name: version });
        assert_eq!(server.patch(&address, &with("ObjectVersion", json!(1)), pat).status, 204);
        let refused = [
            server.patch(&address, &with("ObjectVersion", json!(1)), pat),
            server.patch(&address, &with("@odata.etag", json!("W/\"1\"")), pat),
            server.write(&Method::PATCH, &address, &[("If-Match", "W/\"1\"")], &json!({ "Description": "x" }), pat),
            server.write(&Method::PATCH, &address, &[("If-Match", "W/\"2\"")], &with("ObjectVersion", json!(1)), pat),
            server.write(&Method::PATCH, &address, &[("If-Match", "2")], &json!({ "Description": "x" }), pat),
            server.write(&Method::PUT, &address, &[("If-None-Match", "*")], &json!({ "Description": "x" }), pat),
            server.write(&Method::DELETE, &address, &[("If-Match", "W/\"1\"")], &Value::Null, pat),
        ];
        for written in refused {
            assert_eq!((written.status, written.header("etag")), (412, "W/\"2\""), "{}", written.body);
            assert_eq!(written.body["error"]["innererror"]["objectVersion"], 2);
            assert_eq!(written.body["error"]["code"], "PRECONDITION_FAILED");
        }
        assert_eq!(server.row(&address, pat)["Description"], "stale");
        for tag in ["W/\"2\"", "*", "\"7\", W/\"2\""] {
            let description = json!({ "Description": "stale" });
            assert_eq!(server.write(&Method::PATCH, &address, &[("If-Match", tag)], &description, pat).status, 204);
        }
        let conditional = [("If-Match", "W/\"2\"")];
        assert_eq!(server.write(&Method::DELETE, &address, &conditional, &Value::Null, pat).status, 204);
        assert_eq!(server.create(TOKENS, &with("ObjectVersion", json!(1)), pat).status, 400);
    }

    /// Of several writers with the same version, one succeeds.
    fn one_of_several_writers_wins(server: &mut Server) {
        let world = server.world();
        let server = &*server;
        let pat = &world.user.pat;
        let created = server.created(TOKENS, &personal("contended"), pat);
        let address = &address(TOKENS, &created.id());
        for version in 1..=3 {
            let statuses: Vec<u16> = thread::scope(|scope| {
                let writers: Vec<_> = (0..8)
                    .map(|writer| {
                        let body = json!({ "Description": format!("{version} {writer}"), "ObjectVersion": version });
                        scope.spawn(move || server.patch(address, &body, pat).status)
                    })
                    .collect();
                writers.into_iter().map(|writer| writer.join().unwrap()).collect()
            });
            let count = |status| statuses.iter().filter(|found| **found == status).count();
            assert_eq!((count(204), count(412)), (1, 7), "{statuses:?}");
            assert_eq!(server.row(address, pat)["ObjectVersion"], version + 1);
        }
    }
}
