//! OpenID Connect: who signed in, and how.

use std::collections::BTreeMap;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use crate::support::{Asking, Browser, Server};

/// Returns the claims of a token, verified with the published keys by independent code.
pub fn claims_of(server: &Server, token: &str) -> Value {
    let jwks: Value =
        server.get("/id/.well-known/openid-configuration/jwks", None).send().unwrap().json().unwrap();
    let header = decode_header(token).unwrap();
    let jwk = jwks["keys"].as_array().unwrap().iter().find(|jwk| jwk["kid"] == json!(header.kid)).unwrap();
    let key =
        DecodingKey::from_rsa_components(jwk["n"].as_str().unwrap(), jwk["e"].as_str().unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    validation.set_issuer(&[format!("{}/id", server.url)]);
    decode::<Value>(token, &key, &validation).unwrap().claims
}

/// Returns the claims of the ID token in a response.
pub fn id_token(server: &Server, tokens: &Value) -> Value {
    claims_of(server, tokens["id_token"].as_str().unwrap_or_else(|| panic!("no ID token in {tokens}")))
}

fn half_hash(text: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    data_encoding::BASE64URL_NOPAD.encode(&hash.as_ref()[..16])
}

on_both_engines! {
    /// The ID token has the user, the time, the methods, the client and the session of the sign-in.
    fn an_id_token_says_who_signed_in(server: &mut Server) {
        let world = server.world();
        let (web, browser) = (&world.applications.web, Browser::of(server, &world.user));
        let tokens = server.tokens(&Asking::of(web, "openid profile read"), &browser);
        let claims = id_token(server, &tokens);
        assert_eq!(claims["aud"], "demo-web");
        assert_eq!(claims["nonce"], "n-0S6_WzA2Mj");
        assert_eq!(claims["amr"], json!(["pwd"]));
        assert_eq!(claims["at_hash"], half_hash(tokens["access_token"].as_str().unwrap()));
        assert!(claims["sid"].is_string() && claims["auth_time"].is_i64() && claims["acr"].is_string());
        assert!(claims["name"].is_null(), "claims of scopes are in UserInfo");
        let told: Value = server.get("/id/connect/userinfo", tokens["access_token"].as_str()).send().unwrap().json().unwrap();
        assert_eq!(told["sub"], claims["sub"]);
        assert_eq!(told["preferred_username"], world.user.login.as_str());
        assert!(told["email"].is_null(), "the claim was not requested");
        let own = server.grant(tokens["access_token"].as_str().unwrap(), &world.admin.pat);
        assert_eq!(own["Session"], claims["sid"]);
    }

    /// Individual claims can be requested.
    fn claims_are_asked_for_by_name(server: &mut Server) {
        let world = server.world();
        let (web, browser) = (&world.applications.web, Browser::of(server, &world.user));
        let wish = json!({ "userinfo": { "email": null }, "id_token": { "name": { "essential": true } } });
        let asking = Asking::of(web, "openid read").with("claims", &wish.to_string());
        let tokens = server.tokens(&asking, &browser);
        assert!(id_token(server, &tokens)["name"].is_string());
        let told: BTreeMap<String, Value> =
            server.get("/id/connect/userinfo", tokens["access_token"].as_str()).send().unwrap().json().unwrap();
        assert!(told.contains_key("email") && !told.contains_key("name"), "{told:?}");
    }

    /// UserInfo is signed if the client registered it.
    fn user_info_is_signed_where_that_is_registered(server: &mut Server) {
        let more = json!({ "metadata": { "userinfo_signed_response_alg": "RS256", "subject_type": "pairwise" } });
        let board = &server.new_application("board", &more);
        let tokens = server.tokens(&Asking::of(board, "openid email"), &Browser::of(server, &server.world().user));
        let told = server.get("/id/connect/userinfo", tokens["access_token"].as_str()).send().unwrap();
        assert_eq!(told.headers()["content-type"], "application/jwt");
        let claims = claims_of(server, &told.text().unwrap());
        assert_eq!((&claims["aud"], &claims["sub"]), (&json!("board"), &id_token(server, &tokens)["sub"]));
        let row = server.grant(tokens["access_token"].as_str().unwrap(), &server.world().admin.pat);
        let user = row["User"]["@odata.id"].as_str().unwrap();
        assert!(!user.contains(claims["sub"].as_str().unwrap()), "a pairwise subject");
    }

    /// UserInfo requires a token of an OpenID Connect sign-in.
    fn user_info_is_for_sign_ins(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let tokens = server.tokens(&Asking::of(&world.applications.web, "read"), &browser);
        assert!(tokens["id_token"].is_null());
        for (token, status, says) in [
            (None, 401, "Bearer realm=\"grantor\""),
            (Some("grt_rat_x"), 401, "invalid_token"),
            (tokens["access_token"].as_str(), 403, "insufficient_scope"),
        ] {
            let response = server.get("/id/connect/userinfo", token).send().unwrap();
            assert_eq!(response.status().as_u16(), status);
            assert!(response.headers()["www-authenticate"].to_str().unwrap().contains(says));
        }
    }

    /// A client signs a user out: at once with a hint, otherwise after confirmation.
    fn an_application_signs_somebody_out(server: &mut Server) {
        let world = server.world();
        let (web, browser) = (&world.applications.web, Browser::of(server, &world.user));
        let attended = server.tokens(&Asking::of(web, "openid read"), &browser);
        let unattended = server.tokens(&Asking::of(web, "openid read offline_access"), &browser);
        let question = browser.visit("/id/connect/endsession?client_id=demo-web").page();
        assert!(question.has("Do you want to sign out?") && question.has("Team board"), "{}", question.body);
        let elsewhere = "/id/connect/endsession?client_id=demo-web&post_logout_redirect_uri=https%3A%2F%2Fevil.example";
        assert_eq!(browser.visit(elsewhere).page().status, 400);
        let hint = attended["id_token"].as_str().unwrap();
        let done = browser.visit(&format!("/id/connect/endsession?id_token_hint={hint}")).page();
        assert!(done.has("You are signed out"), "{}", done.body);
        assert!(browser.open("/tokens").path.starts_with("/signin"), "the session ended");
        assert!(!server.accepts(attended["access_token"].as_str().unwrap()));
        assert!(server.accepts(unattended["access_token"].as_str().unwrap()), "offline access remains");
    }
}
