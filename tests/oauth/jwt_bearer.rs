//! JWT bearer grant: a client acts for users with its own signature (RFC 7523, section 2.1).

use serde_json::{Value, json};

use crate::support::keys::{Key, now, unique};
use crate::support::{Application, Server};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

fn claims(server: &Server, sub: &str, others: &[(&str, Value)]) -> Value {
    let mut claims = json!({
        "iss": "robot", "sub": sub, "aud": format!("{}/id", server.url), "exp": now() + 60, "jti": unique(),
    });
    others.iter().for_each(|(name, value)| claims[*name] = value.clone());
    claims
}

fn present(server: &Server, who: &Application, assertion: &str) -> (u16, Value) {
    server.oauth("token", who, &[("grant_type", GRANT_TYPE), ("assertion", assertion)])
}

fn robot(server: &Server, key: &Key, subjects: &Value) -> Application {
    let metadata = json!({"jwks": {"keys": [key.jwk()]}, "jwt_bearer_subjects": subjects});
    server.register("robot", "REFERENCE", &metadata).unwrap()
}

on_both_engines! {
    /// It acts for the users that its policy names, and an assertion is accepted once.
    fn an_application_acts_for_whom_it_may(server: &mut Server) {
        let (key, world) = (Key::generate(), server.world());
        let robot = robot(server, &key, &json!(["*"]));
        let header = json!({"alg": "EdDSA", "typ": "JWT"});
        let assertion = key.sign(&header, &claims(server, &world.user.login, &[]));
        let (status, answer) = present(server, &robot, &assertion);
        assert_eq!(status, 200, "{answer}");
        let token = answer["access_token"].as_str().unwrap();
        let me = server.rows("Systems_Security_Users?$select=Id,Login", token);
        assert_eq!(me[0]["Login"], world.user.login);
        let told = server.oauth("introspect", &world.applications.service, &[("token", token)]).1;
        assert_eq!((&told["sub"], &told["username"]), (&me[0]["Id"], &json!(world.user.login)));
        let refused = |assertion: &str| {
            let (status, answer) = present(server, &robot, assertion);
            assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_grant")), "{answer}");
        };
        refused(&assertion);
        let by_id = key.sign(&header, &claims(server, me[0]["Id"].as_str().unwrap(), &[]));
        assert_eq!(present(server, &robot, &by_id).0, 200);
        for (sub, others) in [
            (&*world.admin.login, vec![]),
            ("unknown@example.org", vec![]),
            ("robot", vec![]),
            (&*world.user.login, vec![("aud", json!("https://other.example"))]),
            (&*world.user.login, vec![("iss", json!("demo-service"))]),
            (&*world.user.login, vec![("exp", json!(now() - 60))]),
            (&*world.user.login, vec![("exp", json!(now() + 86_400))]),
            (&*world.user.login, vec![("nbf", json!(now() + 600))]),
            (&*world.user.login, vec![("jti", json!(""))]),
        ] {
            refused(&key.sign(&header, &claims(server, sub, &others)));
        }
        refused(&Key::generate().sign(&header, &claims(server, &world.user.login, &[])));
        refused(&key.sign(&json!({"alg": "none"}), &claims(server, &world.user.login, &[])));
        refused("nonsense");
    }

    /// An administrator must be named, and without a policy no user is allowed.
    fn nobody_unless_it_is_said(server: &mut Server) {
        let (key, world) = (Key::generate(), server.world());
        let header = json!({"alg": "EdDSA"});
        let robot = robot(server, &key, &json!([world.admin.login]));
        let good = key.sign(&header, &claims(server, &world.admin.login, &[]));
        assert_eq!(present(server, &robot, &good).0, 200);
        let other = key.sign(&header, &claims(server, &world.user.login, &[]));
        assert_eq!(present(server, &robot, &other).1["error"], "invalid_grant");
        let service = &world.applications.service;
        assert_eq!(present(server, service, "x").1["error"], "unauthorized_client");
    }
}
