//! The life of a transaction: who may use it, how long, and how it ends.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::writing::{TOKENS, USERS, personal};

on_both_engines! {
    /// The operations are applied at the end, and secrets are known then.
    fn a_commit_applies_everything(server: &mut Server) {
        let world = server.world();
        let pat = &world.user.pat;
        let id = server.begin(pat);
        let header = [("TransactionId", id.as_str())];
        let first = server.write(&Method::POST, TOKENS, &header, &personal("first"), pat);
        let second = server.write(&Method::POST, TOKENS, &header, &personal("second"), pat);
        assert_eq!((first.status, second.status), (201, 201), "{} {}", first.body, second.body);
        assert!(first.body.get("@grantor.secret").is_none(), "{}", first.body);
        let path = format!("{TOKENS}({})", first.id());
        assert_eq!(server.said(&Method::GET, &path, "", &Value::Null, pat).0, 404);
        let ended = server.end(&id, true, pat);
        assert_eq!(ended.status, 200, "{}", ended.body);
        let secrets = ended.body["value"].as_array().unwrap();
        assert_eq!(secrets.len(), 2);
        for (secret, row) in secrets.iter().zip([&first, &second]) {
            assert_eq!(secret["Id"], row.id());
            assert!(server.accepts(secret["@grantor.secret"].as_str().unwrap()));
        }
        assert_eq!(server.said(&Method::GET, &path, "", &Value::Null, pat).0, 200);
    }

    /// Without a commit nothing is left, and the identifier is void.
    fn a_rollback_leaves_nothing(server: &mut Server) {
        let world = server.world();
        let pat = &world.user.pat;
        let id = server.begin(pat);
        let created = server.write(&Method::POST, TOKENS, &[("TransactionId", &id)], &personal("never"), pat);
        assert_eq!(created.status, 201, "{}", created.body);
        assert_eq!(server.end(&id, false, pat).status, 204);
        let path = format!("{TOKENS}({})", created.id());
        assert_eq!(server.said(&Method::GET, &path, "", &Value::Null, pat).0, 404);
        let again = server.end(&id, true, pat);
        assert_eq!((again.status, &again.body["error"]["message"]), (400, &json!(format!("Invalid TransactionId {id}."))));
    }

    /// A token has one open transaction; another token cannot use it.
    fn a_transaction_is_that_of_its_token(server: &mut Server) {
        let world = server.world();
        let (pat, other) = (&world.user.pat, &world.admin.pat);
        let id = server.begin(pat);
        let (status, text) = server.said(&Method::POST, "BeginTransaction", "", &Value::Null, pat);
        assert_eq!(status, 429, "{text}");
        for (method, path, body) in [
            (Method::GET, format!("{USERS}?$top=1"), Value::Null),
            (Method::POST, TOKENS.to_owned(), personal("stranger")),
            (Method::GET, "GetChanges".to_owned(), Value::Null),
            (Method::POST, "EndTransaction".to_owned(), json!({})),
        ] {
            let (status, text) = server.said(&method, &path, &id, &body, other);
            assert_eq!(status, 400, "{path}: {text}");
            assert!(text.contains(&format!("Invalid TransactionId {id}.")), "{path}: {text}");
        }
        assert_eq!(server.end(&id, true, pat).status, 204);
        let next = server.begin(pat);
        assert_ne!(next, id);
    }

    /// An identifier that no program made is unknown; the calls have their methods and parameters.
    fn wrong_calls_are_refused(server: &mut Server) {
        let world = server.world();
        let pat = &world.user.pat;
        for (method, path, transaction, body, status) in [
            (Method::GET, "BeginTransaction", "", Value::Null, 405),
            (Method::POST, "GetChanges", "", json!({}), 405),
            (Method::POST, "BeginTransaction", "", json!({ "model": "x" }), 400),
            (Method::POST, "BeginTransaction", "", json!({ "track": true }), 400),
            (Method::POST, "EndTransaction", "", json!({}), 400),
            (Method::GET, "GetChanges", "", Value::Null, 400),
            (Method::GET, USERS, "0123456789abcdef0123456789abcdef", Value::Null, 400),
        ] {
            let (found, text) = server.said(&method, path, transaction, &body, pat);
            assert_eq!(found, status, "{method} {path}: {text}");
        }
        let (status, id) = server.said(&Method::POST, "Erp.BeginTransaction?tr=x", "", &json!({ "model": "frontend" }), pat);
        assert_eq!(status, 200, "{id}");
        let (status, text) = server.said(&Method::GET, "GetChanges", &id, &Value::Null, pat);
        assert_eq!(status, 400, "{text}");
    }

    /// Of two transactions with the same login, one is applied; the other leaves nothing.
    fn conflicts_are_found_at_the_end(server: &mut Server) {
        let world = server.world();
        let admin = &world.admin.pat;
        let user = |login: &str| json!({ "Login": login, "Name": "In a transaction" });
        let id = server.begin(admin);
        let header = [("TransactionId", id.as_str())];
        for login in ["tx-before", "tx-same"] {
            let created = server.write(&Method::POST, USERS, &header, &user(login), admin);
            assert_eq!(created.status, 201, "{}", created.body);
        }
        assert_eq!(server.write(&Method::POST, USERS, &[], &user("tx-same"), admin).status, 201);
        let ended = server.end(&id, true, admin);
        assert_eq!(ended.status, 409, "{}", ended.body);
        assert_eq!(server.count(&format!("{USERS}?$filter=Login eq 'tx-before'"), admin), 0);
        assert_eq!(server.end(&id, true, admin).status, 400);
    }
}
