//! Guessing is limited, and does not lock users out.

use serde_json::json;

use super::*;
use crate::support::{Asking, Engine};

/// Returns a browser with another client address.
fn at(server: &Server, address: &str) -> Browser {
    Browser::new(server).from(address)
}

/// Number of wrong passwords that are verified: ten, and one for each half minute that it takes to enter
/// them.
const LOOKED_AT: std::ops::RangeInclusive<usize> = 10..=14;

/// Configures a server that trusts this test to report client addresses.
fn behind_a_proxy(server: &mut Server) {
    server.restart_with("GRANTOR_TRUSTED_PROXIES", "[\"127.0.0.1/32\"]");
}

on_both_engines! {
    /// Wrong passwords, in any number, affect neither tokens nor sessions nor refreshes.
    fn guessing_ends_nothing(server: &mut Server) {
        let world = server.world();
        let (ben, web) = (&world.user, &world.applications.web);
        let own = Browser::of(server, ben);
        let tokens = server.tokens(&Asking::of(web, "openid offline_access read"), &own);
        let started = server.start_device("demo-native", "read");
        assert_eq!(own.decide(&started.user_code, "approve").status, 200);
        assert!(LOOKED_AT.contains(&exhaust(&Browser::new(server), &ben.login)));
        let access = tokens["access_token"].as_str().unwrap();
        assert!(server.accepts(&ben.pat) && server.accepts(access));
        assert_eq!(server.get("/verify", Some(&ben.pat)).send().unwrap().status(), 200);
        let introspected = server.oauth("introspect", web, &[("token", access)]).1;
        assert_eq!(introspected["active"], json!(true), "{introspected}");
        assert_eq!(own.open("/tokens").path, "/tokens");
        let (status, answer) = server.refresh(web, tokens["refresh_token"].as_str().unwrap());
        assert_eq!(status, 200, "{answer}");
        assert!(server.redeem(&started).is_ok());
        assert!(user(server, ben)["LockoutEndUtc"].is_string(), "administrators see it");
    }

    /// A known browser signs in at once during an attack. Another one waits less than a minute in the
    /// attacker's network, and not at all elsewhere.
    fn strangers_keep_nobody_out(server: &mut Server) {
        behind_a_proxy(server);
        for person in [server.world().user, server.world().admin] {
            let home = at(server, "198.51.100.1");
            assert_eq!(home.sign_in(&person.login, &person.password).path, "/tokens");
            assert!(home.submit(&home.open("/tokens"), "/signout", &[]).status == 200);
            let attacker = at(server, "198.51.100.1");
            assert!(LOOKED_AT.contains(&exhaust(&attacker, &person.login)));
            let refused = at(server, "198.51.100.1").sign_in(&person.login, &person.password);
            assert!(refused.status == 429 && wait(&refused) <= 60, "{}", refused.body);
            assert_eq!(home.sign_in(&person.login, &person.password).path, "/tokens", "the browser is known");
            let elsewhere = at(server, "203.0.113.9");
            assert_eq!(elsewhere.sign_in(&person.login, &person.password).path, "/tokens", "another network");
        }
        let ben = server.world().user;
        let enough = (0..200).any(|network| {
            let page = at(server, &format!("192.0.2.{network}")).sign_in(&ben.login, "wrong");
            let refused_for = if page.status == 429 { wait(&page) } else { 0 };
            if (1..5).contains(&refused_for) {
                std::thread::sleep(std::time::Duration::from_secs(refused_for));
            }
            refused_for >= 5
        });
        assert!(enough, "many networks together are stopped");
        let refused = at(server, "203.0.113.200").sign_in(&ben.login, &ben.password);
        assert!(refused.status == 429 && wait(&refused) <= 60, "{}", refused.body);
    }

    /// A user who waits as long as the response says can sign in.
    fn the_wait_has_an_end(server: &mut Server) {
        let ben = server.world().user;
        exhaust(&Browser::new(server), &ben.login);
        let refused = Browser::new(server).sign_in(&ben.login, &ben.password);
        assert_eq!(refused.status, 429);
        pass(server, wait(&refused));
        assert_eq!(Browser::new(server).sign_in(&ben.login, &ben.password).path, "/tokens");
    }

    /// A known browser is valid for one user and the password of that sign-in.
    fn a_known_browser_is_known_for_one_user_and_password(server: &mut Server) {
        let world = server.world();
        let (ben, ada) = (&world.user, &world.admin);
        let thief = Browser::of(server, ben);
        let known = thief.cookie("grantor-known").unwrap();
        exhaust(&Browser::new(server), &ben.login);
        exhaust(&Browser::new(server), &ada.login);
        let with = |cookie: &str| {
            let browser = Browser::new(server);
            browser.keep_cookie("grantor-known", cookie);
            browser
        };
        assert_eq!(with(&known).sign_in(&ada.login, &ada.password).status, 429, "the cookie belongs to Ben");
        for forged in ["", "1", &known[1..], &known.replace(&known[20..24], "AAAA")] {
            assert_eq!(with(forged).sign_in(&ben.login, &ben.password).status, 429, "{forged}");
        }
        assert!(LOOKED_AT.contains(&exhaust(&with(&known), &ben.login)), "a known browser has a limit as well");
        let own = Browser::new(server);
        own.keep_cookie("grantor", &thief.cookie("grantor").unwrap());
        let new = "another four plain words";
        let fields = [("current", ben.password.as_str()), ("password", new), ("password_again", new)];
        let done = own.submit(&own.open("/account/password"), "/account/password", &fields);
        assert!(done.has("The password was changed"), "{}", done.body);
        let renewed = own.cookie("grantor-known").unwrap();
        assert_eq!(with(&known).sign_in(&ben.login, new).status, 429, "the cookie is for the former password");
        assert_eq!(with(&renewed).sign_in(&ben.login, new).path, "/tokens");
    }

    /// Wrong codes are counted, and after five of them the password is required again. Recovery codes and
    /// known browsers are not affected.
    fn wrong_codes_are_limited(server: &mut Server) {
        let ben = server.world().user;
        let home = Browser::of(server, &ben);
        let (app, codes) = add_app(&home);
        let (browser, page) = halfway(server, &ben);
        for _ in 0..5 {
            assert_eq!(enter_code(&browser, &page, &app.wrong_code()).0, 401);
        }
        assert!(enter_code(&browser, &page, &codes[0]).1.starts_with("/signin?"), "the password is required again");
        assert_eq!(user(server, &ben)["AccessFailedCount"], 5, "refused attempts are not counted");
        let (browser, page) = halfway(server, &ben);
        for _ in 0..5 {
            assert_eq!(enter_code(&browser, &page, &app.wrong_code()).0, 401);
        }
        assert_eq!(user(server, &ben)["AccessFailedCount"], 10, "the right password in between resets nothing");
        let (browser, page) = halfway(server, &ben);
        assert_eq!(enter_code(&browser, &page, &app.code(0)).0, 429, "one-time codes are limited here");
        assert_eq!(enter_code(&browser, &page, &codes[0]).1, "/tokens", "a recovery code cannot be guessed");
        assert!(home.submit(&home.open("/tokens"), "/signout", &[]).status == 200);
        let page = home.sign_in(&ben.login, &ben.password);
        assert_eq!(enter_code(&home, &page, &app.code(0)).1, "/tokens", "this browser is known");
        assert!(server.accepts(&ben.pat));
    }

    /// An unknown login, a wrong password and a locked user get the same response.
    fn nobody_learns_who_exists(server: &mut Server) {
        let world = server.world();
        let refused = |login: &str, password: &str| {
            let page = Browser::new(server).sign_in(login, password);
            let main = page.body.split_once("role=\"alert\"").unwrap().1.split_once("</div>").unwrap().0;
            (page.status, main.chars().filter(|c| !c.is_ascii_digit()).collect::<String>())
        };
        let unknown = refused("no-such-user", "wrong");
        assert_eq!(refused(&world.user.login, "wrong"), unknown);
        add_app(&Browser::of(server, &world.admin));
        assert_eq!(refused(&world.admin.login, "wrong"), unknown, "the second factor is visible only with the right password");
        for login in ["NO-SUCH-user", &world.user.login] {
            exhaust(&Browser::new(server), login);
        }
        let limited = refused("No-such-user", "wrong");
        assert_eq!(limited.0, 429);
        assert_eq!(refused(&world.user.login, &world.user.password), limited);
    }

    /// Counters survive a restart, even a kill.
    fn a_restart_forgets_no_guess(server: &mut Server) {
        let ben = server.world().user;
        exhaust(&Browser::new(server), &ben.login);
        server.kill();
        server.run();
        assert_eq!(Browser::new(server).sign_in(&ben.login, &ben.password).status, 429);
        assert!(server.stop());
        server.run();
        assert_eq!(Browser::new(server).sign_in(&ben.login, &ben.password).status, 429);
    }
}

/// Two programs on one database share their counters, without delay.
#[test]
fn programs_count_together() {
    let server = Server::demo(Engine::Postgres);
    let other = server.beside();
    let ben = server.world().user;
    let looked_at: usize = std::thread::scope(|scope| {
        let guessers: Vec<_> = [&server, &other, &server, &other]
            .map(|server| scope.spawn(|| exhaust(&Browser::new(server), &server.world().user.login)))
            .into();
        guessers.into_iter().map(|guesser| guesser.join().unwrap()).sum()
    });
    assert!((10..=16).contains(&looked_at), "{looked_at}: expected ten, and one for each half minute");
    assert_eq!(Browser::new(&other).sign_in(&ben.login, &ben.password).status, 429);
}

/// Shifts all counters as if `seconds` had passed.
fn pass(server: &mut Server, seconds: u64) {
    assert!(server.stop());
    server.change(&format!("UPDATE grantor_attempts SET expires_at = expires_at - {}", seconds * 1_000_000));
    server.run();
}
