//! A second factor: codes of an app, and recovery codes.

use super::*;

on_both_engines! {
    /// With an app, the password is not sufficient; with a code it is.
    fn a_code_is_asked_for_after_the_password(server: &mut Server) {
        let ben = server.world().user;
        assert_eq!(user(server, &ben)["TwoFactorEnabled"], false);
        let browser = Browser::of(server, &ben);
        let secret = browser.cookie("grantor");
        let (app, codes) = add_app(&browser);
        assert_eq!(codes.len(), 10);
        assert_ne!(browser.cookie("grantor"), secret, "the session continues with a new secret");
        assert_eq!(user(server, &ben)["TwoFactorEnabled"], true);
        assert!(browser.open("/account").has("10 unused codes are left"));

        let (other, page) = halfway(server, &ben);
        assert_eq!(other.cookie("grantor"), None, "a partial sign-in is not a session");
        assert!(other.open("/tokens").path.starts_with("/signin?"));
        let refused = other.submit(&page, "/signin/code", &[("code", &app.wrong_code())]);
        assert!(refused.status == 401 && refused.has("This code does not fit or was used"), "{}", refused.body);
        assert_eq!(enter_code(&other, &refused, &app.code(0)), (200, "/tokens".to_owned()));
        assert_eq!(other.cookie("grantor-half"), None, "the partial sign-in is removed");
        assert_eq!(user(server, &ben)["AccessFailedCount"], 0);

        let removed = other.submit(&other.open("/account"), "/account/authenticator/remove", &[]);
        assert!(removed.has("The authenticator app was removed."), "{}", removed.body);
        assert_eq!(user(server, &ben)["TwoFactorEnabled"], false);
        assert_eq!(Browser::new(server).sign_in(&ben.login, &ben.password).path, "/tokens");
    }

    /// A code that was accepted is not accepted again, nor is one of an earlier step (RFC 6238, section 5.2).
    fn a_code_works_once(server: &mut Server) {
        let ben = server.world().user;
        let (app, _) = add_app(&Browser::of(server, &ben));
        let code = app.code(1);
        let (first, page) = halfway(server, &ben);
        assert_eq!(enter_code(&first, &page, &code), (200, "/tokens".to_owned()));
        for again in [code, app.code(0), app.code(-1)] {
            let (other, page) = halfway(server, &ben);
            assert_eq!(enter_code(&other, &page, &again).0, 401, "{again}");
            assert_eq!(other.cookie("grantor"), None);
        }
    }

    /// If several requests use one recovery code at once, one succeeds; then the code is gone.
    fn one_recovery_code_has_one_winner(server: &mut Server) {
        let ben = server.world().user;
        let browser = Browser::of(server, &ben);
        let (_, codes) = add_app(&browser);
        let tries: Vec<_> = (0..8).map(|_| halfway(server, &ben)).collect();
        let outcomes: Vec<u16> = std::thread::scope(|scope| {
            let enter = |(browser, page): &(Browser, Page)| enter_code(browser, page, &codes[0].to_uppercase()).0;
            let racers: Vec<_> = tries.iter().map(|entry| scope.spawn(move || enter(entry))).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|status| **status == 200).count(), 1, "{outcomes:?}");
        assert!(browser.open("/account").has("9 unused codes are left"));
        let anew = browser.submit(&browser.open("/account"), "/account/recovery-codes", &[]);
        let anew = super::codes(&anew);
        let (other, page) = halfway(server, &ben);
        assert_eq!(enter_code(&other, &page, &codes[1]).0, 401, "the former ones are gone");
        let (other, page) = halfway(server, &ben);
        assert_eq!(enter_code(&other, &page, &anew[0].replace('-', " ")), (200, "/tokens".to_owned()));
    }

    /// A partial sign-in is completed in the same browser, and not after a change of the password.
    fn half_of_a_sign_in_belongs_to_its_browser(server: &mut Server) {
        let ben = server.world().user;
        let own = Browser::of(server, &ben);
        let (app, codes) = add_app(&own);
        let (half, page) = halfway(server, &ben);
        let stolen = half.cookie("grantor-half").unwrap();
        let thief = Browser::new(server);
        let form = thief.open("/signin");
        thief.keep_cookie("grantor-half", &stolen);
        assert!(thief.open("/signin/code").path.starts_with("/signin?"));
        let csrf = form.body.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0;
        let sent = thief.send_form("/signin/code", &[("csrf", csrf), ("code", &app.code(0))]);
        assert!(sent.path.starts_with("/signin") && thief.cookie("grantor").is_none(), "{sent:?}");

        let form = own.open("/account/password");
        let new = "another four plain words";
        let fields = [("current", ben.password.as_str()), ("password", new), ("password_again", new)];
        assert!(own.submit(&form, "/account/password", &fields).has("The password was changed"));
        assert!(enter_code(&half, &page, &codes[0]).1.starts_with("/signin"), "the password has changed");
        assert!(half.cookie("grantor").is_none());
    }

    /// If a second factor is required, a user must add one before anything else.
    fn a_second_factor_can_be_required(server: &mut Server) {
        server.restart_with("GRANTOR_REQUIRE_SECOND_FACTOR", "administrators");
        let world = server.world();
        assert_eq!(Browser::new(server).sign_in(&world.user.login, &world.user.password).path, "/tokens");
        let browser = Browser::new(server);
        let page = browser.sign_in(&world.admin.login, &world.admin.password);
        assert!(page.has("A second factor is required of you here."), "{page:?}");
        for path in ["/tokens", "/account", "/device"] {
            assert!(browser.open(path).path.starts_with("/account/authenticator?"), "{path}");
        }
        assert!(server.accepts(&world.admin.pat), "existing tokens remain valid");
        let (app, _) = add_app(&browser);
        assert_eq!(browser.open("/tokens").path, "/tokens");
        let (other, page) = halfway(server, &world.admin);
        assert_eq!(enter_code(&other, &page, &app.code(0)), (200, "/tokens".to_owned()));
    }

    /// A stolen session cannot remove the second factor once its authentication is old.
    fn a_session_of_one_factor_changes_no_factor(server: &mut Server) {
        let ben = server.world().user;
        let (weak, strong) = (Browser::of(server, &ben), Browser::of(server, &ben));
        let before = weak.open("/account");
        assert!(before.has("Add an authenticator app"));
        let (app, _) = add_app(&strong);
        let asked = weak.submit(&weak.open("/account"), "/account/authenticator/remove", &[]);
        assert!(asked.path.starts_with("/signin/code?"), "{asked:?}");
        assert_eq!(user(server, &ben)["TwoFactorEnabled"], true);
        assert_eq!(enter_code(&weak, &asked, &app.code(0)), (200, "/account".to_owned()));
        let removed = weak.submit(&weak.open("/account"), "/account/authenticator/remove", &[]);
        assert!(removed.has("The authenticator app was removed."));
    }

    /// The encryption keys can be rotated.
    fn keys_rotate_under_the_app(server: &mut Server) {
        let ben = server.world().user;
        let (app, _) = add_app(&Browser::of(server, &ben));
        assert!(server.stop());
        let said = server.on_folder(&["keys", "rotate"]).unwrap();
        assert!(said.contains("re-encrypted "), "{said}");
        let keys = std::fs::read_to_string(server.folder().join("keys")).unwrap();
        std::fs::write(server.folder().join("keys"), keys.lines().next().unwrap()).unwrap();
        server.run();
        let (other, page) = halfway(server, &ben);
        assert_eq!(enter_code(&other, &page, &app.code(0)), (200, "/tokens".to_owned()));
    }
}
