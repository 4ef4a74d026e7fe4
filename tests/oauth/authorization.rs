//! A client signs a user in in the browser (RFC 6749, section 4.1, as amended by OAuth 2.1).

use serde_json::json;

use crate::support::{Asking, Browser, Ended};

/// Returns the error that the client receives.
fn error(ended: Ended) -> String {
    let answer = ended.answer();
    assert!(answer["iss"].ends_with("/id") && answer["state"] == "of the art", "{answer:?}");
    answer["error"].clone()
}

on_both_engines! {
    /// Without a session: the user signs in and consents, and the client gets its tokens.
    fn a_person_signs_in_to_an_application(server: &mut Server) {
        let world = server.world();
        let web = &server.new_application("board", &json!({}));
        let browser = Browser::new(server);
        let asking = Asking::of(web, "openid profile read").with("login_hint", &world.user.login);
        let page = browser.visit(&asking.path()).page();
        assert!(page.path.starts_with("/signin?"), "{}", page.path);
        assert_eq!(page.value("login"), world.user.login);
        let entered = [("login", world.user.login.as_str()), ("password", &world.user.password)];
        let page = browser.send(&page, "/signin", &entered).page();
        for shown in ["Team board", "127.0.0.1:8765", &world.user.login, "Read data that you can read"] {
            assert!(page.has(shown), "{shown} in {}", page.body);
        }
        let entered = [("scope", "profile"), ("scope", "read"), ("decision", "allow")];
        let back = browser.send(&page, "/id/connect/authorize/decide", &entered).elsewhere();
        assert!(back.as_str().starts_with(&web.redirect_uri), "{back}");
        let answer = Ended::Elsewhere(back.into()).answer();
        assert_eq!(answer["state"], "of the art");
        assert_eq!(answer["iss"], format!("{}/id", server.url));
        let (status, tokens) = server.exchange_code(web, &answer["code"]);
        assert_eq!(status, 200, "{tokens}");
        assert_eq!(tokens["scope"], "openid profile read");
        assert!(tokens["refresh_token"].is_null(), "offline_access was not requested");
        let token = tokens["access_token"].as_str().unwrap();
        assert!(server.accepts(token) && !server.accepts(&answer["code"]));
        let row = server.grant(token, &world.admin.pat);
        assert_eq!(row["Actor"], world.user.login.as_str());
        let code = server.grant(&answer["code"], &world.admin.pat);
        assert!(code["ConsumedTimestamp"].is_string());
        assert!(row["Parent"]["@odata.id"].as_str().unwrap().contains(code["Id"].as_str().unwrap()));
    }

    /// Using a code twice revokes its tokens; a code of another client, or without its verifier, is refused.
    fn a_code_works_once_for_whoever_asked(server: &mut Server) {
        let world = server.world();
        let (web, native) = (&world.applications.web, &world.applications.native);
        let browser = Browser::of(server, &world.user);
        let code = Asking::of(web, "read").code(&browser);
        let form = |code: &str, more: &[(&str, &str)]| {
            let mut form = vec![("grant_type", "authorization_code"), ("code", code)];
            form.extend(more);
            server.oauth("token", web, &form).1["error"].as_str().unwrap_or_default().to_owned()
        };
        let verifier = crate::support::VERIFIER;
        assert_eq!(server.exchange_code(native, &code).1["error"], "invalid_grant", "another client");
        assert_eq!(form(&code, &[]), "invalid_grant", "no verifier");
        assert_eq!(form(&code, &[("code_verifier", &verifier.replace('d', "e"))]), "invalid_grant");
        let elsewhere = [("code_verifier", verifier), ("redirect_uri", "http://127.0.0.1:8765/other")];
        assert_eq!(form(&code, &elsewhere), "invalid_grant", "another redirect URI");
        assert_eq!(form("grt_cod_x", &[]), "invalid_grant");
        assert_eq!(form("", &[]), "invalid_request");
        let (status, tokens) = server.exchange_code(web, &code);
        assert_eq!(status, 200, "the failed attempts had no effect: {tokens}");
        let token = tokens["access_token"].as_str().unwrap();
        assert!(server.accepts(token));
        assert_eq!(server.exchange_code(web, &code).1["error"], "invalid_grant");
        assert!(!server.accepts(token), "the code was used twice");
        assert_eq!(server.grant(token, &world.admin.pat)["RevocationReason"], "Reused");
    }

    /// If several requests exchange a code at once, one can succeed, and the others revoke its tokens.
    fn a_race_for_a_code_has_no_second_winner(server: &mut Server) {
        let world = server.world();
        let web = &world.applications.web;
        let code = Asking::of(web, "read").code(&Browser::of(server, &world.user));
        let server = &*server;
        let answers: Vec<_> = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..16).map(|_| scope.spawn(|| server.exchange_code(web, &code))).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        let won: Vec<_> = answers.iter().filter(|(status, _)| *status == 200).collect();
        assert!(won.len() <= 1, "{answers:?}");
        for (_, answer) in won {
            assert!(!server.accepts(answer["access_token"].as_str().unwrap()));
        }
    }

    /// An unknown client or redirect URI causes no redirect: the user sees an error page.
    fn nobody_is_redirected_to_a_stranger(server: &mut Server) {
        let world = server.world();
        let web = &server.new_application("board", &json!({}));
        let browser = Browser::of(server, &world.user);
        let asking = Asking::of(web, "read");
        let own = web.redirect_uri.as_str();
        for bad in [
            "https://evil.example/callback",
            &own.replace("127.0.0.1", "127.0.0.1.evil.example"),
            &own.replace("http://", "http://127.0.0.1@evil.example/"),
            &format!("{own}/../evil"),
            &format!("{own}?x=1"),
            &format!("{own}#fragment"),
            &format!("{own}%2f.."),
            &own.to_uppercase(),
            "javascript:alert(1)",
            "//evil.example",
            " ",
        ] {
            let page = browser.visit(&asking.clone().with("redirect_uri", bad).path()).page();
            assert_eq!(page.status, 400, "{bad}: {}", page.path);
        }
        for client in ["unknown", "demo-retired", ""] {
            let page = browser.visit(&asking.clone().with("client_id", client).path()).page();
            assert_eq!(page.status, 400, "{client}");
        }
        let twice = format!("{}&redirect_uri=https%3A%2F%2Fevil.example", asking.path());
        assert_eq!(browser.visit(&twice).page().status, 400, "a parameter is not repeated");
    }

    /// Other errors are returned to the client.
    fn errors_come_back(server: &mut Server) {
        let world = server.world();
        let web = &server.new_application("board", &json!({}));
        let browser = Browser::of(server, &world.user);
        for (name, value, expected) in [
            ("response_type", "token", "unsupported_response_type"),
            ("response_type", "id_token code", "unsupported_response_type"),
            ("response_type", "", "invalid_request"),
            ("scope", "sec", "invalid_scope"),
            ("scope", "re\"ad", "invalid_scope"),
            ("code_challenge", "", "invalid_request"),
            ("code_challenge", "short", "invalid_request"),
            ("code_challenge_method", "plain", "invalid_request"),
            ("code_challenge_method", "", "invalid_request"),
            ("prompt", "none login", "invalid_request"),
            ("prompt", "maybe", "invalid_request"),
            ("max_age", "-1", "invalid_request"),
            ("response_mode", "pigeon", "invalid_request"),
            ("claims", "[]", "invalid_request"),
            ("id_token_hint", "eyJhbGciOiJub25lIn0.e30.", "invalid_request"),
            ("resource", "https://evil.example/api", "invalid_target"),
            ("nonce", &"n".repeat(3000), "invalid_request"),
        ] {
            let asking = Asking::of(web, "openid read").with(name, value);
            assert_eq!(error(browser.visit(&asking.path())), expected, "{name}={value}");
        }
        let denied = browser.visit(&Asking::of(web, "read").path()).page();
        let denied = browser.send(&denied, "/id/connect/authorize/decide", &[("decision", "deny")]);
        assert_eq!(error(denied), "access_denied");
    }

    /// The response uses the requested response mode, signed if requested.
    fn answers_come_back_in_every_mode(server: &mut Server) {
        let world = server.world();
        let web = &server.new_application("board", &json!({}));
        let browser = Browser::of(server, &world.user);
        let asking = |mode| Asking::of(web, "read").with("response_mode", mode);
        let fragment = asking("fragment").allowed_by(&browser).elsewhere();
        assert!(fragment.fragment().unwrap().contains("code=") && fragment.query().is_none());
        let page = browser.visit(&asking("form_post").path()).page();
        for shown in [&format!("action=\"{}\"", web.redirect_uri), "name=\"code\"", "name=\"iss\"", "of the art"] {
            assert!(page.has(shown), "{shown} in {}", page.body);
        }
        let signed = browser.visit(&asking("jwt").path()).answer();
        assert_eq!(signed.keys().collect::<Vec<_>>(), ["response"]);
        let claims = crate::oauth::open_id::claims_of(server, &signed["response"]);
        assert_eq!((claims["aud"].as_str(), claims["state"].as_str()), (Some("board"), Some("of the art")));
        assert_eq!(server.exchange_code(web, claims["code"].as_str().unwrap()).0, 200);
    }

    /// A form from another site cannot decide; the page cannot be framed.
    fn the_question_is_protected(server: &mut Server) {
        let world = server.world();
        let web = &server.new_application("board", &json!({}));
        let browser = Browser::of(server, &world.user);
        let asking = Asking::of(web, "read");
        let page = browser.visit(&asking.path()).page();
        let forged = crate::support::Page { body: page.body.replace("name=\"csrf\" value=\"", "name=\"csrf\" value=\"x"), ..page };
        let refused = browser.send(&forged, "/id/connect/authorize/decide", &[("decision", "allow"), ("scope", "read")]);
        assert_eq!(refused.page().status, 403);
        let response = server.get(&asking.path(), None).send().unwrap();
        assert_eq!(response.headers()["x-frame-options"], "DENY");
        let stranger = Browser::new(server).visit(&asking.path()).page();
        assert!(stranger.path.starts_with("/signin?"));
    }
}
