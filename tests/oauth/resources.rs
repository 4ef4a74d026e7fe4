//! Resources of tokens (RFC 8707), and their metadata (RFC 9728).

use serde_json::{Value, json};

use crate::support::{Asking, Browser, Server};

/// Returns the status of a plain request to each of our APIs.
fn statuses(server: &Server, token: &str) -> [u16; 3] {
    let odata = server.odata("Systems_Security_AccessTokens?$top=1", token).status().as_u16();
    let model = server.get("/api/domain/currentmodel", Some(token)).send().unwrap().status().as_u16();
    [odata, model, server.graphql("{ viewer { id } }", &json!({}), token).0]
}

on_both_engines! {
    /// A token for one resource is accepted only there.
    fn a_token_is_for_the_services_that_it_names(server: &mut Server) {
        let service = &server.world().applications.service;
        let token = |resources: &[&str]| {
            let mut form = vec![("grant_type", "client_credentials")];
            let urls: Vec<_> = resources.iter().map(|path| format!("{}{path}", server.url)).collect();
            form.extend(urls.iter().map(|url| ("resource", url.as_str())));
            let (status, answer) = server.oauth("token", service, &form);
            assert_eq!(status, 200, "{answer}");
            answer["access_token"].as_str().unwrap().to_owned()
        };
        for (resources, expected) in [
            (&[][..], [200, 200, 200]),
            (&["/api"], [200, 200, 200]),
            (&[""], [200, 200, 200]),
            (&["/graphql"], [401, 401, 200]),
            (&["/api/domain/odata"], [200, 401, 401]),
            (&["/api/domain"], [200, 200, 401]),
            (&["/graphql", "/api/domain/odata"], [200, 401, 200]),
            (&["/api/domain/od"], [401, 401, 401]),
        ] {
            assert_eq!(statuses(server, &token(resources)), expected, "{resources:?}");
        }
        let graphql = token(&["/graphql"]);
        let told = server.oauth("introspect", service, &[("token", &graphql)]).1;
        assert_eq!(told["aud"], format!("{}/graphql", server.url));
    }

    /// External resources are part of the client's metadata; tokens for them are not accepted here.
    fn an_application_has_services_of_others(server: &mut Server) {
        let stock = "https://stock.example/api";
        let own = server.register("stock-keeper", "JWT", &json!({"resources": [stock]})).unwrap();
        let ask = |resource| server.oauth("token", &own, &[("grant_type", "client_credentials"), ("resource", resource)]);
        let token = ask(stock).1["access_token"].as_str().unwrap().to_owned();
        assert_eq!(super::open_id::claims_of(server, &token)["aud"], stock);
        assert_eq!(statuses(server, &token), [401, 401, 401]);
        assert_eq!(ask("https://other.example").1["error"], "invalid_target");
        let web = server.new_application("board", &json!({"metadata": {"resources": [stock]}}));
        let asking = Asking::of(&web, "openid read").with("resource", stock);
        let tokens = server.tokens(&asking, &Browser::of(server, &server.world().user));
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(statuses(server, token), [401, 401, 401]);
        assert_eq!(server.get("/id/connect/userinfo", Some(token)).send().unwrap().status(), 200);
    }

    /// A refusal names the resource metadata, which contain the resource's address.
    fn an_interface_says_what_it_takes(server: &mut Server) {
        let metadata: Value = server.get("/id/.well-known/openid-configuration", None).send().unwrap().json().unwrap();
        for path in ["/api/domain/odata", "/graphql", "/api/domain"] {
            let question = match path {
                "/graphql" => "/graphql?query=%7Bviewer%7Bid%7D%7D".to_owned(),
                "/api/domain" => "/api/domain/currentmodel".to_owned(),
                path => format!("{path}/Systems_Security_Users"),
            };
            let refused = server.get(&question, Some("grt_pat_nonsense")).send().unwrap();
            assert_eq!(refused.status(), 401);
            let challenge = refused.headers()["www-authenticate"].to_str().unwrap().to_owned();
            let (_, at) = challenge.split_once("resource_metadata=\"").expect(&challenge);
            let at = at.trim_end_matches('"').strip_prefix(&server.url).unwrap().to_owned();
            assert_eq!(at, format!("/.well-known/oauth-protected-resource{path}"));
            let said: Value = server.get(&at, None).send().unwrap().json().unwrap();
            assert_eq!(said["resource"], format!("{}{path}", server.url));
            assert_eq!(said["authorization_servers"], json!([metadata["issuer"]]));
            assert!(metadata["protected_resources"].as_array().unwrap().contains(&said["resource"]));
        }
        let other = server.get("/.well-known/oauth-protected-resource/id", None).send().unwrap();
        assert_eq!(other.status(), 404);
    }

    /// A resource server gets a signed introspection response on request (RFC 9701).
    fn introspection_is_signed(server: &mut Server) {
        let service = &server.world().applications.service;
        let token = server.client_credentials(service);
        let media_type = "application/token-introspection+jwt";
        let ask = |token: &str| {
            let secret = service.client_secret.as_deref();
            let request = server.post("/id/connect/introspect", &[("token", token)]);
            let response = request.basic_auth(&service.client_id, secret).header("Accept", media_type).send().unwrap();
            assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (200, &media_type.parse().unwrap()));
            response.text().unwrap()
        };
        let signed = ask(&token);
        let header = jsonwebtoken::decode_header(&signed).unwrap();
        assert_eq!(header.typ.as_deref(), Some("token-introspection+jwt"));
        let message = signed.rsplit_once('.').unwrap().0;
        let claims = message.split_once('.').unwrap().1;
        let claims = data_encoding::BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["aud"], service.client_id);
        assert_eq!(claims["iss"], format!("{}/id", server.url));
        let plain = server.oauth("introspect", service, &[("token", &token)]).1;
        assert_eq!(claims["token_introspection"], plain);
        assert!(claims["sub"].is_null() && claims["exp"].is_null(), "it is not an access token (section 5)");
        assert!(!server.accepts(&signed));
        assert!(ask("nonsense").len() > 100);
        let refused = server.post("/id/connect/introspect", &[("token", &*token)]).header("Accept", media_type);
        assert_eq!(refused.send().unwrap().status(), 401);
    }

    /// Other origins can call the endpoints for clients, but never those where users sign in.
    fn pages_of_others_may_call(server: &mut Server) {
        let preflight = |path: &str| {
            let request = server.http.request(reqwest::Method::OPTIONS, format!("{}{path}", server.url));
            let request = request.header("Origin", "https://app.example");
            request.header("Access-Control-Request-Method", "POST").send().unwrap()
        };
        for path in ["token", "par", "userinfo", "revocation"] {
            let response = preflight(&format!("/id/connect/{path}"));
            assert_eq!(response.headers()["access-control-allow-origin"], "*", "{path}");
            assert!(!response.headers().contains_key("access-control-allow-credentials"));
        }
        for path in ["/id/connect/authorize", "/signin", "/id/connect/introspect"] {
            assert!(!preflight(path).headers().contains_key("access-control-allow-origin"), "{path}");
        }
        for path in ["/id/.well-known/openid-configuration", "/id/.well-known/openid-configuration/jwks"] {
            let response = server.get(path, None).header("Origin", "https://app.example").send().unwrap();
            assert_eq!(response.headers().get_all("access-control-allow-origin").iter().count(), 1);
        }
    }
}
