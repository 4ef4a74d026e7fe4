//! Logins and passwords have a canonical form, and no two new logins are confusable.

use std::sync::Barrier;

use token::password::{PasswordHash, PasswordParams};

use super::create_user;
use crate::support::{Browser, Server};

const PASSWORD: &str = "violet lantern gravel otter";

/// Returns the stored hash of a user's password.
fn hash(server: &Server, login: &str) -> String {
    server.look_up(&format!("SELECT password FROM \"Sec_Users\" WHERE login = '{login}'")).remove(0)
}

on_both_engines! {
    /// A login is in lower case and NFC; confusable logins and invisible characters are refused.
    fn logins_that_look_alike_are_one(server: &mut Server) {
        let ben = server.world().user;
        for login in ["ben", "Ben", "BEN", "b\u{435}n", "\u{ff42}en", "b\u{1d5be}n"] {
            let refused = create_user(server, login, None).unwrap_err();
            assert!(refused.contains("login"), "{login:?}: {refused}");
        }
        for (login, named) in [("ben\u{202e}", "U+202E"), ("b\u{200b}en", "U+200B"), ("two words", "spaces"), ("a\u{e000}", "U+E000")] {
            let refused = create_user(server, login, None).unwrap_err();
            assert!(refused.contains(named), "{login:?}: {refused}");
        }
        for login in ["p\u{430}ul", "winter.p\u{3b1}ul"] {
            let refused = create_user(server, login, None).unwrap_err();
            assert!(refused.contains("not written together"), "{login:?}: {refused}");
        }
        assert!(create_user(server, "\u{438}\u{432}\u{430}\u{43d}@example.com", None).is_ok());
        assert_eq!(create_user(server, "Jose\u{301}", None).unwrap()["user"]["login"], "jos\u{e9}");
        for login in ["jos\u{e9}", "JOS\u{c9}", "jose\u{301}"] {
            assert!(create_user(server, login, None).is_err(), "{login:?}");
        }
        assert!(create_user(server, "joseph", None).is_ok());
        // These are of one script, so that only the claim of their look refuses the second.
        assert!(create_user(server, "modern", None).is_ok());
        assert!(create_user(server, "rnodern", None).is_err(), "it looks like 'modern'");
        for typed in ["ben", "BEN", "Ben", " ben "] {
            assert_eq!(Browser::new(server).sign_in(typed, &ben.password).path, "/tokens", "{typed:?}");
        }
        assert_eq!(Browser::new(server).sign_in("b\u{435}n", &ben.password).status, 401, "not confusable");
    }

    /// If several requests add confusable logins at once, one succeeds.
    fn a_race_for_a_login_has_one_winner(server: &mut Server) {
        let logins = ["zo\u{eb}", "zoe\u{308}", "Zo\u{eb}", "ZO\u{cb}", "z\u{43e}\u{eb}", "zo\u{451}", "z\u{3bf}\u{eb}", "ZOE\u{308}"];
        let barrier = &Barrier::new(logins.len());
        let server = &*server;
        let made = std::thread::scope(|scope| {
            let running = logins.map(|login| {
                scope.spawn(move || {
                    barrier.wait();
                    create_user(server, login, None).is_ok()
                })
            });
            running.into_iter().map(|thread| thread.join().unwrap()).filter(|made| *made).count()
        });
        assert_eq!(made, 1);
    }

    /// Older logins continue to work: each in exactly its own form, the canonical one in every other form.
    /// The start reports conflicts.
    fn logins_of_before_go_on(server: &mut Server) {
        let ben = server.world().user;
        for login in ["old-1", "old-2"] {
            create_user(server, login, Some(PASSWORD)).unwrap();
        }
        assert!(server.stop());
        let names = "DELETE FROM grantor_names WHERE kind IN ('login', 'login_look')";
        server.change(names);
        server.change("UPDATE \"Sec_Users\" SET login = 'Ben' WHERE login = 'old-1'");
        server.change("UPDATE \"Sec_Users\" SET login = 'two words' WHERE login = 'old-2'");
        server.run();
        let server = &*server;
        let enters = |login: &str, password: &str| Browser::new(server).sign_in(login, password).path == "/tokens";
        assert!(enters("Ben", PASSWORD) && enters("two words", PASSWORD), "each with exactly its own form");
        assert!(enters("ben", &ben.password) && enters("BEN", &ben.password));
        assert!(!enters("ben", PASSWORD) && !enters("Ben", &ben.password));
        let log = server.log();
        let reported = |login: &str| log.lines().any(|line| line.contains("a login looks like") && line.contains(login));
        assert!(reported("Ben") && reported("two words"), "{log}");
        assert!(!reported("ada") && !reported("\"ben\""), "{log}");
        let admin = Browser::of(server, &server.world().admin);
        let noted = |login: &str| admin.open(&format!("/users/one?login={login}")).has("It looks like another login");
        assert!(noted("Ben") && noted("two%20words") && !noted("ben") && !noted("ada"));
        for login in ["bEN", "two-words"] {
            assert_eq!(create_user(server, login, None).is_ok(), login == "two-words");
        }
    }

    /// The same password can be entered in NFC and in NFD. An older hash of the original form still works and
    /// is replaced.
    fn a_password_is_one_in_every_form(server: &mut Server) {
        let (nfc, nfd) = ("gr\u{fc}ne Wiesen \u{e9}tage 7", "gru\u{308}ne\u{a0}Wiesen e\u{301}tage 7");
        create_user(server, "mac", Some(nfd)).unwrap();
        for typed in [nfc, nfd] {
            assert_eq!(Browser::new(server).sign_in("mac", typed).path, "/tokens", "{typed:?}");
        }
        assert_eq!(Browser::new(server).sign_in("mac", "grune Wiesen etage 7").status, 401);
        assert!(server.stop());
        let old = PasswordHash::hash(nfd, PasswordParams::CHEAP, &token::SystemRandom).unwrap().to_phc().to_string();
        server.change(&format!("UPDATE \"Sec_Users\" SET password = '{old}' WHERE login = 'mac'"));
        server.run();
        assert_eq!(Browser::new(server).sign_in("mac", nfc).status, 401, "the canonical form is not stored yet");
        assert_eq!(Browser::new(server).sign_in("mac", nfd).path, "/tokens");
        assert_ne!(hash(server, "mac"), old, "the hash was renewed");
        assert_eq!(Browser::new(server).sign_in("mac", nfc).path, "/tokens");
        let kept = hash(server, "mac");
        assert_eq!(Browser::new(server).sign_in("mac", nfd).path, "/tokens");
        assert_eq!(hash(server, "mac"), kept, "once");
    }
}
