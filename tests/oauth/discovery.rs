//! The metadata (RFC 8414; OpenID Connect Discovery 1.0): everything that is listed works, everything else is
//! refused.

use serde_json::{Value, json};

use crate::support::{Application, Server};

fn json_at(server: &Server, path: &str) -> Value {
    let response = server.get(path, None).send().unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response.json().unwrap()
}

fn listed(metadata: &Value, name: &str) -> Vec<String> {
    metadata[name].as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// Returns the error of the token endpoint for a grant type without parameters.
fn token_error(server: &Server, service: &Application, grant_type: &str) -> Option<String> {
    let (_, answer) = server.oauth("token", service, &[("grant_type", grant_type)]);
    answer["error"].as_str().map(str::to_owned)
}

on_both_engines! {
    /// Both documents are the same, and contain the requested issuer.
    fn both_documents_are_equal(server: &mut Server) {
        let metadata = json_at(server, "/id/.well-known/openid-configuration");
        assert_eq!(metadata, json_at(server, "/.well-known/oauth-authorization-server/id"));
        assert_eq!(metadata["issuer"], format!("{}/id", server.url));
        let keys = json_at(server, metadata["jwks_uri"].as_str().unwrap().strip_prefix(&server.url).unwrap());
        let keys = keys["keys"].as_array().unwrap();
        let algorithms: Vec<_> = keys.iter().map(|key| key["alg"].as_str().unwrap()).collect();
        assert!(["RS256", "ES256", "EdDSA"].iter().all(|name| algorithms.contains(name)), "{algorithms:?}");
        for key in keys {
            assert!(key["kid"].is_string() && key["use"] == "sig", "{key}");
            let private = ["d", "p", "q", "dp", "dq", "qi", "k"];
            assert!(private.iter().all(|name| key.get(name).is_none()), "a private key is published");
        }
    }

    /// The token endpoint supports exactly the listed grant types.
    fn grant_types_are_those_listed(server: &mut Server) {
        let (metadata, world) = (json_at(server, "/id/.well-known/openid-configuration"), server.world());
        let grant_types = listed(&metadata, "grant_types_supported");
        let known = [
            "authorization_code",
            "refresh_token",
            "password",
            "implicit",
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:openid:params:grant-type:ciba",
        ];
        assert!(grant_types.iter().all(|name| known.contains(&name.as_str())), "{grant_types:?}");
        for name in known {
            let error = token_error(server, &world.applications.service, name);
            let refused = error.as_deref() == Some("unsupported_grant_type");
            assert_eq!(!refused, grant_types.contains(&name.to_owned()), "{name}: {error:?}");
        }
    }

    /// Every listed endpoint responds in its way.
    fn endpoints_are_those_listed(server: &mut Server) {
        let metadata = json_at(server, "/id/.well-known/openid-configuration");
        // Statuses for a form of a stranger and for a plain request.
        for (name, path, posted, got) in [
            ("authorization", "authorize", 303, 400),
            ("token", "token", 401, 405),
            ("userinfo", "userinfo", 401, 401),
            ("introspection", "introspect", 401, 405),
            ("revocation", "revocation", 401, 405),
            ("device_authorization", "deviceauthorization", 401, 405),
            ("pushed_authorization_request", "par", 401, 405),
            ("end_session", "endsession", 303, 200),
            ("backchannel_authentication", "backchannelauthentication", 401, 405),
        ] {
            let path = format!("/id/connect/{path}");
            assert_eq!(metadata[format!("{name}_endpoint")], format!("{}{path}", server.url));
            assert_eq!(server.post(&path, &[("x", "y")]).send().unwrap().status(), posted, "{path}");
            assert_eq!(server.get(&path, None).send().unwrap().status(), got, "{path}");
        }
    }

    /// Exactly the listed authentication methods work at each endpoint.
    fn client_authentication_is_as_listed(server: &mut Server) {
        let (metadata, world) = (json_at(server, "/id/.well-known/openid-configuration"), server.world());
        let all = json!([
            "client_secret_basic",
            "client_secret_post",
            "none",
            "client_secret_jwt",
            "private_key_jwt",
        ]);
        assert_eq!(metadata["token_endpoint_auth_methods_supported"], all);
        assert_eq!(metadata["revocation_endpoint_auth_methods_supported"], all);
        assert_eq!(
            metadata["introspection_endpoint_auth_methods_supported"],
            json!(["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt"])
        );
        let (service, native) = (&world.applications.service, &world.applications.native);
        let secret = service.client_secret.as_deref();
        let anything = [("token", "grt_pat_nonsense")];
        for endpoint in ["revocation", "introspect"] {
            let basic = server.post(&format!("/id/connect/{endpoint}"), &anything);
            let basic = basic.basic_auth(&service.client_id, secret).send().unwrap();
            assert_eq!(basic.status(), 200, "{endpoint}");
            assert_eq!(server.oauth(endpoint, service, &anything).0, 200, "{endpoint}");
        }
        assert_eq!(server.oauth("revocation", native, &anything).0, 200);
        assert_eq!(server.oauth("introspect", native, &anything).0, 401);
        let assertion = [
            ("client_id", service.client_id.as_str()),
            ("client_assertion", "eyJ.eyJ.x"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("grant_type", "client_credentials"),
        ];
        assert_eq!(server.post("/id/connect/token", &assertion).send().unwrap().status(), 401);
        let twice = [("grant_type", "client_credentials"), ("client_secret", secret.unwrap())];
        let twice = server.post("/id/connect/token", &twice).basic_auth(&service.client_id, secret);
        assert_eq!(twice.send().unwrap().status(), 400);
    }

    /// Exactly the listed scopes can be granted to some client.
    fn scopes_are_those_listed(server: &mut Server) {
        let metadata = json_at(server, "/id/.well-known/openid-configuration");
        let scopes = listed(&metadata, "scopes_supported");
        assert!(!scopes.contains(&"sec".to_owned()), "it is reserved: {scopes:?}");
        let granted = |scope: &str| {
            ["grantor-cli", "demo-native"].iter().any(|client| {
                let form = [("client_id", *client), ("scope", scope)];
                let response = server.post("/id/connect/deviceauthorization", &form).send().unwrap();
                assert!(response.status() == 200 || response.status() == 400, "{scope}");
                response.status() == 200
            })
        };
        for scope in &scopes {
            assert!(granted(scope), "{scope}");
        }
        for scope in ["phone", "address", "admin", "read\u{e9}"] {
            assert!(!granted(scope), "{scope}");
        }
    }
}
