//! Consent.

use serde_json::json;

use crate::support::{Asking, Browser, Ended};

fn error(ended: Ended) -> String {
    ended.answer()["error"].clone()
}

on_both_engines! {
    /// The user is asked once for the same, and again for more. Withdrawing the consent revokes its tokens.
    fn what_was_agreed_to_is_remembered_and_taken_back(server: &mut Server) {
        let world = server.world();
        let web = &server.new_application("board", &json!({}));
        let browser = Browser::of(server, &world.user);
        let asking = Asking::of(web, "openid read offline_access");
        assert_eq!(error(browser.visit(&asking.clone().with("prompt", "none").path())), "consent_required");
        let tokens = server.tokens(&asking, &browser);
        assert!(browser.visit(&asking.path()).answer().contains_key("code"), "the user is not asked again");
        assert!(browser.visit(&asking.clone().with("prompt", "none").path()).answer().contains_key("code"));
        assert!(browser.visit(&asking.clone().with("prompt", "consent").path()).page().has("asks to act"));
        let more = Asking::of(web, "openid read update").with("prompt", "none");
        assert_eq!(error(browser.visit(&more.path())), "consent_required");

        let consents = "Systems_Security_AccessTokens?$filter=Kind eq 'UserConsent' and Client eq 'board'\
            &$select=default,Id,RevocationReason";
        let reader = &world.user.pat;
        let consents: Vec<_> = server.rows(consents, reader);
        let live = consents.iter().filter(|row| row["RevokedTimestamp"].is_null());
        for row in live {
            let (status, answer) = server.graphql(
                "mutation($id: ID!) { apiAccessTokenRevoke(input: { id: $id }) { apiAccessToken { revokedAt } } }",
                &json!({ "id": row["Id"] }),
                &world.admin.pat,
            );
            assert!(status == 200 && answer["errors"].is_null(), "{answer}");
        }
        for name in ["access_token", "refresh_token"] {
            let row = server.grant(tokens[name].as_str().unwrap(), &world.admin.pat);
            assert_eq!(row["RevocationReason"], "ConsentWithdrawn", "{name}");
        }
        let authorizations = server.rows("Systems_Security_TrustedApplicationAuthorizations?$filter=TrustedApplication/ApplicationUri eq 'board'&$expand=ContextUser", &world.admin.pat);
        let own = authorizations.iter().find(|row| row["ContextUser"]["Login"] == world.user.login.as_str());
        assert_eq!(own.unwrap()["IsRevoked"], true);
        assert_eq!(server.refresh(web, tokens["refresh_token"].as_str().unwrap()).1["error"], "invalid_grant");
        assert_eq!(error(browser.visit(&asking.with("prompt", "none").path())), "consent_required");
    }

    /// A user grants less than requested.
    fn permissions_are_narrowed(server: &mut Server) {
        let world = server.world();
        let web = &server.new_application("board", &json!({}));
        let browser = Browser::of(server, &world.user);
        let page = browser.visit(&Asking::of(web, "openid read update profile").path()).page();
        let entered = [("scope", "read"), ("scope", "sec"), ("decision", "allow")];
        let answer = browser.send(&page, "/id/connect/authorize/decide", &entered).answer();
        let (_, tokens) = server.exchange_code(web, &answer["code"]);
        assert_eq!(tokens["scope"], "openid read", "scopes that were not requested are not granted");
        let page = browser.visit(&Asking::of(web, "read update").path()).page();
        let nothing = browser.send(&page, "/id/connect/authorize/decide", &[("decision", "allow")]);
        assert_eq!(error(nothing), "access_denied");
    }

    /// `prompt` and `max_age` make the user authenticate again, in the same session; another account is
    /// possible.
    fn people_sign_in_again_where_an_application_wants_it(server: &mut Server) {
        let world = server.world();
        let web = &server.new_application("board", &json!({}));
        let mut browser = Browser::of(server, &world.user);
        server.age_sign_ins(&mut [&mut browser]);
        let asking = Asking::of(web, "openid read");
        let first = crate::oauth::open_id::id_token(server, &server.tokens(&asking, &browser));
        for (name, value) in [("prompt", "login"), ("max_age", "0")] {
            let page = browser.visit(&asking.clone().with(name, value).path()).page();
            assert!(page.path.starts_with("/signin?"), "{name}: {}", page.path);
            let entered = [("login", world.user.login.as_str()), ("password", &world.user.password)];
            let answer = browser.send(&page, "/signin", &entered).answer();
            let again = crate::oauth::open_id::id_token(server, &server.exchange_code(web, &answer["code"]).1);
            assert_eq!(first["sid"], again["sid"], "{name}: the session ended");
            assert!(first["auth_time"].as_i64() < again["auth_time"].as_i64(), "{name}");
        }
        let page = browser.visit(&asking.clone().with("prompt", "select_account").path()).page();
        assert!(page.has("Choose an account") && page.has(&world.user.login), "{}", page.body);
        let other = asking.clone().with("prompt", "login");
        let page = browser.visit(&other.path()).page();
        let entered = [("login", world.admin.login.as_str()), ("password", &world.admin.password)];
        let page = browser.send(&page, "/signin", &entered).page();
        assert!(page.has("asks to act in your name") && page.has(&world.admin.login));
        assert_eq!(error(Browser::new(server).visit(&asking.with("prompt", "none").path())), "login_required");
    }
}
