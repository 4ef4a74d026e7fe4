//! Clients register themselves (RFC 7591), and manage their registration (RFC 7592).

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
    /// Registration is off by default.
    fn it_is_off(server: &mut Server) {
        let admin = server.world().admin.pat;
        let body = json!({"redirect_uris": [ADDRESS]});
        assert_eq!(register(server, Some(&admin), &body).0, 404);
        assert!(metadata(server)["registration_endpoint"].is_null());
    }

    /// With a token of an administrator, a client registers, is used, changed and removed.
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
        assert!(browser.visit(&asking.path()).page().has("asks to act"), "the user is asked each time");

        let form = [("client_id", client_id.as_str()), ("client_secret", made["client_secret"].as_str().unwrap())];
        assert_eq!(server.post("/id/connect/deviceauthorization", &form).send().unwrap().status(), 401, "not its grant type");
        assert!(!server.accepts(&token), "the token is only for the registration");
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
        assert_eq!(send(server, Method::GET, own, others, None).0, 401, "the token of another client");

        let next = "https://app.example/back";
        let change = json!({"client_id": client_id, "redirect_uris": [next], "client_name": "Renamed", "scope": "openid"});
        let (status, changed) = send(server, Method::PUT, own, Some(&token), Some(&change));
        assert_eq!((status, &changed["redirect_uris"], &changed["scope"]), (200, &json!([next]), &json!("openid")));
        assert_eq!(browser.visit(&asking.path()).page().status, 400, "the old redirect URI is removed");
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
        assert!(!server.accepts(access), "its tokens are refused");
        assert_eq!(exchange("x").status(), 401);
    }

    /// Invalid metadata is refused with the right error, even with open registration.
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
            // The number of registrations per network within ten minutes is limited.
            assert_eq!((status, answer["error"].as_str()), (400, Some(error)), "{name} {value}: {answer}");
        }
        let started = server.start_device(made["client_id"].as_str().unwrap(), "read");
        let page = Browser::of(server, &server.world().user).visit(&format!("/device?user_code={}", started.user_code)).page();
        assert!(page.has("by itself; not verified"), "{}", page.body);
        for (name, value) in [("jwt_bearer_subjects", json!(["*"])), ("token_exchange", json!({})), ("consent", json!("never"))] {
            let mut more = public.clone();
            more[name] = value;
            let (status, answer) = register(server, None, &more);
            assert_eq!(status, 201, "{name}");
            assert!(answer[name].is_null(), "members that require trust are ignored");
        }
        assert_eq!(register(server, None, &public).0, 429, "the limit of the network");
let form = server.post("/id/connect/register", &[("a", "b")]).send().unwrap();
        assert_eq!(form.status(), 400, "the body must be JSON");
    }

    /// Pairwise subjects: redirect URIs of several hosts require a sector identifier, which only an
    /// administrator can set. This holds for changes as well.
    fn pairwise_names_belong_to_one_host(server: &mut Server) {
        server.restart_with("GRANTOR_DYNAMIC_REGISTRATION", "open");
        let one = ["https://a.example/back", "https://a.example/other"];
        let two = ["https://a.example/back", "https://b.example/back"];
        let members = |uris: &[&str]| json!({"redirect_uris": uris, "subject_type": "pairwise"});
        assert_eq!(register(server, None, &members(&one)).0, 201);
        let (status, answer) = register(server, None, &members(&two));
        assert_eq!((status, &answer["error"]), (400, &json!("invalid_client_metadata")), "{answer}");
        let admin = server.world().admin.pat;
        let create = "mutation($input: APIApplicationCreateMutationInput!) { apiApplicationCreate(input: $input) { apiApplication { id } } }";
        let application = |client_id: &str, uris: &[&str], metadata: Value| {
            let input = json!({
                "clientId": client_id, "name": "Board", "clientType": "CONFIDENTIAL", "scopes": ["openid"], "redirectUris": uris, "metadata": metadata,
            });
            server.graphql(create, &json!({ "input": input }), &admin).1
        };
        let refused = application("board", &two, json!({"subject_type": "pairwise"}));
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("need a sector_identifier"), "{refused}");
        let said = json!({"subject_type": "pairwise", "sector_identifier": "a.example"});
        assert!(application("said", &two, said)["errors"].is_null());
        let made = application("board", &one, json!({"subject_type": "pairwise", "frontchannel_logout_uri": "https://a.example/out"}));
        let id = &made["data"]["apiApplicationCreate"]["apiApplication"]["id"];
        let update = "mutation($input: APIApplicationUpdateMutationInput!) { apiApplicationUpdate(input: $input) { userErrors { field message } } }";
        let change = |change: Value| {
            let mut input = change;
            input["id"] = id.clone();
            let answer = server.graphql(update, &json!({ "input": input }), &admin).1;
            assert!(answer["errors"].is_null(), "{answer}");
            answer["data"]["apiApplicationUpdate"]["userErrors"].clone()
        };
        let says = |errors: &Value, text: &str| assert!(errors[0]["message"].as_str().unwrap_or_default().contains(text), "{text}: {errors}");
        says(&change(json!({"redirectUris": two})), "need a sector_identifier");
        says(&change(json!({"redirectUris": ["https://c.example/back"]})), "has the scheme, host and port of a redirect URI");
        says(&change(json!({"metadata": {"frontchannel_logout_uri": "https://evil.example/out"}})), "has the scheme, host and port of a redirect URI");
        says(&change(json!({"scopes": ["openid", "sec"]})), "is reserved");
        says(&change(json!({"scopes": ["openid", "nonsense"]})), "no active scope");
        assert_eq!(change(json!({"redirectUris": ["https://a.example/third"], "scopes": ["openid", "read"]})), json!([]));
    }

    /// A registration token registers exactly its number of clients, even in a race.
    fn a_token_for_registering_is_used_up(server: &mut Server) {
        let world = server.world();
        let make = |server: &Server, arguments: &[&str], token: &str| {
            server.cli(&[&["app", "registration-token"], arguments].concat(), Some(token)).map(|made| made.trim().to_owned())
        };
        assert!(make(server, &[], &world.admin.pat).unwrap_err().contains("do not register by tokens"));
        server.restart_with("GRANTOR_DYNAMIC_REGISTRATION", "token");
        assert!(make(server, &[], &world.user.pat).is_err(), "only for administrators");
        assert!(make(server, &["--uses", "0"], &world.admin.pat).is_err());
        let body = json!({"redirect_uris": [ADDRESS], "token_endpoint_auth_method": "none"});
        let shared: &Server = server;
        for uses in [1, 3] {
            let token = make(shared, &["--uses", &uses.to_string()], &world.admin.pat).unwrap();
            assert!(!shared.accepts(&token), "no API accepts it");
            assert_eq!(shared.get("/verify", Some(&token)).send().unwrap().status(), 401);
            let outcomes = std::thread::scope(|scope| {
                let racers: Vec<_> = (0..10).map(|_| scope.spawn(|| register(shared, Some(&token), &body))).collect();
                racers.into_iter().map(|racer| racer.join().unwrap()).collect::<Vec<_>>()
            });
            let (won, lost): (Vec<_>, Vec<_>) = outcomes.iter().partition(|(status, _)| *status == 201);
            assert_eq!(won.len(), uses, "{outcomes:?}");
            assert!(lost.iter().all(|(status, answer)| *status == 401 && answer["error"] == "invalid_token"), "{lost:?}");
            let own = won[0].1["registration_client_uri"].as_str().unwrap().strip_prefix(&shared.url).unwrap();
            let theirs = won[0].1["registration_access_token"].as_str();
            assert_eq!(send(shared, Method::GET, own, theirs, None).0, 200, "the registration outlives the consumed token");
            assert!(shared.grant(&token, &world.admin.pat)["ConsumedTimestamp"].is_string());
        }
        let token = make(shared, &["--uses", "2"], &world.admin.pat).unwrap();
        let made = register(shared, Some(&token), &body).1;
        shared.cli(&["token", "revoke", &shared.grant_id(&token, &world.admin.pat), "--yes"], Some(&world.admin.pat)).unwrap();
        assert_eq!(register(shared, Some(&token), &body).0, 401);
        let own = made["registration_client_uri"].as_str().unwrap().strip_prefix(&shared.url).unwrap();
        assert_eq!(send(shared, Method::GET, own, made["registration_access_token"].as_str(), None).0, 401, "revoking it revokes its descendants");
    }

    /// The system user of a client is set by administrators, and is never a person.
    fn an_application_acts_as_nobody_in_particular(server: &mut Server) {
        let world = server.world();
        let create = "mutation($input: APIApplicationCreateMutationInput!) { apiApplicationCreate(input: $input) { clientSecret } }";
        let made = |system_user: &str, token: &str| {
            let input = json!({
                "clientId": format!("acting-{}", system_user.len()), "name": "Acting", "clientType": "CONFIDENTIAL", "scopes": ["read"],
                "systemUser": system_user,
            });
            server.graphql(create, &json!({ "input": input }), token).1
        };
        for person in [&world.user.login, &world.admin.login] {
            let answer = made(person, &world.admin.pat);
            assert!(answer["errors"][0]["message"].as_str().unwrap().contains("this user can sign in"), "{answer}");
        }
        assert_eq!(made("nightly-export", &world.user.pat)["errors"][0]["extensions"]["code"], "FORBIDDEN");
        assert!(made("nightly-export", &world.admin.pat)["errors"].is_null());
        assert!(made("made-with-it", &world.admin.pat)["errors"].is_null());
        let user = server.rows("Systems_Security_Users?$filter=Login eq 'made-with-it'", &world.admin.pat).remove(0);
        assert_eq!((&user["UserType"], &user["IsAdmin"]), (&json!("ApplicationUserNoLogin"), &json!(false)));
    }
}
