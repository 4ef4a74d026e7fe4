//! Sessions: listing and ending them.

use super::*;
use crate::support::Asking;

on_both_engines! {
    /// A user lists and ends sessions, including grants that require the user's presence.
    fn sessions_are_listed_and_ended(server: &mut Server) {
        let world = server.world();
        let (browser, other, third) =
            (Browser::of(server, &world.user), Browser::of(server, &world.user), Browser::of(server, &world.user));
        let web = &world.applications.web;
        let attended = server.tokens(&Asking::of(web, "openid read"), &other);
        let token = attended["access_token"].as_str().unwrap();
        let page = browser.open("/account");
        assert_eq!(page.body.matches("name=\"session\" value=\"0").count(), 2, "{}", page.body);
        assert_eq!(page.body.matches("this browser").count(), 1);

        let id = server.grant(token, &world.admin.pat)["Session"].as_str().unwrap().to_owned();
        let stranger = Browser::of(server, &world.admin);
        let form = third.open("/account");
        let csrf = stranger.open("/tokens").body;
        let csrf = csrf.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0;
        let refused = stranger.send_form("/account/sessions/end", &[("csrf", csrf), ("session", &id)]);
        assert_eq!(refused.status, 404, "a user cannot end the session of another");
        assert_eq!(other.open("/tokens").path, "/tokens");

        let csrf = form.body.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0;
        let ended = third.send_form("/account/sessions/end", &[("csrf", csrf), ("session", &id)]);
        assert!(ended.has("The other browser was signed out."), "{}", ended.body);
        assert!(other.open("/tokens").path.starts_with("/signin"));
        assert!(!server.accepts(token), "grants that require the user's presence end as well");

        let csrf = browser.open("/account").body;
        let csrf = csrf.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0;
        let ended = browser.send_form("/account/sessions/end", &[("csrf", csrf), ("session", "others")]);
        assert!(ended.has("You were signed out everywhere else."), "{}", ended.body);
        assert!(third.open("/tokens").path.starts_with("/signin"));
        assert_eq!(browser.open("/tokens").path, "/tokens");
    }

    /// A session secret that an attacker placed in a browser is replaced when its user signs in.
    fn a_planted_secret_is_replaced(server: &mut Server) {
        let world = server.world();
        let attacker = Browser::of(server, &world.admin);
        let victim = Browser::new(server);
        let planted = attacker.cookie("grantor").unwrap();
        victim.keep_cookie("grantor", &planted);
        let page = victim.open("/signin?again=1");
        let fields = [("login", world.user.login.as_str()), ("password", &world.user.password)];
        assert_eq!(victim.submit(&page, "/signin", &fields).path, "/tokens");
        assert_ne!(victim.cookie("grantor").unwrap(), planted);
        assert!(attacker.open("/tokens").path.starts_with("/signin"), "the planted session is invalid");
    }
}
