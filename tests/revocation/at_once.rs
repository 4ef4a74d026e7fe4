//! Revocation on every surface.

use serde_json::{Value, json};

use crate::support::{Browser, Server};

const REVOKE: &str = "mutation($id: ID!) { apiAccessTokenRevoke(input: { id: $id }) { revokedCount } }";

/// Revokes a grant with GraphQL; returns the number of revoked grants, or the error code.
fn revoke(server: &Server, id: &str, token: &str) -> Result<u64, String> {
    let (_, answer) = server.graphql(REVOKE, &json!({ "id": id }), token);
    let count = answer["data"]["apiAccessTokenRevoke"]["revokedCount"].as_u64();
    count.ok_or_else(|| answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned())
}

/// Returns a token of the user, and its identifier.
fn token(server: &Server) -> (String, String) {
    let world = server.world();
    let token = Browser::of(server, &world.user).token("demo-web", &["read"], &[]);
    let id = server.grant_id(&token, &world.user.pat);
    (token, id)
}

/// Returns a device that the user signed in: the secret of its code, and its token.
fn device(server: &Server) -> (String, String) {
    let started = server.start_device("demo-native", "read");
    let page = Browser::of(server, &server.world().user).decide(&started.user_code, "approve");
    assert_eq!(page.status, 200);
    let token = server.redeem(&started).unwrap();
    (started.device_code, token)
}

on_both_engines! {
    /// On the page of the user's tokens.
    fn a_person_revokes_a_token(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let token = browser.token("demo-web", &["read"], &[]);
        assert!(server.accepts(&token));
        let id = server.grant_id(&token, &world.user.pat);
        let page = browser.revoke(&id);
        assert!(page.status == 200 && page.has("The token was revoked."), "{}", page.body);
        assert!(!server.accepts(&token));
        assert!(!browser.open("/tokens").has(&id), "it is not in the active list");
        assert!(browser.open("/tokens?show=all").has("revoked"));
        assert!(server.grant(&token, &world.user.pat)["RevokedTimestamp"].is_string());
    }

    /// Users cannot revoke the grants of others, nor learn that they exist.
    fn nobody_revokes_what_others_have(server: &mut Server) {
        let world = server.world();
        let admins = server.grant_id(&world.admin.pat, &world.admin.pat);
        assert_eq!(revoke(server, &admins, &world.user.pat), Err("NOT_FOUND".to_owned()));
        let missing = "0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d";
        assert_eq!(revoke(server, missing, &world.user.pat), Err("NOT_FOUND".to_owned()));
        let (reader, _) = token(server);
        let own = server.grant_id(&world.user.pat, &world.user.pat);
        assert_eq!(revoke(server, &own, &reader), Err("INSUFFICIENT_SCOPE".to_owned()));
        assert!(server.accepts(&world.admin.pat) && server.accepts(&world.user.pat));
    }

    /// With GraphQL, by an administrator or the owner, even with the token itself.
    fn a_token_is_revoked_through_graphql(server: &mut Server) {
        let world = server.world();
        let (token, id) = token(server);
        assert!(server.accepts(&token));
        assert_eq!(revoke(server, &id, &world.admin.pat), Ok(1));
        assert!(!server.accepts(&token));
        assert_eq!(revoke(server, &id, &world.admin.pat), Ok(0), "it was revoked before");
        let own = server.grant_id(&world.user.pat, &world.user.pat);
        assert_eq!(revoke(server, &own, &world.user.pat), Ok(1));
        assert!(!server.accepts(&world.user.pat));
    }

    /// With the command line.
    fn a_token_is_revoked_from_the_command_line(server: &mut Server) {
        let (token, id) = token(server);
        assert!(server.accepts(&token));
        let printed = server.cli(&["token", "revoke", &id, "--yes"], Some(&server.world().user.pat)).unwrap();
        assert_eq!(printed, "Revoked.\n");
        assert!(!server.accepts(&token));
    }

    /// Descendants of a grant are revoked with it, on every surface.
    fn descendants_end_with_their_parent(server: &mut Server) {
        let world = server.world();
        let (code, first) = device(server);
        assert_eq!(server.revoke(&world.applications.native, &code), 200);
        assert!(!server.accepts(&first), "RFC 7009, section 2.1");
        let (code, second) = device(server);
        let id = server.grant_id(&code, &world.admin.pat);
        assert_eq!(revoke(server, &id, &world.admin.pat), Ok(2));
        assert!(!server.accepts(&second));
        let ended =
            |secret: &str| -> Value { server.grant(secret, &world.admin.pat)["RevokedTimestamp"].clone() };
        assert_eq!(ended(&code), ended(&second), "at the same moment");
        let (_, third) = device(server);
        assert!(server.accepts(&third), "descendants of other grants remain valid");
    }

    /// A code that was approved and then revoked cannot be exchanged.
    fn a_revoked_code_gives_nothing(server: &mut Server) {
        let world = server.world();
        let started = server.start_device("demo-native", "read");
        assert_eq!(Browser::of(server, &world.user).decide(&started.user_code, "approve").status, 200);
        assert_eq!(server.revoke(&world.applications.native, &started.device_code), 200);
        assert_eq!(server.redeem(&started), Err("access_denied".to_owned()));
    }

    /// Signing out ends the session, also for copies of its cookie.
    fn a_session_ends(server: &mut Server) {
        let browser = Browser::of(server, &server.world().user);
        let cookie = format!("grantor={}", browser.cookie("grantor").unwrap());
        let page = browser.submit(&browser.open("/tokens"), "/signout", &[]);
        assert!(page.path == "/" && browser.cookie("grantor").is_none());
        let answer = server.get("/tokens", None).header("cookie", cookie).send().unwrap();
        assert_eq!(answer.status(), 303);
    }
}
