//! Actions of grants, called by their plain or qualified names.

use reqwest::Method;
use serde_json::{Value, json};

use super::{TOKENS, address, personal};

on_both_engines! {
    /// A rotation returns the successor with its secret, as the creation of a row does.
    fn a_token_is_rotated(server: &mut Server) {
        let world = server.world();
        let pat = &world.user.pat;
        let created = server.created(TOKENS, &personal("rotated"), pat);
        let token = address(TOKENS, &created.id());
        for (body, target) in [
            (json!({ "overlap": "x" }), "overlap"),
            (json!({ "overlap": -1 }), "overlap"),
            (json!({ "expires": "2001-01-01T00:00:00Z" }), "expires"),
            (json!({ "overlapp": 1 }), "overlapp"),
        ] {
            let refused = server.create(&format!("{token}/Rotate"), &body, created.secret());
            assert_eq!((refused.status, refused.details()[0].0.as_str()), (400, target), "{}", refused.body);
        }
        let rotated = server.create(&format!("{token}/Rotate"), &json!({ "overlap": 0 }), created.secret());
        assert_eq!(rotated.status, 201, "{}", rotated.body);
        assert!(rotated.id() != created.id() && server.accepts(rotated.secret()));
        assert!(!server.accepts(created.secret()));
        let successor = server.row(&address(TOKENS, &rotated.id()), pat);
        assert_eq!((&successor["Description"], &successor["Scopes"]), (&json!("rotated"), &json!("read update")));
        assert_eq!(successor["Predecessor"]["@odata.id"], token.as_str());
        assert_eq!(server.create(&format!("{token}/Rotate"), &json!({}), pat).status, 409);
    }

    fn a_token_is_narrowed_and_revoked(server: &mut Server) {
        let world = server.world();
        let pat = &world.user.pat;
        let created = server.created(TOKENS, &personal("narrowed"), pat);
        let token = address(TOKENS, &created.id());
        let narrow = format!("{token}/Erp.Narrow");
        let stale = [("If-Match", "W/\"7\"")];
        let scopes = json!({ "scopes": "read" });
        assert_eq!(server.write(&Method::POST, &narrow, &stale, &scopes, pat).status, 412);
        assert_eq!(server.create(&narrow, &json!({ "scopes": "sec" }), pat).details()[0].0, "scopes");
        let narrowed = server.create(&narrow, &scopes, pat);
        assert_eq!((narrowed.status, &narrowed.body["Scopes"]), (200, &json!("read")), "{}", narrowed.body);
        assert_eq!(server.count(&format!("{token}/GrantedScopes"), pat), 1);
        assert_eq!(server.write(&Method::POST, &format!("{token}/Revoke"), &[], &Value::Null, pat).status, 204);
        assert!(!server.accepts(created.secret()));
        let get = server.write(&Method::GET, &format!("{token}/Revoke"), &[], &Value::Null, pat);
        assert_eq!((get.status, get.header("allow")), (405, "POST"));
        assert_eq!(server.create(&format!("{token}/Revok"), &json!({}), pat).status, 404);
    }

    /// What the description declares can be called.
    fn the_description_has_the_actions(server: &mut Server) {
        let metadata = server.odata("$metadata", &server.world().user.pat).text().unwrap();
        for action in ["Revoke", "Rotate", "Narrow"] {
            assert!(metadata.contains(&format!("<Action Name=\"{action}\" IsBound=\"true\">")), "{action}");
        }
    }
}
