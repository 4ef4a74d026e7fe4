//! An unknown scope is ignored, and the response lists the granted scopes.

use serde_json::{Value, json};

use super::ciba;
use crate::support::{Application, Asking, Browser, Server};

/// Additional scopes that existing clients request.
const UNKNOWN: &str = "groups DomainApi https://graph.example/a.very.long.name.of.a.scope.that.is.none.of.ours.and.has.many.characters";

fn own(server: &Server) -> Application {
    let metadata = json!({"token_exchange": {}, "backchannel_token_delivery_mode": "poll"});
    let more = json!({
        "metadata": metadata, "systemUser": "nightly-export",
        "scopes": ["openid", "profile", "email", "offline_access", "read"],
    });
    server.new_application("board", &more)
}

/// Requests these scopes in every flow; returns the granted scopes or the error of each.
fn everywhere(server: &Server, web: &Application, scope: &str) -> Vec<(&'static str, String)> {
    let (world, token_type) = (server.world(), "urn:ietf:params:oauth:token-type:access_token");
    let browser = Browser::of(server, &world.user);
    let said = |answer: &Value| answer["scope"].as_str().or(answer["error"].as_str()).unwrap().to_owned();
    let asking = Asking::of(web, scope);
    let code = |path: &str| {
        let answer = Asking::allowed_at(&browser, path).answer();
        answer.get("error").cloned().unwrap_or_else(|| said(&server.exchange_code(web, &answer["code"]).1))
    };
    let form: Vec<_> = asking.parameters().into_iter().filter(|(name, _)| *name != "client_id").collect();
    let pushed = server.oauth("par", web, &form).1;
    let by_par = pushed["request_uri"].as_str().map_or_else(
        || said(&pushed),
        |uri| code(&format!("/id/connect/authorize?client_id=board&request_uri={}", uri.replace(':', "%3A"))),
    );
    let (_, started) = server.oauth("deviceauthorization", web, &[("scope", scope)]);
    let by_device = started["user_code"].as_str().map_or_else(
        || said(&started),
        |user_code| {
            assert_eq!(browser.decide(user_code, "approve").status, 200);
            let grant_type = "urn:ietf:params:oauth:grant-type:device_code";
            let device_code = started["device_code"].as_str().unwrap();
            said(&server.oauth("token", web, &[("grant_type", grant_type), ("device_code", device_code)]).1)
        },
    );
    let (_, asked) = ciba::ask(server, web, &[("scope", scope), ("login_hint", &world.user.login)]);
    let by_ciba = asked["auth_req_id"].as_str().map_or_else(
        || said(&asked),
        |id| {
            assert_eq!(ciba::decide(&browser, "approve").status, 200);
            said(&ciba::poll(server, web, id).1)
        },
    );
    let all = server.tokens(&Asking::of(web, "openid profile offline_access read"), &browser);
    let text = |name: &str| all[name].as_str().unwrap();
    let exchange = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", text("access_token")),
        ("subject_token_type", token_type),
        ("scope", scope),
    ];
    let exchanged = said(&server.oauth("token", web, &exchange).1);
    let refresh =
        [("grant_type", "refresh_token"), ("refresh_token", text("refresh_token")), ("scope", scope)];
    let client = [("grant_type", "client_credentials"), ("scope", scope)];
    vec![
        ("authorize", code(&asking.path())),
        ("par", by_par),
        ("device", by_device),
        ("ciba", by_ciba),
        ("exchange", exchanged),
        ("refresh", said(&server.oauth("token", web, &refresh).1)),
        ("client credentials", said(&server.oauth("token", web, &client).1)),
    ]
}

on_both_engines! {
    /// In every flow, known scopes are granted, and a known scope that cannot be granted is an error.
    fn what_there_is_none_of_is_left_out(server: &mut Server) {
        let web = &own(server);
        for (way, said) in everywhere(server, web, &format!("{UNKNOWN} openid groups read")) {
            assert_eq!(said, "openid read", "{way}");
        }
        for scope in [UNKNOWN, "DomainApi", " ", "openid read update", "openid sec groups", "openid a\"b"] {
            for (way, said) in everywhere(server, web, scope) {
                assert_eq!(said, "invalid_scope", "{way}: {scope}");
            }
        }
        let browser = Browser::of(server, &server.world().user);
        let page = browser.visit(&Asking::of(web, "openid email groups").path()).page();
        assert!(page.has("See your e-mail address") && !page.has(">groups<"), "the page shows the granted scopes: {}", page.body);
    }

    /// An operator can have unknown scopes refused.
    fn strictly_they_are_refused(server: &mut Server) {
        server.restart_with("GRANTOR_STRICT_SCOPES", "true");
        let web = &own(server);
        for (way, said) in everywhere(server, web, "openid groups read") {
            assert_eq!(said, "invalid_scope", "{way}");
        }
        for (way, said) in everywhere(server, web, "openid read") {
            assert_eq!(said, "openid read", "{way}");
        }
    }
}
