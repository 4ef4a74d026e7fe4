//! Password rules, and changing the password.

use super::*;

fn change(browser: &Browser, current: &str, new: &str) -> Page {
    let page = browser.open("/account/password");
    let fields = [("current", current), ("password", new), ("password_again", new)];
    browser.submit(&page, "/account/password", &fields)
}

/// Returns the cost of a user's stored password hash, after replacing it if another one is given.
fn cost(server: &mut Server, person: &Person, replaced: Option<&str>) -> String {
    assert!(server.stop());
    let of = format!("WHERE login = '{}'", person.login);
    if let Some(hash) = replaced {
        server.change(&format!("UPDATE \"Sec_Users\" SET password = '{hash}' {of}"));
    }
    let kept = server.look_up(&format!("SELECT password FROM \"Sec_Users\" {of}")).remove(0);
    server.run();
    kept.split('$').nth(3).unwrap().to_owned()
}

on_both_engines! {
    /// A user who knows the password can change it to one that is hard to guess; all other sessions are
    /// ended.
    fn a_password_is_changed(server: &mut Server) {
        let ben = server.world().user;
        let (browser, elsewhere) = (Browser::of(server, &ben), Browser::of(server, &ben));
        let secret = browser.cookie("grantor");
        for (current, new, status, says) in [
            ("wrong", "another four plain words", 400, "This is not your password."),
            (ben.password.as_str(), "short", 400, "A password has 8 to"),
            (&ben.password, "password123", 400, "too easy to guess"),
            (&ben.password, "Ben Okafor 1", 400, "too easy to guess"),
        ] {
            let page = change(&browser, current, new);
            assert!(page.status == status && page.has(says), "{new}: {}", page.body);
            assert!(!page.has(new), "no password is shown");
        }
        let new = "another four plain words";
        assert!(change(&browser, &ben.password, new).has("The password was changed"));
        assert_ne!(browser.cookie("grantor"), secret);
        assert_eq!(browser.open("/tokens").path, "/tokens");
        assert!(elsewhere.open("/tokens").path.starts_with("/signin"));
        assert_eq!(Browser::new(server).sign_in(&ben.login, &ben.password).status, 401);
        assert_eq!(Browser::new(server).sign_in(&ben.login, new).path, "/tokens");
        assert!(!server.log().contains(new) && !server.log().contains(&ben.password));
    }

    /// The current password cannot be guessed from an open session; signing in is not affected.
    fn the_present_password_cannot_be_guessed(server: &mut Server) {
        let ben = server.world().user;
        let browser = Browser::of(server, &ben);
        for _ in 0..10 {
            assert_eq!(change(&browser, "wrong", "another four plain words").status, 400);
        }
        assert_eq!(change(&browser, &ben.password, "another four plain words").status, 429);
        assert_eq!(browser.open("/account").path, "/account");
        assert_eq!(Browser::new(server).sign_in(&ben.login, &ben.password).path, "/tokens");
    }

    /// A password from the operator's list of breached ones is refused.
    fn a_breached_password_is_refused(server: &mut Server) {
        let (known, other) = ("violet lantern gravel otter", "violet lantern gravel heron");
        let sha1 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, known.as_bytes());
        let list = server.folder().join("breached");
        std::fs::write(&list, format!("{}:3\n", data_encoding::HEXUPPER.encode(sha1.as_ref()))).unwrap();
        server.restart_with("GRANTOR_PASSWORD_BREACH_FILE", list.to_str().unwrap());
        let ben = server.world().user;
        let browser = Browser::of(server, &ben);
        let page = change(&browser, &ben.password, known);
        assert!(page.status == 400 && page.has("found in a breach"), "{}", page.body);
        assert!(change(&browser, &ben.password, other).has("The password was changed"));
    }

    /// A hash with a lower cost than the current one is replaced at the next sign-in, and not otherwise.
    fn hashes_grow_stronger(server: &mut Server) {
        let ben = server.world().user;
        assert_eq!(cost(server, &ben, None), "m=19456,t=2,p=1");
        // "password", by the reference implementation at a lower cost.
        let old = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        assert_eq!(cost(server, &ben, Some(old)), "m=256,t=2,p=1");
        assert_eq!(Browser::new(server).sign_in(&ben.login, "wrong").status, 401);
        assert_eq!(cost(server, &ben, None), "m=256,t=2,p=1");
        assert_eq!(Browser::new(server).sign_in(&ben.login, "password").path, "/tokens");
        assert_eq!(cost(server, &ben, None), "m=19456,t=2,p=1");
        assert_eq!(Browser::new(server).sign_in(&ben.login, "password").path, "/tokens");
    }
}
