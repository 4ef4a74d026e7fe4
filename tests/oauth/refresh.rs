//! Refresh tokens: one after the other, and none twice (RFC 6749, section 6; RFC 9700, section 4.14).

use serde_json::Value;

use crate::support::{Asking, Browser, Server};

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}"))
}

/// What an application gets that may go on without the person.
fn sign_in(server: &Server) -> Value {
    let world = server.world();
    let asking = Asking::of(&world.applications.web, "openid read update offline_access");
    server.tokens(&asking, &Browser::of(server, &world.user))
}

on_both_engines! {
    /// Each refresh gives the next token; the one before is used up.
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
        assert_eq!(refused.1["error"], "invalid_grant", "another application's");
        let narrow = [("grant_type", "refresh_token"), ("refresh_token", text(&second, "refresh_token")), ("scope", "read")];
        let (_, third) = server.oauth("token", web, &narrow);
        assert_eq!(text(&third, "scope"), "read");
        let (_, fourth) = server.refresh(web, text(&third, "refresh_token"));
        assert_eq!(text(&fourth, "scope"), "openid read update offline_access", "the refresh token lost nothing");
        let wide = [("grant_type", "refresh_token"), ("refresh_token", text(&fourth, "refresh_token")), ("scope", "sec")];
        assert_eq!(server.oauth("token", web, &wide).1["error"], "invalid_scope");
    }

    /// An answer that was lost is given again, the very same; once its token was used, a repetition is theft.
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
        assert!(!server.accepts(text(&third, "access_token")), "the family has ended");
        assert_eq!(server.refresh(web, text(&third, "refresh_token")).1["error"], "invalid_grant");
        let row = server.grant(text(&third, "refresh_token"), &world.admin.pat);
        assert_eq!(row["RevocationReason"], "Reused");
    }

    /// Many who refresh at once get one and the same successor.
    fn a_race_mints_once(server: &mut Server) {
        let world = server.world();
        let web = &world.applications.web;
        let first = sign_in(server);
        let (token, server) = (text(&first, "refresh_token"), &*server);
        let answers: Vec<Value> = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..32).map(|_| scope.spawn(|| server.refresh(web, token))).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).map(|(status, answer)| {
                assert_eq!(status, 200, "{answer}");
                answer
            }).collect()
        });
        for answer in &answers {
            assert_eq!(text(answer, "refresh_token"), text(&answers[0], "refresh_token"));
            assert_eq!(text(answer, "access_token"), text(&answers[0], "access_token"));
        }
        assert!(server.accepts(text(&answers[0], "access_token")));
        assert_eq!(server.refresh(web, text(&answers[0], "refresh_token")).0, 200);
    }

    /// Giving a refresh token back ends all that came from the same sign-in; so does taking back the grant.
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

    /// A refresh token is no access token, and is valid for a month where the application can keep a secret, otherwise for a day.
    fn refresh_tokens_live_as_long_as_their_application_keeps_secrets(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        for (application, days) in [(&world.applications.web, 30), (&world.applications.native, 1)] {
            let tokens = server.tokens(&Asking::of(application, "read offline_access"), &browser);
            let token = text(&tokens, "refresh_token");
            assert!(!server.accepts(token));
            let row = server.grant(token, &world.admin.pat);
            let time = |name: &str| {
                let text = row[name].as_str().unwrap();
                time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).unwrap()
            };
            let lives = time("ExpireTimestamp") - time("CreationTimestamp");
            assert_eq!(lives.whole_hours(), days * 24, "{}", application.client_id);
        }
    }
}
