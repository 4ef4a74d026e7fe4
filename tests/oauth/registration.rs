//! Applications register themselves (RFC 7591), and look after that (RFC 7592).

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Application, Asking, Browser, Server};

fn send(
    server: &Server,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> (u16, Value) {
    let mut request = server.http.request(method, format!("{}{path}", server.url));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    let response = request.send().unwrap();
    (response.status().as_u16(), response.json().unwrap_or_default())
}

fn register(server: &Server, token: Option<&str>, body: &Value) -> (u16, Value) {
    send(server, Method::POST, "/id/connect/register", token, Some(body))
}

fn metadata(server: &Server) -> Value {
    server.get("/id/.well-known/openid-configuration", None).send().unwrap().json().unwrap()
}

const ADDRESS: &str = "http://127.0.0.1:8765/callback";

on_both_engines! {
    /// Nobody registers anything unless the operator says so.
    fn it_is_off(server: &mut Server) {
        let admin = server.world().admin.pat;
        let body = json!({"redirect_uris": [ADDRESS]});
        assert_eq!(register(server, Some(&admin), &body).0, 404);
        assert!(metadata(server)["registration_endpoint"].is_null());
    }

    /// With a token of an administrator an application registers, is used, changed and removed.
    fn an_application_registers_and_looks_after_that(server: &mut Server) {
        server.restart_with("GRANTOR_DYNAMIC_REGISTRATION", "token");
        let world = server.world();
        assert_eq!(metadata(server)["registration_endpoint"], format!("{}/id/connect/register", server.url));
        let body = json!({"redirect_uris": [ADDRESS], "client_name": "Self made", "scope": "openid read", "logo_uri": "https://x.example"});
        assert_eq!(register(server, None, &body).0, 401);
        assert_eq!(register(server, Some("grt_pat_nonsense"), &body).0, 401);
        assert_eq!(register(server, Some(&world.user.pat), &body).0, 403);
        let (status, made) = register(server, Some(&world.admin.pat), &body);
        assert_eq!(status, 201, "{made}");
        assert_eq!((&made["client_secret_expires_at"], &made["response_types"]), (&json!(0), &json!(["code"])));
        assert_eq!((&made["redirect_uris"], &made["scope"]), (&json!([ADDRESS]), &json!("openid read")));
        assert_eq!(made["token_endpoint_auth_method"], "client_secret_basic");
        assert!(made["logo_uri"].is_null() && made["consent"].is_null());
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        let (client_id, token) = (text("client_id"), text("registration_access_token"));
        let application = Application {
            client_id: client_id.clone(),
            client_secret: None,
            redirect_uri: ADDRESS.to_owned(),
        };
        let browser = Browser::of(server, &world.user);
        let exchange = |code: &str| {
            let form = [("grant_type", "authorization_code"), ("code", code), ("code_verifier", crate::support::VERIFIER)];
            let request = server.post("/id/connect/token", &form);
            request.basic_auth(&client_id, made["client_secret"].as_str()).send().unwrap()
        };
        let asking = Asking::of(&application, "openid read");
        let tokens: Value = exchange(&asking.code(&browser)).json().unwrap();
        let access = tokens["access_token"].as_str().unwrap();
        assert!(server.accepts(access), "{tokens}");
        assert!(browser.visit(&asking.path()).page().has("asks to act"), "people are asked each time");

        let form = [("client_id", client_id.as_str()), ("client_secret", made["client_secret"].as_str().unwrap())];
        assert_eq!(server.post("/id/connect/deviceauthorization", &form).send().unwrap().status(), 401, "not its way");
        assert!(!server.accepts(&token), "it is for the registration alone");
        let own = made["registration_client_uri"].as_str().unwrap().strip_prefix(&server.url).unwrap();
        let (status, shown) = send(server, Method::GET, own, Some(&token), None);
        assert_eq!((status, &shown["client_name"]), (200, &json!("Self made")));
        assert_eq!(shown["registration_access_token"], made["registration_access_token"]);
        assert!(shown["client_secret"].is_null());
        for wrong in [None, Some(access), Some(world.admin.pat.as_str())] {
            assert_eq!(send(server, Method::GET, own, wrong, None).0, 401);
            assert_eq!(send(server, Method::DELETE, own, wrong, None).0, 401);
        }
        let other = register(server, Some(&world.admin.pat), &body).1;
        let others = other["registration_access_token"].as_str();
        assert_eq!(send(server, Method::GET, own, others, None).0, 401, "that of another application");

        let next = "https://app.example/back";
        let change = json!({"client_id": client_id, "redirect_uris": [next], "client_name": "Renamed", "scope": "openid"});
        let (status, changed) = send(server, Method::PUT, own, Some(&token), Some(&change));
        assert_eq!((status, &changed["redirect_uris"], &changed["scope"]), (200, &json!([next]), &json!("openid")));
        assert_eq!(browser.visit(&asking.path()).page().status, 400, "the old address is gone");
        for (name, value) in [
            ("client_id", json!("demo-web")),
            ("token_endpoint_auth_method", json!("none")),
            ("scope", json!("sec")),
        ] {
            let mut bad = change.clone();
            bad[name] = value;
            let (status, answer) = send(server, Method::PUT, own, Some(&token), Some(&bad));
            assert_eq!((status, &answer["error"]), (400, &json!("invalid_client_metadata")), "{name}");
        }
        assert_eq!(send(server, Method::DELETE, own, Some(&token), None).0, 204);
        assert_eq!(send(server, Method::GET, own, Some(&token), None).0, 401);
        assert!(!server.accepts(access), "what it was given is refused");
        assert_eq!(exchange("x").status(), 401);
    }

    /// What cannot be registered is refused with the right word, also where everybody may register.
    fn bad_metadata_are_refused(server: &mut Server) {
        server.restart_with("GRANTOR_DYNAMIC_REGISTRATION", "open");
        let public = json!({"redirect_uris": [ADDRESS], "token_endpoint_auth_method": "none"});
        let (status, made) = register(server, None, &public);
        assert_eq!(status, 201, "{made}");
        assert!(made["client_secret"].is_null() && made["client_secret_expires_at"].is_null());
        for (name, value, error) in [
            ("redirect_uris", json!([]), "invalid_redirect_uri"),
            ("redirect_uris", json!(["http://app.example/"]), "invalid_redirect_uri"),
            ("redirect_uris", json!(["javascript:alert(1)"]), "invalid_redirect_uri"),
            ("redirect_uris", json!("x"), "invalid_client_metadata"),
            ("post_logout_redirect_uris", json!(["https://app.example/#x"]), "invalid_redirect_uri"),
            ("scope", json!("read update"), "invalid_client_metadata"),
            ("scope", json!("sec"), "invalid_client_metadata"),
            ("grant_types", json!(["client_credentials"]), "invalid_client_metadata"),
            ("grant_types", json!(["implicit"]), "invalid_client_metadata"),
            ("response_types", json!(["token"]), "invalid_client_metadata"),
            ("jwks_uri", json!("https://app.example/keys"), "invalid_client_metadata"),
            ("token_endpoint_auth_method", json!("private_key_jwt"), "invalid_client_metadata"),
            ("token_endpoint_auth_method", json!("nonsense"), "invalid_client_metadata"),
            ("id_token_signed_response_alg", json!("none"), "invalid_client_metadata"),
            ("client_name", json!(5), "invalid_client_metadata"),
            ("client_name", json!("x".repeat(300)), "invalid_client_metadata"),
        ] {
            let mut bad = public.clone();
            bad[name] = value.clone();
            let (status, answer) = register(server, None, &bad);
            // Of one network, only so many within ten minutes.
            assert_eq!((status, answer["error"].as_str()), (400, Some(error)), "{name} {value}: {answer}");
        }
        let started = server.start_device(made["client_id"].as_str().unwrap(), "read");
        let page = Browser::of(server, &server.world().user).visit(&format!("/device?user_code={}", started.user_code)).page();
        assert!(page.has("nobody checked who it is"), "{}", page.body);
        for (name, value) in [("jwt_bearer_subjects", json!(["*"])), ("token_exchange", json!({})), ("consent", json!("never"))] {
            let mut more = public.clone();
            more[name] = value;
            let (status, answer) = register(server, None, &more);
            assert_eq!(status, 201, "{name}");
            assert!(answer[name].is_null(), "what is a matter of trust is ignored");
        }
        assert_eq!(register(server, None, &public).0, 429, "of one network, so many within ten minutes");
let form = server.post("/id/connect/register", &[("a", "b")]).send().unwrap();
        assert_eq!(form.status(), 400, "it is JSON that is read");
    }
}
