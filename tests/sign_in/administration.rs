//! Administration of users who cannot sign in, or should not.

use super::*;

fn admin(server: &Server, arguments: &[&str]) -> Result<String, String> {
    server.cli(arguments, Some(&server.world().admin.pat))
}

on_both_engines! {
    /// A user who lost the second factor signs in with the password again, and all existing sessions of the
    /// user are ended.
    fn a_lost_second_factor_is_reset(server: &mut Server) {
        let ben = server.world().user;
        let own = Browser::of(server, &ben);
        let (_, codes) = add_app(&own);
        assert_eq!(own.open("/tokens").path, "/tokens");
        admin(server, &["user", "reset-second-factor", &ben.login]).unwrap();
        assert!(own.open("/tokens").path.starts_with("/signin?"), "existing sessions are ended");
        assert_eq!(user(server, &ben)["TwoFactorEnabled"], false);
        let again = Browser::new(server);
        assert_eq!(again.sign_in(&ben.login, &ben.password).path, "/tokens");
        let (_, anew) = add_app(&again);
        let (other, page) = halfway(server, &ben);
        assert_eq!(enter_code(&other, &page, &codes[0]).0, 401, "the former recovery codes are gone");
        assert_eq!(enter_code(&other, &page, &anew[0]).0, 200);
    }

    /// Passwords are verified again at once after an administrator unlocks the user.
    fn a_locked_account_is_unlocked(server: &mut Server) {
        let ben = server.world().user;
        for _ in 0..10 {
            assert_eq!(Browser::new(server).sign_in(&ben.login, "wrong").status, 401);
        }
        assert_eq!(Browser::new(server).sign_in(&ben.login, &ben.password).status, 429, "locked");
        assert!(server.odata("Systems_Security_Users", &ben.pat).status() == 200, "tokens are not affected");
        admin(server, &["user", "unlock", &ben.login]).unwrap();
        let row = user(server, &ben);
        assert!(row["LockoutEndUtc"].is_null() && row["AccessFailedCount"] == 0, "{row}");
        assert_eq!(Browser::new(server).sign_in(&ben.login, &ben.password).path, "/tokens");
        assert!(server.odata("Systems_Security_Users", &ben.pat).status() == 200);
    }

    /// An administrator sees the sessions of a user and ends one or all of them.
    fn sessions_of_others_are_seen_and_ended(server: &mut Server) {
        let ben = server.world().user;
        let browsers: Vec<_> = (0..3).map(|_| Browser::of(server, &ben)).collect();
        let list = || -> Vec<serde_json::Value> {
            let json = admin(server, &["user", "sessions", &ben.login, "--json"]).unwrap();
            serde_json::from_str(&json).unwrap()
        };
        let sessions = list();
        assert_eq!(sessions.len(), 3);
        assert!(sessions.iter().all(|session| session["ipAddress"] == "127.0.0.1"));
        let one = sessions[0]["uuid"].as_str().unwrap();
        admin(server, &["user", "sign-out", &ben.login, "--session", one]).unwrap();
        assert_eq!(list().len(), 2);
        let inside = || browsers.iter().filter(|browser| browser.open("/tokens").path == "/tokens").count();
        assert_eq!(inside(), 2);
        let refused = admin(server, &["user", "sign-out", &ben.login, "--session", one]).unwrap_err();
        assert!(refused.contains("no such session"), "{refused}");
        let admins = admin(server, &["user", "sessions", &server.world().admin.login]).unwrap();
        assert!(!admins.contains("127.0.0.1"), "sessions of others are listed: {admins}");
        admin(server, &["user", "sign-out", &ben.login]).unwrap();
        assert_eq!((list().len(), inside()), (0, 0));
    }

    /// Only an administrator with the scope `sec` can do this, and an unknown user is an error.
    fn only_administrators_do_it(server: &mut Server) {
        let world = server.world();
        let lesser = Browser::of(server, &world.admin).token("grantor-cli", &["read", "update"], &[]);
        for command in ["reset-second-factor", "unlock", "sessions", "sign-out"] {
            for token in [&world.user.pat, &lesser] {
                let refused = server.cli(&["user", command, &world.admin.login], Some(token)).unwrap_err();
                assert!(refused.contains("administrator") || refused.contains("sec"), "{command}: {refused}");
            }
            let refused = admin(server, &["user", command, "unknown"]).unwrap_err();
            assert!(refused.contains("no user with this login"), "{command}: {refused}");
        }
    }

    /// The same on the pages: find a user by login, unlock, sign out, and reset the second factor.
    fn people_are_helped_on_the_pages(server: &mut Server) {
        let world = server.world();
        let ben = world.user;
        let admin = Browser::of(server, &world.admin);
        let list = admin.open("/users");
        assert!(list.has("Ben Okafor") && list.has("/users/one?login=ben"), "{}", list.body);
        let unknown = admin.submit(&list, "/users", &[("login", "unknown")]);
        assert!(unknown.status == 404 && unknown.has("There is no user with this login."));
        assert_eq!(unknown.value("login"), "unknown");
        let one = "/users/one?login=ben";
        assert_eq!(admin.submit(&list, "/users", &[("login", "ben")]).path, one);

        for _ in 0..10 {
            assert_eq!(Browser::new(server).sign_in(&ben.login, "wrong").status, 401);
        }
        let locked = admin.open(one);
        assert!(locked.has("locked until") && locked.has("Nowhere."), "{}", locked.body);
        let unlocked = admin.submit(&locked, "/users/one", &[("act", "unlock")]);
        assert!(unlocked.has("forgotten") && !unlocked.has("locked until"), "{}", unlocked.body);

        let own = Browser::of(server, &ben);
        let ended = admin.submit(&admin.open(one), "/users/one", &[("act", "sign-out")]);
        assert!(ended.has("The session was ended.") && ended.has("Nowhere."), "{}", ended.body);
        assert!(own.open("/tokens").path.starts_with("/signin?"));

        let again = Browser::of(server, &ben);
        add_app(&again);
        let asked = admin.submit(&admin.open(one), "/users/one", &[("act", "reset")]);
        assert!(asked.has("Make sure that the request comes from this user") && user(server, &ben)["TwoFactorEnabled"] == true);
        let done = admin.submit(&asked, "/users/one", &[]);
        assert!(done.has("The second factors were removed") && done.has("Nowhere."), "{}", done.body);
        assert_eq!(Browser::new(server).sign_in(&ben.login, &ben.password).path, "/tokens");

        let other = Browser::of(server, &ben);
        for path in ["/users", one] {
            assert_eq!(other.open(path).status, 403, "{path}");
        }
        assert_eq!(admin.open("/users/one?login=unknown").status, 404);
    }
}
