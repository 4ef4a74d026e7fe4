//! A user signs in a device or command-line tool in a browser (RFC 8628).

use std::cell::Cell;
use std::time::Duration;

use oauth2::{Scope, StandardDeviceAuthorizationResponse, TokenResponse as _};
use serde_json::{Value, json};

use super::open_id::id_token;
use crate::support::{Browser, Server, http_client, lifetime, oauth_client};

/// Requests a code as the native client, through the crate.
fn ask(server: &Server) -> StandardDeviceAuthorizationResponse {
    oauth_client(server, &server.world().applications.native)
        .exchange_device_code()
        .add_scope(Scope::new("read".to_owned()))
        .add_extra_param("description", "Notes on <my> desk")
        .request(&http_client(server))
        .unwrap()
}

on_both_engines! {
    /// A code that expired while the user decides grants nothing, and the page reports it.
    fn an_expired_code_grants_nothing(server: &mut Server) {
        let started = server.start_device("grantor-cli", "read");
        let mut browser = Browser::of(server, &server.world().user);
        let page = browser.open(&format!("/device?user_code={}", started.user_code));
        assert!(page.has("value=\"approve\""), "{}", page.body);
        server.expire(&started.device_code, &mut [&mut browser]);
        // The form has the time until which the code was valid.
        let late = browser.submit(&page, "/device/decide", &[("decision", "approve"), ("valid_until", "1")]);
        assert!(late.status == 409 && late.has("The code has expired"), "{} {}", late.status, late.body);
        assert_eq!(server.redeem(&started), Err("expired_token".to_owned()));
    }

    /// The device polls, the user compares and approves, the device gets its token.
    fn a_device_is_signed_in(server: &mut Server) {
        let world = server.world();
        let (native, http) = (&world.applications.native, http_client(server));
        let (client, pending) = (oauth_client(server, native), ask(server));
        assert_eq!(pending.verification_uri().as_str(), format!("{}/device", server.url));
        let browser = Browser::of(server, &world.user);
        let waits = Cell::new(0);
        let answer = client.exchange_device_access_token(&pending).request(
            &http,
            |pause| {
                assert_eq!(pause, Duration::from_secs(5));
                waits.set(waits.get() + 1);
                let complete = pending.verification_uri_complete().unwrap().secret();
                let page = browser.open(complete.strip_prefix(&server.url).unwrap());
                for shown in [
                    pending.user_code().secret().as_str(),
                    "Desk notes",
                    "Notes on your own computer",
                    "Notes on &#60;my&#62; desk",
                    "127.0.0.1",
                    "by an administrator",
                ] {
                    assert!(page.has(shown), "{shown} in {}", page.body);
                }
                let done = browser.submit(&page, "/device/decide", &[("decision", "approve")]);
                assert!(done.status == 200 && done.has("Approved"), "{}", done.body);
            },
            None,
        );
        let answer = answer.unwrap();
        assert_eq!(waits.get(), 1, "it was pending once");
        assert_eq!(answer.expires_in(), Some(Duration::from_secs(3600)));
        let token = answer.access_token().secret();
        assert!(server.accepts(token));
        let row = server.grant(token, &world.admin.pat);
        assert_eq!(row["Actor"], world.user.login.as_str());
        assert_eq!(row["Description"], "Notes on <my> desk");
        assert_eq!(row["AuthorizedIPAddress"], "127.0.0.1");
        let code = server.grant(pending.device_code().secret(), &world.admin.pat);
        assert_eq!(code["Kind"], "DeviceCode");
        assert!(code["ConsumedTimestamp"].is_string() && code["AuthorizedTimestamp"].is_string());
        let parent = row["Parent"]["@odata.id"].as_str().unwrap();
        assert!(parent.contains(code["Id"].as_str().unwrap()), "{parent}");
    }

    /// A device gets what it requests, by the same rules as in the browser: an ID token, and a refresh token
    /// that rotates.
    fn a_device_has_its_family_of_tokens(server: &mut Server) {
        let world = server.world();
        let form = [("scope", "openid profile offline_access read"), ("nonce", "n-of-the-device")];
        let started = server.start_device_with("demo-native", &form);
        assert_eq!(Browser::of(server, &world.user).decide(&started.user_code, "approve").status, 200);
        let (status, tokens) = server.redeem_with(&started, &[]);
        assert_eq!((status, &tokens["scope"]), (200, &json!("openid profile offline_access read")), "{tokens}");
        assert_eq!(tokens["expires_in"], 3600);
        let claims = id_token(server, &tokens);
        assert_eq!((&claims["aud"], &claims["nonce"]), (&json!("demo-native"), &json!("n-of-the-device")));
        assert!(claims["auth_time"].is_i64() && claims["amr"] == json!(["pwd"]), "{claims}");
        assert!(claims["sid"].is_null(), "the session of the browser is not that of the device");
        let access = tokens["access_token"].as_str().unwrap();
        let told: Value = server.get("/id/connect/userinfo", Some(access)).send().unwrap().json().unwrap();
        assert_eq!((&told["sub"], &told["preferred_username"]), (&claims["sub"], &json!(world.user.login)));

        let (native, first) = (&world.applications.native, tokens["refresh_token"].as_str().unwrap());
        let row = server.grant(first, &world.admin.pat);
        assert_eq!(row["Description"], "The lamp in the hall");
        assert_eq!(lifetime(&row).whole_days(), 30, "{row}");
        let (status, next) = server.refresh(native, first);
        assert_eq!(status, 200, "{next}");
        let second = next["refresh_token"].as_str().unwrap();
        assert!(second != first && server.accepts(next["access_token"].as_str().unwrap()));
        let (status, third) = server.refresh(native, second);
        assert_eq!(status, 200, "{third}");
        assert_eq!(server.refresh(native, first).1["error"], "invalid_grant", "used twice");
        assert!(!server.accepts(third["access_token"].as_str().unwrap()), "reuse revokes the family");
        assert!(!server.accepts(access));
    }

    /// Resources and authorization details are checked, shown, and bound to the tokens; a token request can
    /// name fewer, never more.
    fn a_device_asks_for_services_and_details(server: &mut Server) {
        let world = server.world();
        let (stock, pay) = ("https://stock.example/api", "https://pay.example/api");
        let metadata = json!({"resources": [stock, pay], "authorization_details_types": ["payment"]});
        let more = json!({"clientType": "PUBLIC", "metadata": metadata});
        let lamp = &server.new_application("lamp", &more);
        let (five, six) = (json!({"type": "payment", "sum": 5}), json!({"type": "payment", "sum": 6}));
        let details = json!([five, six]).to_string();
        let refused = |name, value: &str| server.oauth("deviceauthorization", lamp, &[("scope", "read"), (name, value)]).1["error"].clone();
        assert_eq!(refused("resource", "https://nosuch.example/"), "invalid_target");
        for bad in ["x", "{}", "[]", r#"[{"type": "other"}]"#] {
            assert_eq!(refused("authorization_details", bad), "invalid_authorization_details", "{bad}");
        }
        assert_eq!(refused("nonce", &"n".repeat(5000)), "invalid_request");

        let form = [("scope", "read offline_access"), ("resource", stock), ("resource", pay), ("authorization_details", details.as_str())];
        let started = server.start_device_with("lamp", &form);
        let browser = Browser::of(server, &world.user);
        let page = browser.open(&format!("/device?user_code={}", started.user_code));
        for shown in [stock, pay, "payment", "sum"] {
            assert!(page.has(shown), "{shown} in {}", page.body);
        }
        assert_eq!(browser.submit(&page, "/device/decide", &[("decision", "approve")]).status, 200);
        assert_eq!(server.redeem_with(&started, &[("resource", &format!("{}/api", server.url))]).1["error"], "invalid_target");
        let seven = json!([{"type": "payment", "sum": 7}]).to_string();
        assert_eq!(server.redeem_with(&started, &[("authorization_details", &seven)]).1["error"], "invalid_authorization_details");
        let only_five = json!([five]).to_string();
        let (status, tokens) = server.redeem_with(&started, &[("resource", stock), ("authorization_details", &only_five)]);
        assert_eq!((status, &tokens["authorization_details"]), (200, &json!([five])), "{tokens}");
        let told = |tokens: &Value| {
            let token = tokens["access_token"].as_str().unwrap();
            server.oauth("introspect", &world.applications.service, &[("token", token)]).1
        };
        assert_eq!(told(&tokens)["aud"], stock);
        assert_eq!(server.odata("Systems_Security_AccessTokens?$top=1", tokens["access_token"].as_str().unwrap()).status(), 401);
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
        let (status, rest) = server.oauth("token", lamp, &refresh);
        assert_eq!((status, &told(&rest)["aud"]), (200, &json!([stock, pay])), "the family keeps all resources and details");
        assert_eq!(rest["authorization_details"], json!([five, six]));
    }

    /// Entering the code finds the request as well, in any spelling; a code is decided once.
    fn a_person_types_the_code(server: &mut Server) {
        let world = server.world();
        let started = server.start_device("demo-native", "read");
        let visitor = Browser::new(server);
        assert!(visitor.open("/device").path.starts_with("/signin?return_to="), "a decision requires a session");
        let browser = Browser::of(server, &world.user);
        let typed = started.user_code.to_lowercase().replace('-', " ");
        let page = browser.submit(&browser.open("/device"), "/device", &[("user_code", &typed)]);
        assert!(page.has(&started.user_code), "{}", page.body);
        let denied = browser.submit(&page, "/device/decide", &[("decision", "deny")]);
        assert!(denied.status == 200 && denied.has("Denied"));
        assert_eq!(server.redeem(&started), Err("access_denied".to_owned()));
        let again = browser.submit(&page, "/device/decide", &[("decision", "approve")]);
        assert_eq!(again.status, 409);
        assert_eq!(server.redeem(&started), Err("access_denied".to_owned()));
        let unknown = browser.submit(&browser.open("/device"), "/device", &[("user_code", "BBBB-BBBB")]);
        assert!(unknown.status == 404 && unknown.has("not known"));
    }

    /// A client that polls too often is slowed down; a code that was exchanged, or belongs to another client,
    /// is refused.
    fn a_code_is_exchanged_once_by_its_owner(server: &mut Server) {
        let world = server.world();
        let started = server.start_device("demo-native", "read");
        assert_eq!(server.redeem(&started), Err("authorization_pending".to_owned()));
        assert_eq!(server.redeem(&started), Err("slow_down".to_owned()));
        let page = Browser::of(server, &world.user).decide(&started.user_code, "approve");
        assert_eq!(page.status, 200);
        let mut other = started.clone();
        other.client_id = "grantor-cli".to_owned();
        assert_eq!(server.redeem(&other), Err("invalid_grant".to_owned()));
        let token = server.redeem(&started).unwrap();
        assert_eq!(server.redeem(&started), Err("invalid_grant".to_owned()));
        assert!(server.accepts(&token), "a second exchange does not affect the first");
        assert!(!server.accepts(&started.device_code), "a code is not a token");
    }

    /// A form from elsewhere, or without the page's secret, decides nothing.
    fn a_forged_form_decides_nothing(server: &mut Server) {
        let started = server.start_device("demo-native", "read");
        let browser = Browser::of(server, &server.world().user);
        let cookie = format!("grantor={}", browser.cookie("grantor").unwrap());
        let decision = [("user_code", started.user_code.as_str()), ("decision", "approve")];
        let forged = server.post("/device/decide", &decision).header("cookie", &cookie).send().unwrap();
        assert_eq!(forged.status(), 403);
        let bearer = server.post("/device/decide", &decision).bearer_auth(&server.world().user.pat);
        let page = format!("/signin?return_to=%2Fdevice%3Fuser_code%3D{}", started.user_code);
        assert_eq!(bearer.send().unwrap().headers()["location"], page);
        assert_eq!(server.redeem(&started), Err("authorization_pending".to_owned()));
    }
}
