//! Refresh tokens rotate and work once (RFC 6749, section 6; RFC 9700, section 4.14).

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Asking, Browser, Engine, Server, lifetime};

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}"))
}

/// Returns the tokens of a client with offline access.
fn sign_in(server: &Server) -> Value {
    let world = server.world();
    let asking = Asking::of(&world.applications.web, "openid read update offline_access");
    server.tokens(&asking, &Browser::of(server, &world.user))
}

/// Returns the number of audit events of a type.
fn events(server: &Server, event_type: &str) -> u64 {
    let events = format!("Systems_Security_AuditEvents?$filter=Type eq '{event_type}'");
    server.count(&events, &server.world().admin.pat)
}

/// Asserts that a family was revoked because a refresh token was reused.
fn has_ended(server: &Server, last: &Value) {
    let web = &server.world().applications.web;
    assert!(!server.accepts(text(last, "access_token")));
    assert_eq!(server.refresh(web, text(last, "refresh_token")).1["error"], "invalid_grant");
    let row = server.grant(text(last, "refresh_token"), &server.world().admin.pat);
    assert_eq!(row["RevocationReason"], "Reused");
}

/// Presents a used refresh token, which revokes its family.
fn is_reuse(server: &Server, used: &str, last: &Value) {
    let (status, refused) = server.refresh(&server.world().applications.web, used);
    assert_eq!((status, text(&refused, "error")), (400, "invalid_grant"));
    has_ended(server, last);
}

/// Using a new access token at one program ends repeats at another one.
#[test]
fn a_use_at_one_program_ends_repeats_at_another() {
    let here = Server::demo(Engine::Postgres);
    let there = here.beside();
    let first = sign_in(&here);
    let used = text(&first, "refresh_token");
    let (_, second) = here.refresh(&here.world().applications.web, used);
    assert!(there.accepts(text(&second, "access_token")));
    let began = Instant::now();
    while here.grant(text(&second, "access_token"), &here.world().admin.pat)["LastUsedTimestamp"].is_null() {
        assert!(began.elapsed() < Duration::from_secs(5), "the use is not written yet");
        std::thread::sleep(Duration::from_millis(50));
    }
    is_reuse(&here, used, &second);
}

on_both_engines! {
    /// A used refresh token gets the same response until that response is used: afterwards, two parties hold
    /// it.
    fn a_repeat_ends_when_the_access_token_is_seen(server: &mut Server) {
        let web = &server.world().applications.web;
        let first = sign_in(server);
        let used = text(&first, "refresh_token");
        let (_, second) = server.refresh(web, used);
        let (_, again) = server.refresh(web, used);
        assert_eq!(text(&again, "access_token"), text(&second, "access_token"));
        assert!(server.accepts(text(&second, "access_token")));
        is_reuse(server, used, &second);
        assert_eq!(events(server, "RefreshRepeated"), 1);
        assert_eq!(server.rows("Systems_Security_AuditEvents?$filter=Type eq 'GrantRevoked'", &server.world().admin.pat).len(), 1);
    }

    /// A response is repeated three times at most, and each repeat records an event.
    fn repeats_are_few(server: &mut Server) {
        let web = &server.world().applications.web;
        let first = sign_in(server);
        let used = text(&first, "refresh_token");
        let (_, second) = server.refresh(web, used);
        for count in 1..=3 {
            let (status, again) = server.refresh(web, used);
            assert_eq!((status, &again["refresh_token"]), (200, &second["refresh_token"]), "{again}");
            assert_eq!(events(server, "RefreshRepeated"), count);
        }
        is_reuse(server, used, &second);
        assert_eq!(events(server, "RefreshRepeated"), 3);
    }

    /// A response has arrived if its access token is revoked or its refresh token is introspected.
    fn a_response_is_seen_by_revocation_and_introspection(server: &mut Server) {
        let web = &server.world().applications.web;
        for is_revoked in [true, false] {
            let first = sign_in(server);
            let used = text(&first, "refresh_token");
            let (_, second) = server.refresh(web, used);
            if is_revoked {
                assert_eq!(server.revoke(web, text(&second, "access_token")), 200);
            } else {
                let told = server.oauth("introspect", web, &[("token", text(&second, "refresh_token"))]).1;
                assert_eq!(told["active"], true, "{told}");
            }
            is_reuse(server, used, &second);
        }
    }

    /// If a repeat asks for other scopes, it contains a new access token. It counts like the others, and its use
    /// ends repeats.
    fn further_access_tokens_are_few(server: &mut Server) {
        let web = &server.world().applications.web;
        for is_seen in [true, false] {
            let first = sign_in(server);
            let used = text(&first, "refresh_token");
            let (_, second) = server.refresh(web, used);
            let narrower = || server.oauth("token", web, &[("grant_type", "refresh_token"), ("refresh_token", used), ("scope", "read")]);
            let (_, other) = narrower();
            assert_eq!(text(&other, "refresh_token"), text(&second, "refresh_token"));
            assert_ne!(text(&other, "access_token"), text(&second, "access_token"));
            if is_seen {
                assert!(server.accepts(text(&other, "access_token")));
            } else {
                assert_eq!((0..2).filter(|_| narrower().0 == 200).count(), 2);
            }
            is_reuse(server, used, &other);
        }
    }

    /// An operator can do without repeats.
    fn an_answer_need_not_be_repeated(server: &mut Server) {
        server.restart_with("GRANTOR_REFRESH_REPEAT_SECONDS", "0");
        let web = &server.world().applications.web;
        let first = sign_in(server);
        let used = text(&first, "refresh_token");
        let (_, second) = server.refresh(web, used);
        is_reuse(server, used, &second);
    }

    /// Each refresh returns the next token and consumes the previous one.
    fn tokens_rotate(server: &mut Server) {
        let world = server.world();
        let web = &world.applications.web;
        let first = sign_in(server);
        let (status, second) = server.refresh(web, text(&first, "refresh_token"));
        assert_eq!(status, 200, "{second}");
        assert_ne!(text(&first, "refresh_token"), text(&second, "refresh_token"));
        assert!(server.accepts(text(&second, "access_token")));
        assert_eq!(text(&second, "scope"), "openid read update offline_access");
        let id_token = crate::oauth::open_id::id_token(server, &second);
        assert!(id_token["nonce"].is_null(), "the nonce belongs to the sign-in");
        let row = server.grant(text(&first, "refresh_token"), &world.admin.pat);
        assert!(row["ConsumedTimestamp"].is_string() && row["RevokedTimestamp"].is_null(), "{row}");
        let refused = server.refresh(&world.applications.native, text(&second, "refresh_token"));
        assert_eq!(refused.1["error"], "invalid_grant", "another client's");
        let narrow = [("grant_type", "refresh_token"), ("refresh_token", text(&second, "refresh_token")), ("scope", "read")];
        let (_, third) = server.oauth("token", web, &narrow);
        assert_eq!(text(&third, "scope"), "read");
        let (_, fourth) = server.refresh(web, text(&third, "refresh_token"));
        assert_eq!(text(&fourth, "scope"), "openid read update offline_access", "the refresh token keeps its scopes");
        let wide = [("grant_type", "refresh_token"), ("refresh_token", text(&fourth, "refresh_token")), ("scope", "sec")];
        assert_eq!(server.oauth("token", web, &wide).1["error"], "invalid_scope");
    }

    /// A lost response is repeated unchanged; after its token was used, a repetition is theft.
    fn a_lost_answer_is_survived_and_a_stolen_token_is_not(server: &mut Server) {
        let world = server.world();
        let web = &world.applications.web;
        let first = sign_in(server);
        let (_, second) = server.refresh(web, text(&first, "refresh_token"));
        server.kill();
        server.run();
        let (status, again) = server.refresh(web, text(&first, "refresh_token"));
        assert_eq!(status, 200, "{again}");
        for name in ["refresh_token", "access_token"] {
            assert_eq!(text(&second, name), text(&again, name), "{name}");
        }
        let (_, third) = server.refresh(web, text(&second, "refresh_token"));
        assert!(server.accepts(text(&third, "access_token")));
        let (status, refused) = server.refresh(web, text(&first, "refresh_token"));
        assert_eq!((status, text(&refused, "error")), (400, "invalid_grant"));
        assert!(!server.accepts(text(&third, "access_token")), "the family is revoked");
        assert_eq!(server.refresh(web, text(&third, "refresh_token")).1["error"], "invalid_grant");
        let row = server.grant(text(&third, "refresh_token"), &world.admin.pat);
        assert_eq!(row["RevocationReason"], "Reused");
    }

    /// A few concurrent refreshes get the same successor. Of many, only the allowed number of repeats do;
    /// then the family is revoked.
    fn a_race_mints_once(server: &mut Server) {
        let world = server.world();
        let web = &world.applications.web;
        let server = &*server;
        let race = |token: &str, racers: usize| -> Vec<Value> {
            std::thread::scope(|scope| {
                let racers: Vec<_> = (0..racers).map(|_| scope.spawn(|| server.refresh(web, token))).collect();
                let answers = racers.into_iter().map(|racer| racer.join().unwrap());
                answers.filter(|(status, _)| *status == 200).map(|(_, answer)| answer).collect()
            })
        };
        for racers in [4, 32] {
            let first = sign_in(server);
            let answers = race(text(&first, "refresh_token"), racers);
            assert_eq!(answers.len(), 4, "one refresh and three repeats");
            for answer in &answers {
                assert_eq!(text(answer, "refresh_token"), text(&answers[0], "refresh_token"));
                assert_eq!(text(answer, "access_token"), text(&answers[0], "access_token"));
            }
            if racers > 4 {
                has_ended(server, &answers[0]);
            } else {
                assert!(server.accepts(text(&answers[0], "access_token")));
                assert_eq!(server.refresh(web, text(&answers[0], "refresh_token")).0, 200);
            }
        }
    }

    /// Revoking a refresh token, or its grant, revokes everything from the same sign-in.
    fn a_family_ends_as_one(server: &mut Server) {
        let world = server.world();
        let web = &world.applications.web;
        let first = sign_in(server);
        let (_, second) = server.refresh(web, text(&first, "refresh_token"));
        assert_eq!(server.revoke(web, text(&second, "refresh_token")), 200);
        for token in [text(&first, "access_token"), text(&second, "access_token")] {
            assert!(!server.accepts(token));
        }
        for token in [text(&first, "refresh_token"), text(&second, "refresh_token")] {
            assert_eq!(server.refresh(web, token).1["error"], "invalid_grant");
        }
    }

    /// A refresh token is not an access token. It is valid for a month for confidential clients, otherwise
    /// for a day.
    fn refresh_tokens_live_as_long_as_their_application_keeps_secrets(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        for (application, days) in [(&world.applications.web, 30), (&world.applications.native, 1)] {
            let tokens = server.tokens(&Asking::of(application, "read offline_access"), &browser);
            let token = text(&tokens, "refresh_token");
            assert!(!server.accepts(token));
            let row = server.grant(token, &world.admin.pat);
            assert_eq!(lifetime(&row).whole_hours(), days * 24, "{}", application.client_id);
        }
    }
}
