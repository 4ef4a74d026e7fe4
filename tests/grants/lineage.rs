//! Created tokens are children: they end with their parent and have no further rights.

use serde_json::{Value, json};

use super::limits::make;
use crate::support::keys::Key;
use crate::support::{Asking, Browser, Server, Started, sha256};

const ROTATE: &str =
    "mutation($input: APIAccessTokenRotateMutationInput!) { apiAccessTokenRotate(input: $input) {
    secret apiAccessToken { uuid expiresAt parent { uuid } predecessor { uuid } } } }";
const UPDATE: &str =
    "mutation($input: APIAccessTokenUpdateMutationInput!) { apiAccessTokenUpdate(input: $input) {
    apiAccessToken { expiresAt } } }";

/// Creates a personal access token for `demo-web` with a token.
fn make_pat(server: &Server, with: &str) -> String {
    make(server, with, &json!({ "clientId": "demo-web", "scopes": ["read"] })).unwrap().0
}

pub fn row(server: &Server, secret: &str) -> Value {
    let key = sha256(secret);
    let query = format!(
        "Systems_Security_AccessTokens?$filter=AccessTokenKey eq '{key}'&$select=default,Id&$expand=Parent($select=Id,Kind),CreatedBy($select=Login)"
    );
    server.rows(&query, &server.world().admin.pat).pop().unwrap()
}

/// Rotates a token with a token; returns the successor's secret, or the error code.
fn rotate(server: &Server, with: &str, token: &str, more: &Value) -> Result<String, String> {
    let mut input = json!({ "id": row(server, token)["Id"] });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (_, answer) = server.graphql(ROTATE, &json!({ "input": input }), with);
    let secret = answer["data"]["apiAccessTokenRotate"]["secret"].as_str();
    let code = || answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
    secret.map(str::to_owned).ok_or_else(code)
}

fn update(server: &Server, with: &str, token: &str, more: &Value) {
    let mut input = json!({ "id": row(server, token)["Id"] });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (_, answer) = server.graphql(UPDATE, &json!({ "input": input }), with);
    assert!(answer["errors"].is_null(), "{answer}");
}

/// Disables or enables a client.
pub fn enable(server: &Server, client_id: &str, is_enabled: bool) {
    let admin = &server.world().admin.pat;
    let question = format!(
        "{{ apiApplications(first: 1, filter: {{clientId: {{eq: \"{client_id}\"}}}}) {{ nodes {{ id }} }} }}"
    );
    let (_, found) = server.graphql(&question, &json!({}), admin);
    let change = "mutation($input: APIApplicationUpdateMutationInput!) { apiApplicationUpdate(input: $input) { apiApplication { isEnabled } } }";
    let input = json!({ "id": found["data"]["apiApplications"]["nodes"][0]["id"], "isEnabled": is_enabled });
    let (_, answer) = server.graphql(change, &json!({ "input": input }), admin);
    assert_eq!(answer["data"]["apiApplicationUpdate"]["apiApplication"]["isEnabled"], is_enabled, "{answer}");
}

/// Returns a token with the scope `tokens`, created by a user on a page.
fn maker(server: &Server, expiry: &[(&str, &str)]) -> String {
    Browser::of(server, &server.world().user).token("grantor-cli", &["read", "update", "tokens"], expiry)
}

on_both_engines! {
    /// A token of a sign-in creates a child of the sign-in, which ends with the consent.
    fn a_token_of_a_sign_in_makes_what_ends_with_it(server: &mut Server) {
        let native = &server.world().applications.native;
        let browser = Browser::of(server, &server.world().user);
        let tokens = server.tokens(&Asking::of(native, "read update"), &browser);
        let access = tokens["access_token"].as_str().unwrap();
        let pat = make_pat(server, access);
        let made = row(server, &pat);
        assert_eq!(made["Parent"]["Kind"], "AuthorizationCode");
        assert_eq!(made["ExpireTimestamp"], row(server, access)["ExpireTimestamp"], "no later than its parent");
        assert_eq!(made["Session"], row(server, access)["Session"]);
        let beyond = json!({ "clientId": "demo-web", "scopes": ["read"], "expiresAt": "2099-01-01T00:00:00Z" });
        assert_eq!(make(server, access, &beyond), Err("BAD_USER_INPUT".to_owned()));
        assert!(server.accepts(&pat));
        let consent = "Systems_Security_AccessTokens?$filter=Kind eq 'UserConsent' and Client eq 'demo-native' and Actor eq 'ben'&$select=Id&$orderby=CreationTimestamp desc&$top=1";
        let consent = &server.rows(consent, &server.world().admin.pat)[0]["Id"];
        assert_eq!(browser.revoke(consent.as_str().unwrap()).status, 200);
        assert!(!server.accepts(access) && !server.accepts(&pat));
    }

    /// If a sign-in has only one token, created tokens end when it is revoked: no other grant represents the
    /// sign-in.
    fn what_the_only_token_of_a_sign_in_makes_ends_with_it(server: &mut Server) {
        let browser = Browser::of(server, &server.world().user);
        let started = server.start_device("grantor-cli", "read update");
        assert_eq!(browser.decide(&started.user_code, "approve").status, 200);
        let access = server.redeem(&started).unwrap();
        let pat = make_pat(server, &access);
        assert_eq!(row(server, &pat)["Parent"]["Kind"], "DeviceCode");
        let id = row(server, &access)["Id"].as_str().unwrap().to_owned();
        let question = browser.submit(&browser.open("/tokens"), &format!("/tokens/{id}/revoke"), &[]);
        assert!(question.has("1 grant that came from it"), "{question:?}");
        assert_eq!(browser.revoke(&id).status, 200);
        assert!(!server.accepts(&access) && !server.accepts(&pat));
    }

    /// Once the revocation of a token is acknowledged, no root is created with it.
    fn a_revoked_token_makes_no_more_roots(server: &mut Server) {
        let browser = Browser::of(server, &server.world().user);
        for round in 0..4 {
            let (maker, description) = (maker(server, &[]), format!("race {round}"));
            let id = row(server, &maker)["Id"].as_str().unwrap().to_owned();
            let all = || server.count("Systems_Security_AccessTokens?$filter=Client eq 'demo-web'", &server.world().admin.pat);
            let before = all();
            let roots = || all() - before;
            let input = json!({ "clientId": "demo-web", "scopes": ["read"], "description": description });
            let (at_revocation, made) = std::thread::scope(|scope| {
                let making: Vec<_> = (0..4)
                    .map(|_| scope.spawn(|| (0..50).take_while(|_| make(server, &maker, &input).is_ok()).count()))
                    .collect();
                while roots() == 0 {}
                assert_eq!(browser.revoke(&id).status, 200);
                (roots(), making.into_iter().map(|made| made.join().unwrap() as u64).sum::<u64>())
            });
            assert_eq!(roots(), at_revocation, "a root was created after the revocation");
            assert_eq!(made, at_revocation, "each response has its row");
            assert!(!server.accepts(&maker));
        }
    }

    /// Neither refreshing nor revoking one access token ends tokens that a family created; the end of the
    /// family does.
    fn what_a_family_makes_hangs_on_the_family(server: &mut Server) {
        let web = &server.world().applications.web;
        let browser = Browser::of(server, &server.world().user);
        let first = server.tokens(&Asking::of(web, "read update offline_access"), &browser);
        let pat = make_pat(server, first["access_token"].as_str().unwrap());
        let end = row(server, &pat)["ExpireTimestamp"].clone();
        assert!(end.as_str() > row(server, first["access_token"].as_str().unwrap())["ExpireTimestamp"].as_str());
        assert!(end.is_string(), "with the family");
        let second = server.refresh(web, first["refresh_token"].as_str().unwrap()).1;
        assert_eq!(server.revoke(web, first["access_token"].as_str().unwrap()), 200);
        assert!(server.accepts(&pat), "it does not depend on the access token that was used");
        let access = second["access_token"].as_str().unwrap();
        let other = make_pat(server, access);
        let report = server.http.post(format!("{}/leaks", server.url)).json(&json!([{"secret": access}])).send().unwrap();
        assert_eq!(report.json::<Value>().unwrap()["results"], json!(["revoked"]));
        assert!(!server.accepts(&other) && server.accepts(&pat), "a thief of the token could have created it");
        assert_eq!(server.revoke(web, second["refresh_token"].as_str().unwrap()), 200);
        assert!(!server.accepts(&pat));
    }

    /// Tokens that a client creates for itself do not survive the client or its secret.
    fn what_an_application_makes_ends_with_its_secret_and_with_itself(server: &mut Server) {
        let service = &server.world().applications.service;
        let token = server.client_credentials(service);
        let (pat, kept) = (make_pat(server, &token), make_pat(server, &token));
        assert_eq!(row(server, &pat)["Client"], "demo-web");
        enable(server, "demo-service", false);
        assert!(!server.accepts(&pat) && !server.accepts(&kept));
        enable(server, "demo-service", true);
        assert!(server.accepts(&pat), "disabling does not revoke");
        let secret = service.client_secret.as_ref().unwrap();
        let report = server.http.post(format!("{}/leaks", server.url)).json(&json!([{"secret": secret}])).send().unwrap();
        assert_eq!(report.json::<Value>().unwrap()["results"], json!(["revoked"]));
        assert!(!server.accepts(&token) && !server.accepts(&pat) && !server.accepts(&kept));
        enable(server, "demo-service", true);
        assert!(!server.accepts(&pat));
    }

    /// A token bound to a key creates no token that works without the key.
    fn a_bound_token_makes_bound_ones(server: &mut Server) {
        let key = Key::generate();
        let web = &server.world().applications.web;
        let browser = Browser::of(server, &server.world().user);
        let code = Asking::of(web, "read update").code(&browser);
        let form = [
            ("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", &web.redirect_uri),
            ("code_verifier", crate::support::VERIFIER),
        ];
        let token_url = format!("{}/id/connect/token", server.url);
        let answer = server.post("/id/connect/token", &form).basic_auth(&web.client_id, web.client_secret.as_ref())
            .header("dpop", key.proof("POST", &token_url, None, &[])).send().unwrap();
        let answer: Value = answer.json().unwrap();
        let token = answer["access_token"].as_str().unwrap();
        let graphql = format!("{}/graphql", server.url);
        let document = "mutation { apiAccessTokenCreate(input: { kind: PERSONAL_ACCESS_TOKEN, clientId: \"demo-web\", scopes: [\"read\"] }) { secret } }";
        let made = server.http.post(&graphql).json(&json!({ "query": document }))
            .header("authorization", format!("DPoP {token}"))
            .header("dpop", key.proof("POST", &graphql, Some(token), &[])).send().unwrap();
        let made: Value = made.json().unwrap();
        let pat = made["data"]["apiAccessTokenCreate"]["secret"].as_str().unwrap_or_else(|| panic!("{made}"));
        assert!(!server.accepts(pat), "not as a bearer");
        let told = server.oauth("introspect", web, &[("token", pat)]).1;
        assert_eq!(told["cnf"], json!({ "jkt": key.thumbprint() }));
    }

    /// A token creates none that outlives it, also not by rotation; a user on a page, and the scope `tokens`,
    /// can.
    fn a_token_makes_nothing_that_outlives_it(server: &mut Server) {
        let browser = Browser::of(server, &server.world().user);
        let date = [("expiry", "date"), ("expires_on", "2099-12-31")];
        let parent = browser.token("grantor-cli", &["read", "update"], &date);
        let child = make_pat(server, &parent);
        assert_eq!(row(server, &child)["ExpireTimestamp"], "2099-12-31T00:00:00Z");
        assert_eq!(row(server, &child)["CreatedBy"]["Login"], "ben");
        let late = json!({ "expiresAt": "2199-01-01T00:00:00Z" });
        assert_eq!(rotate(server, &parent, &child, &late), Err("BAD_USER_INPUT".to_owned()));
        assert_eq!(rotate(server, &parent, &parent, &late), Err("BAD_USER_INPUT".to_owned()));
        let root = browser.token("grantor-cli", &["read"], &[]);
        assert_eq!(rotate(server, &parent, &root, &json!({})), Err("FORBIDDEN".to_owned()), "another token created it");

        let next = rotate(server, &parent, &child, &json!({})).unwrap();
        let (former, successor) = (row(server, &child), row(server, &next));
        assert_eq!(former["Parent"], successor["Parent"], "it keeps its parent");
        let references = "Systems_Security_AccessTokens?$select=Id&$expand=Successor($select=Id),Predecessor($select=Id)&$filter=Id eq ";
        let reference = |row: &Value| server.rows(&format!("{references}{}", row["Id"].as_str().unwrap()), &server.world().admin.pat).pop().unwrap();
        assert_eq!(reference(&former)["Successor"]["Id"], successor["Id"]);
        assert_eq!(reference(&successor)["Predecessor"]["Id"], former["Id"]);

        let moved = rotate(server, &parent, &parent, &json!({})).unwrap();
        assert!(server.accepts(&next) && !server.accepts(&parent), "its children move to its successor");
        update(server, &moved, &moved, &json!({ "expiresAt": "2050-01-01T00:00:00Z", "allowedIPAddresses": ["127.0.0.0/8"] }));
        let now = row(server, &next);
        assert_eq!((&now["ExpireTimestamp"], &now["AllowedIPAddresses"]), (&json!("2050-01-01T00:00:00Z"), &json!("127.0.0.0/8")));
        assert_eq!(browser.revoke(row(server, &moved)["Id"].as_str().unwrap()).status, 200);
        assert!(!server.accepts(&next));
    }

    /// With the scope `tokens`, which is granted only by name, a token creates roots.
    fn tokens_is_a_scope_of_its_own(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let maker = maker(server, &[("expiry", "30")]);
        let root = make_pat(server, &maker);
        let made = row(server, &root);
        assert_eq!((&made["Parent"], &made["ExpireTimestamp"]), (&Value::Null, &Value::Null));
        let (_, scopes) = make(server, &maker, &json!({ "clientId": "grantor-cli" })).unwrap();
        assert_eq!(scopes, ["read", "update"], "only if requested by name");
        let (_, scopes) = make(server, &maker, &json!({ "clientId": "grantor-cli", "scopes": ["tokens"] })).unwrap();
        assert_eq!(scopes, ["tokens"]);
        assert_eq!(make(server, &world.user.pat, &json!({ "clientId": "grantor-cli", "scopes": ["tokens"] })), Err("FORBIDDEN".to_owned()));
        assert!(make(server, &maker, &json!({ "clientId": "demo-web", "scopes": ["tokens"] })).is_err(), "it is reserved for the command line");
        assert_eq!(browser.revoke(row(server, &maker)["Id"].as_str().unwrap()).status, 200);
        assert!(server.accepts(&root));

        let form = [("client_id", "grantor-cli")];
        let unnamed: Value = server.post("/id/connect/deviceauthorization", &form).send().unwrap().json().unwrap();
        let text = |name: &str| unnamed[name].as_str().unwrap().to_owned();
        let unnamed = Started { client_id: "grantor-cli".to_owned(), device_code: text("device_code"), user_code: text("user_code") };
        assert_eq!(browser.decide(&unnamed.user_code, "approve").status, 200);
        let told = |token: &str| server.oauth("introspect", &world.applications.service, &[("token", token)]).1;
        assert!(!told(&server.redeem(&unnamed).unwrap())["scope"].as_str().unwrap().contains("tokens"));
        let named = server.start_device("grantor-cli", "read update tokens");
        let page = browser.open(&format!("/device?user_code={}", named.user_code));
        assert!(page.has("Create tokens that stay valid when this access ends"), "{page:?}");
        assert_eq!(browser.decide(&named.user_code, "approve").status, 200);
        let token = server.redeem(&named).unwrap();
        assert_eq!(row(server, &make_pat(server, &token))["Parent"], Value::Null);
        let listed: Value = server.get("/id/.well-known/openid-configuration", None).send().unwrap().json().unwrap();
        assert!(!listed["scopes_supported"].to_string().contains("\"tokens\""));
    }

    /// A token can read and revoke itself, whatever its scopes.
    fn a_token_describes_and_ends_itself(server: &mut Server) {
        let world = server.world();
        let started = server.start_device("grantor-cli", "tokens");
        let browser = Browser::of(server, &world.user);
        assert_eq!(browser.decide(&started.user_code, "approve").status, 200);
        let token = server.redeem(&started).unwrap();
        let (status, answer) = server.graphql("{ viewer { user { login } scopes token { uuid scopes expiresAt } } }", &json!({}), &token);
        assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{answer}");
        assert_eq!((&answer["data"]["viewer"]["user"]["login"], &answer["data"]["viewer"]["scopes"]), (&json!("ben"), &json!(["tokens"])));
        let id = answer["data"]["viewer"]["token"]["uuid"].as_str().unwrap();
        let own = server.odata(&format!("Systems_Security_AccessTokens({id})?$select=Scopes"), &token);
        assert_eq!(own.status(), 200);
        assert_eq!(own.json::<Value>().unwrap()["Scopes"], "tokens");
        let other = row(server, &world.user.pat)["Id"].as_str().unwrap().to_owned();
        for beyond in [
            format!("Systems_Security_AccessTokens({other})"),
            format!("Systems_Security_AccessTokens({id})?$expand=User"),
            format!("Systems_Security_AccessTokens({id})/User"),
            format!("Systems_Security_AccessTokens({id})/GrantedScopes"),
            "Systems_Security_AccessTokens".to_owned(),
            "Systems_Security_AccessTokens/$count".to_owned(),
        ] {
            assert_eq!(server.odata(&beyond, &token).status(), 403, "{beyond}");
        }
        let (_, refused) = server.graphql("{ viewer { token { application { name } } } }", &json!({}), &token);
        assert_eq!(refused["errors"][0]["extensions"]["code"], "INSUFFICIENT_SCOPE", "{refused}");
        assert!(server.cli(&["whoami"], Some(&token)).unwrap().contains("ben"));
        let (_, ended) = server.graphql("mutation { viewerTokenRevoke(input: {}) { revokedCount userErrors { code } } }", &json!({}), &token);
        assert_eq!(ended["data"]["viewerTokenRevoke"], json!({ "revokedCount": 1, "userErrors": [] }));
        assert_eq!(server.graphql("{ viewer { id } }", &json!({}), &token).0, 401);
        assert_eq!(row(server, &token)["RevocationReason"], "Requested");
    }
}
