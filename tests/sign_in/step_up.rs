//! Clients that require a stronger sign-in than the user's current one (OpenID Connect Core, section
//! 5.5.1.1).

use super::*;
use crate::oauth::ciba;
use crate::oauth::open_id::id_token;
use crate::support::{Asking, Ended};

const TWO: &str = "urn:grantor:acr:2";

fn essential(level: &str) -> String {
    serde_json::json!({ "id_token": { "acr": { "essential": true, "values": [level] } } }).to_string()
}

on_both_engines! {
    /// A user who is signed in with a password is asked only for the second factor, and the client is
    /// informed.
    fn a_second_factor_is_asked_for_where_it_is_needed(server: &mut Server) {
        let world = server.world();
        let web = &world.applications.web;
        let weak = Browser::of(server, &world.user);
        let (app, _) = add_app(&Browser::of(server, &world.user));
        let before = id_token(server, &server.tokens(&Asking::of(web, "openid read"), &weak));
        assert_eq!((before["acr"].as_str(), before["amr"].clone()), (Some("urn:grantor:acr:1"), serde_json::json!(["pwd"])));

        let asking = Asking::of(web, "openid read").with("claims", &essential(TWO));
        let silent = asking.clone().with("prompt", "none");
        assert_eq!(weak.visit(&silent.path()).answer()["error"], "interaction_required");
        let page = weak.visit(&asking.path()).page();
        assert!(page.path.starts_with("/signin/code?"), "{page:?}");
        let refused = weak.submit(&page, "/signin/code", &[("code", &app.wrong_code())]);
        assert_eq!(refused.status, 401);
        let Ended::Elsewhere(_) = weak.send(&refused, "/signin/code", &[("code", &app.code(0))]) else {
            panic!("the client does not see it")
        };
        let after = id_token(server, &server.tokens(&asking, &weak));
        assert_eq!((after["acr"].as_str(), after["amr"].clone()), (Some(TWO), serde_json::json!(["pwd", "otp", "mfa"])));
        assert_eq!(after["auth_time"], before["auth_time"], "the password was not asked for again");
        assert_eq!(after["sid"], before["sid"]);
    }

    /// A back-channel request that asks for a second factor is approved with it if the user has one.
    fn a_second_factor_is_asked_for_by_the_back_channel(server: &mut Server) {
        let centre = ciba::call_centre(server, "call-centre", &serde_json::json!({}));
        let weak = Browser::of(server, &server.world().user);
        let approved = |id: &str| id_token(server, &ciba::poll(server, &centre, id).1)["acr"].clone();
        let id = ciba::asked(server, &centre, &[("acr_values", TWO)]);
        assert_eq!(ciba::decide(&weak, "approve").status, 200);
        assert_eq!(approved(&id), "urn:grantor:acr:1", "a user without a second factor is not asked");
        let (app, _) = add_app(&Browser::of(server, &server.world().user));
        let id = ciba::asked(server, &centre, &[("acr_values", TWO)]);
        let page = ciba::decide(&weak, "approve");
        assert!(page.path.starts_with("/signin/code?"), "{page:?}");
        assert_eq!(ciba::poll(server, &centre, &id).1["error"], "authorization_pending");
        let back = weak.submit(&page, "/signin/code", &[("code", &app.code(0))]);
        assert_eq!((back.status, back.path.as_str()), (200, "/requests"), "{}", back.body);
        assert_eq!(ciba::decide(&weak, "approve").status, 200);
        assert_eq!(approved(&id), TWO);
    }

    /// A level that the user cannot reach is an error if it is essential, and is ignored if it is voluntary.
    fn what_nobody_can_show(server: &mut Server) {
        let world = server.world();
        let (web, browser) = (&world.applications.web, Browser::of(server, &world.user));
        for level in [TWO, "phr", "urn:example:unknown"] {
            let needs = Asking::of(web, "openid read").with("claims", &essential(level));
            let answer = browser.visit(&needs.path()).answer();
            assert_eq!(answer["error"], "unmet_authentication_requirements", "{level}");
            let wishes = Asking::of(web, "openid read").with("acr_values", level);
            assert_eq!(id_token(server, &server.tokens(&wishes, &browser))["acr"], "urn:grantor:acr:1");
        }
    }
}
