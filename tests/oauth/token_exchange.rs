//! Token exchange (RFC 8693).

use serde_json::{Value, json};

use crate::grants::lineage::enable;
use crate::support::keys::Key;
use crate::support::{Application, Asking, Browser, Server};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

fn exchange(server: &Server, who: &Application, token: &str, more: &[(&str, &str)]) -> (u16, Value) {
    let form = [("grant_type", GRANT_TYPE), ("subject_token", token), ("subject_token_type", ACCESS_TOKEN)];
    server.oauth("token", who, &[&form[..], more].concat())
}

fn exchanged(server: &Server, who: &Application, token: &str, more: &[(&str, &str)]) -> String {
    let (status, answer) = exchange(server, who, token, more);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["issued_token_type"], ACCESS_TOKEN);
    answer["access_token"].as_str().unwrap().to_owned()
}

fn refused(server: &Server, who: &Application, token: &str, more: &[(&str, &str)]) -> String {
    let (status, answer) = exchange(server, who, token, more);
    assert_eq!(status, 400, "{answer}");
    answer["error"].as_str().unwrap().to_owned()
}

fn told(server: &Server, token: &str) -> Value {
    server.oauth("introspect", &server.world().applications.service, &[("token", token)]).1
}

/// Registers a client with a policy, and another one whose tokens it can exchange.
fn gateway(server: &Server, policy: &Value) -> Application {
    server.register("gateway", "REFERENCE", &json!({ "token_exchange": policy })).unwrap()
}

/// Returns a token of a user who signed in to another client.
fn token_of_user(server: &Server, more: &Value) -> (Application, String) {
    let web = server.new_application("board", more);
    let browser = Browser::of(server, &server.world().user);
    let tokens = server.tokens(&Asking::of(&web, "openid read update"), &browser);
    let token = tokens["access_token"].as_str().unwrap().to_owned();
    (web, token)
}

on_both_engines! {
    /// A client exchanges its own token for a restricted one, which ends with the original.
    fn a_token_makes_a_lesser_one(server: &mut Server) {
        let own = server.new_application("board", &json!({"metadata": {"token_exchange": {}}}));
        let browser = Browser::of(server, &server.world().user);
        let tokens = server.tokens(&Asking::of(&own, "openid read update"), &browser);
        let token = tokens["access_token"].as_str().unwrap();
        let (status, answer) = exchange(server, &own, token, &[("scope", "read"), ("expires_in", "60")]);
        assert_eq!(status, 200, "{answer}");
        assert_eq!((&answer["scope"], &answer["expires_in"]), (&json!("read"), &json!(60)));
        assert_eq!((&answer["token_type"], &answer["issued_token_type"]), (&json!("Bearer"), &json!(ACCESS_TOKEN)));
        assert!(answer["refresh_token"].is_null());
        let child = answer["access_token"].as_str().unwrap();
        let (parent, lesser) = (told(server, token), told(server, child));
        assert_eq!(lesser["sub"], parent["sub"]);
        assert!(lesser["act"].is_null(), "there is no actor");
        assert!(lesser["acr"].is_string() && lesser["auth_time"] == parent["auth_time"]);
        assert_eq!(refused(server, &own, child, &[("scope", "update")]), "invalid_scope", "removed scopes are not restored");
        let again = exchanged(server, &own, child, &[("expires_in", "3000")]);
        assert!(told(server, &again)["exp"].as_i64() <= lesser["exp"].as_i64(), "no longer than the original lifetime");
        assert!(server.accepts(&again));
        assert_eq!(server.revoke(&own, token), 200);
        assert!(!server.accepts(child) && !server.accepts(&again), "they end with the original token");
        assert_eq!(refused(server, &own, token, &[]), "invalid_request");
    }

    /// The client that acts with another client's token is named as the actor, with all earlier actors.
    fn who_acts_is_named(server: &mut Server) {
        let (_, token) = token_of_user(server, &json!({}));
        let gateway = gateway(server, &json!({"subjects": ["board"]}));
        let delegated = exchanged(server, &gateway, &token, &[]);
        let (first, told_of) = (told(server, &token), told(server, &delegated));
        assert_eq!(told_of["act"], json!({"sub": "gateway", "client_id": "gateway"}));
        assert_eq!((&told_of["sub"], &told_of["client_id"]), (&first["sub"], &json!("gateway")));
        assert_eq!(told_of["scope"], "read", "only scopes of the client itself");
        let metadata = json!({"token_exchange": {"subjects": ["gateway"]}});
        let next = server.register("next", "JWT", &metadata).unwrap();
        let actor = server.client_credentials(&next);
        let by_actor = [("actor_token", actor.as_str()), ("actor_token_type", ACCESS_TOKEN)];
        let signed = exchanged(server, &next, &delegated, &by_actor);
            let claims = super::open_id::claims_of(server, &signed);
        let chain = json!({"sub": "next", "client_id": "next", "act": {"sub": "gateway", "client_id": "gateway"}});
        assert_eq!((&claims["act"], &claims["sub"]), (&chain, &first["sub"]));
        assert_eq!(told(server, &signed)["act"], chain);
        let others = server.client_credentials(&gateway);
        let foreign = [("actor_token", others.as_str()), ("actor_token_type", ACCESS_TOKEN)];
        assert_eq!(refused(server, &next, &delegated, &foreign), "invalid_request", "an actor token of another client");
        assert_eq!(refused(server, &next, &token, &[]), "invalid_request", "not in its policy");
    }

    /// While a client is disabled, tokens that others derived from its tokens are refused. Revoked tokens
    /// stay revoked.
    fn a_disabled_application_disables_what_came_from_its_tokens(server: &mut Server) {
        let (_, token) = token_of_user(server, &json!({}));
        let gateway = gateway(server, &json!({"subjects": ["board"]}));
        let next = server.register("next", "JWT", &json!({"token_exchange": {"subjects": ["gateway"]}})).unwrap();
        let (first, revoked) = (exchanged(server, &gateway, &token, &[]), exchanged(server, &gateway, &token, &[]));
        let second = exchanged(server, &next, &first, &[]);
        let own = server.client_credentials(&next);
        assert_eq!(server.revoke(&gateway, &revoked), 200);
        for (client_id, tokens) in [("board", [&first, &second]), ("gateway", [&first, &second])] {
            let enable = |is_enabled| enable(server, client_id, is_enabled);
            assert!(tokens.iter().all(|token| server.accepts(token)), "{client_id}");
            enable(false);
            for token in tokens {
                assert!(!server.accepts(token), "{client_id}");
                assert_eq!(told(server, token), json!({"active": false}));
            }
            assert_eq!(refused(server, &next, &first, &[]), "invalid_request");
            assert!(server.accepts(&own), "unrelated tokens remain valid");
            enable(true);
            assert!(tokens.iter().all(|token| server.accepts(token)), "{client_id}");
            assert!(!server.accepts(&revoked));
        }
    }

    /// Impersonation requires a policy.
    fn impersonation_is_a_policy(server: &mut Server) {
        let (_, token) = token_of_user(server, &json!({"metadata": {"may_act": "gateway"}}));
        assert_eq!(told(server, &token)["may_act"], json!({"sub": "gateway"}));
        let gateway = gateway(server, &json!({"subjects": ["board"], "impersonation": true}));
        assert!(told(server, &exchanged(server, &gateway, &token, &[]))["act"].is_null());
        let metadata = json!({"token_exchange": {"subjects": ["board"]}});
        let other = server.register("other", "REFERENCE", &metadata).unwrap();
        assert_eq!(refused(server, &other, &token, &[]), "invalid_request", "may_act names another client");
    }

    /// A token is exchanged for its own resources, and for those that the policy names.
    fn the_audience_is_narrowed(server: &mut Server) {
        let (_, token) = token_of_user(server, &json!({}));
        let policy = json!({"subjects": ["board"], "audiences": ["https://stock.example", "billing"]});
        let gateway = gateway(server, &policy);
        let aud = |more: &[(&str, &str)]| told(server, &exchanged(server, &gateway, &token, more))["aud"].clone();
        assert_eq!(aud(&[]), format!("{}/api", server.url));
        assert_eq!(aud(&[("resource", "https://stock.example")]), "https://stock.example");
        assert_eq!(
            aud(&[("audience", "billing"), ("resource", "https://stock.example")]),
            json!(["https://stock.example", "billing"])
        );
        for bad in ["https://other.example", "billing2", "https://stock.example#x"] {
            assert_eq!(refused(server, &gateway, &token, &[("resource", bad)]), "invalid_target", "{bad}");
        }
        let graphql = format!("{}/graphql", server.url);
        let metadata = json!({"token_exchange": {"subjects": ["gateway"]}});
        let next = server.register("next", "REFERENCE", &metadata).unwrap();
        let narrow = exchanged(server, &gateway, &token, &[("resource", &graphql)]);
        let odata = format!("{}/api/domain/odata", server.url);
        assert_eq!(refused(server, &next, &narrow, &[("resource", &odata)]), "invalid_target");
        assert_eq!(told(server, &exchanged(server, &next, &narrow, &[]))["aud"], graphql);
    }

    /// Malformed, unknown and disallowed exchanges are refused with the right error.
    fn a_bad_exchange_is_refused(server: &mut Server) {
        let world = server.world();
        let service = &world.applications.service;
        let token = server.client_credentials(service);
        assert_eq!(refused(server, service, &token, &[]), "unauthorized_client", "off by default");
        let own = server.new_application("own", &json!({"systemUser": "nightly-export", "metadata": {"token_exchange": {}}}));
        let token = server.client_credentials(&own);
        assert_eq!(told(server, &exchanged(server, &own, &token, &[]))["sub"], "own", "the subject is the client");
        let form = |subject: &str, kind: &str| {
            let form = [("grant_type", GRANT_TYPE), ("subject_token", subject), ("subject_token_type", kind)];
            let (status, answer) = server.oauth("token", &own, &form);
            (status, answer["error"].as_str().unwrap_or_default().to_owned())
        };
        let invalid = || (400, "invalid_request".to_owned());
        let jwt = "urn:ietf:params:oauth:token-type:jwt";
        for (subject, kind) in [
            ("", ACCESS_TOKEN),
            (&*token, ""),
            (&*token, "urn:ietf:params:oauth:token-type:id_token"),
            (&*token, jwt),
            ("grt_rat_nonsense", ACCESS_TOKEN),
            ("eyJhbGciOiJub25lIn0.e30.", jwt),
            (&*server.start_device("demo-native", "read").device_code, ACCESS_TOKEN),
            (&*world.user.pat, ACCESS_TOKEN),
        ] {
            assert_eq!(form(subject, kind), invalid(), "{subject} {kind}");
        }
        for more in [
            ("actor_token_type", ACCESS_TOKEN),
            ("actor_token", "grt_rat_nonsense"),
            ("requested_token_type", jwt),
            ("requested_token_type", "urn:ietf:params:oauth:token-type:saml2"),
            ("expires_in", "0"),
            ("expires_in", "soon"),
        ] {
            assert_eq!(refused(server, &own, &token, &[more]), "invalid_request", "{more:?}");
        }
    }

    /// A token bound to a key is exchanged only by its own client with a proof of that key; the new token is
    /// bound to the key of the request.
    fn bound_tokens_are_exchanged_with_their_key(server: &mut Server) {
        let (key, other) = (Key::generate(), Key::generate());
        let own = server.new_application("own", &json!({"systemUser": "nightly-export", "metadata": {"token_exchange": {}}}));
        let policy = json!({"subjects": ["own"]});
        let gateway = gateway(server, &policy);
        let ask = |who: &Application, form: &[(&str, &str)], key: Option<&Key>| -> (u16, Value) {
            let url = format!("{}/id/connect/token", server.url);
            let request = server.post("/id/connect/token", form).basic_auth(&who.client_id, who.client_secret.as_ref());
            let request = match key {
                Some(key) => request.header("dpop", key.proof("POST", &url, None, &[])),
                None => request,
            };
            let response = request.send().unwrap();
            (response.status().as_u16(), response.json().unwrap())
        };
        let (_, subject) = ask(&own, &[("grant_type", "client_credentials"), ("scope", "read")], Some(&key));
        let subject = subject["access_token"].as_str().unwrap();
        let form = [("grant_type", GRANT_TYPE), ("subject_token", subject), ("subject_token_type", ACCESS_TOKEN)];
        for wrong in [None, Some(&other)] {
            let (status, answer) = ask(&own, &form, wrong);
            assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_request")), "{answer}");
        }
        let bound = |answer: &Value| told(server, answer["access_token"].as_str().unwrap())["cnf"].clone();
        let (status, lesser) = ask(&own, &form, Some(&key));
        assert_eq!((status, &lesser["token_type"]), (200, &json!("DPoP")), "{lesser}");
        assert_eq!(bound(&lesser), json!({"jkt": key.thumbprint()}));
        let (status, delegated) = ask(&gateway, &form, Some(&other));
        assert_eq!((status, &delegated["token_type"]), (200, &json!("DPoP")), "{delegated}");
        assert_eq!(bound(&delegated), json!({"jkt": other.thumbprint()}), "bound to the key of the request");
        let unbound = server.client_credentials(&own);
        let form = [("grant_type", GRANT_TYPE), ("subject_token", &*unbound), ("subject_token_type", ACCESS_TOKEN)];
        let (_, made) = ask(&own, &form, Some(&key));
        assert_eq!(bound(&made), json!({"jkt": key.thumbprint()}), "an unbound token can become bound");
    }

    /// An ID token tells who signed in, not what is allowed: it cannot be exchanged, even if it is ours,
    /// valid and the client's own.
    fn an_id_token_is_exchanged_for_nothing(server: &mut Server) {
        let own = server.new_application("board", &json!({"metadata": {"token_exchange": {"impersonation": true}}}));
        let tokens = server.tokens(&Asking::of(&own, "openid read"), &Browser::of(server, &server.world().user));
        let (id_token, access) = (tokens["id_token"].as_str().unwrap(), tokens["access_token"].as_str().unwrap());
        const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
        for kind in [ID_TOKEN, "urn:ietf:params:oauth:token-type:jwt", ACCESS_TOKEN] {
            let form = [("grant_type", GRANT_TYPE), ("subject_token", id_token), ("subject_token_type", kind)];
            let (status, answer) = server.oauth("token", &own, &form);
            assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_request")), "{kind}: {answer}");
            let actor = [("actor_token", id_token), ("actor_token_type", kind)];
            assert_eq!(refused(server, &own, access, &actor), "invalid_request", "{kind}");
        }
        assert_eq!(refused(server, &own, access, &[("requested_token_type", ID_TOKEN)]), "invalid_request");
    }
}
