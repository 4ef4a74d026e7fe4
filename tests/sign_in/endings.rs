//! What ends with what, according to the guide's table.

use std::collections::BTreeSet;
use std::sync::Barrier;

use serde_json::{Value, json};

use super::*;
use crate::oauth::ciba;
use crate::support::{Application, Asking, Catcher, Engine, Lies, Provider, Started};
use crate::upstream;

const NEW: &str = "violet lantern gravel otter";

/// A user with one grant of every kind that can end.
struct World {
    server: Server,
    catcher: Catcher,
    provider: Provider,
    ben: Person,
    /// The browser in which the user acts.
    own: Browser,
    /// Another browser with a session, possibly an attacker's.
    other: Browser,
    /// Of a client, while the user is present.
    attended: String,
    /// Of a client, with offline access.
    offline: Value,
    device: String,
    /// Approved, and not exchanged.
    code: Started,
    centre: Application,
    request: String,
    link: String,
    consents: BTreeSet<String>,
    personal: String,
}

/// Returns the consents that the user has not withdrawn.
fn consents(server: &Server) -> BTreeSet<String> {
    let query = "Systems_Security_AccessTokens?$filter=Kind eq 'UserConsent' and User/Login eq 'ben'";
    let consents = server.rows(query, &server.world().admin.pat);
    let going_on = consents.iter().filter(|consent| consent["RevokedTimestamp"].is_null());
    going_on.map(|consent| consent["Id"].to_string()).collect()
}

impl World {
    fn new(engine: Engine) -> Self {
        let (catcher, provider) = (Catcher::start(), Provider::start());
        let providers = upstream::setting(&provider.issuer, "grantor", "");
        let mut environment = catcher.environment().to_vec();
        environment.push(("GRANTOR_PROVIDERS", &providers));
        let server = Server::start_with(engine, &["--demo"], &environment);
        let ben = server.world().user;
        let (own, other) = (Browser::of(&server, &ben), Browser::of(&server, &ben));
        let web = server.world().applications.web;
        let attended = server.tokens(&Asking::of(&web, "openid read"), &other);
        let attended = attended["access_token"].as_str().unwrap().to_owned();
        let offline = server.tokens(&Asking::of(&web, "openid offline_access read"), &other);
        let approved = || {
            let started = server.start_device("demo-native", "read");
            assert_eq!(other.decide(&started.user_code, "approve").status, 200);
            started
        };
        let device = server.redeem(&approved()).unwrap();
        let code = approved();
        let centre = ciba::call_centre(&server, "call-centre", &json!({}));
        let request = ciba::asked(&server, &centre, &[]);
        assert!(ciba::decide(&other, "approve").has("Approved."));
        let stranger = Browser::new(&server);
        stranger.submit(&stranger.open("/signin/forgot"), "/signin/forgot", &[("login", &ben.login)]);
        let link = catcher.next().link();
        let personal = own.token("demo-web", &["read"], &[]);
        let consents = consents(&server);
        assert!(!consents.is_empty());
        Self {
            consents,
            server,
            catcher,
            provider,
            ben,
            own,
            other,
            attended,
            offline,
            device,
            code,
            centre,
            request,
            link,
            personal,
        }
    }

    /// Returns for each column of the table whether the program still accepts it; the user has this password.
    fn goes_on(&self, password: &str) -> Vec<(&'static str, bool)> {
        let server = &self.server;
        let web = server.world().applications.web;
        let session = self.other.open("/tokens").path == "/tokens";
        assert_eq!(
            server.accepts(&self.attended),
            session,
            "grants that require the user's presence end with the session"
        );
        let approvals =
            [server.redeem(&self.code).is_ok(), ciba::poll(server, &self.centre, &self.request).0 == 200];
        assert_eq!(approvals[0], approvals[1], "a device code and a back-channel request");
        let (refreshed, answer) = server.refresh(&web, self.offline["refresh_token"].as_str().unwrap());
        let access = answer["access_token"].as_str().or(self.offline["access_token"].as_str()).unwrap();
        let applications = [refreshed == 200, server.accepts(access), server.accepts(&self.device)];
        assert!(applications.iter().all(|one| *one == applications[0]), "{applications:?}");
        let link = Browser::new(server).open(&self.link).status == 200;
        exhaust(&Browser::new(server), &self.ben.login);
        let known = Browser::new(server);
        known.keep_cookie("grantor-known", &self.other.cookie("grantor-known").unwrap());
        vec![
            ("sessions", session),
            ("approved, not yet used", approvals[0]),
            ("applications and devices", applications[0]),
            ("links to set a password", link),
            ("known browsers", known.sign_in(&self.ben.login, password).status != 429),
            ("consents", consents(server) == self.consents),
            ("personal tokens", server.accepts(&self.personal)),
        ]
    }
}

/// Returns a row of the guide's table by its first column.
fn row(occasion: &str) -> Vec<(String, String)> {
    let guide = include_str!("../../docs/guide/sign-in.md");
    let table: Vec<Vec<&str>> = guide
        .split_once("## What ends with what")
        .unwrap()
        .1
        .lines()
        .filter(|line| line.starts_with("| "))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let row = table.iter().find(|row| row[0] == occasion).unwrap_or_else(|| panic!("no row '{occasion}'"));
    let own = table[0].iter().zip(row).skip(1);
    own.map(|(thing, says)| ((*thing).to_owned(), (*says).to_owned())).collect()
}

/// Compares the behavior of the program with the row.
fn check(world: &World, occasion: &str, password: &str) {
    let row = row(occasion);
    let own_goes_on = row[0].1 != "end";
    assert_eq!(
        world.own.open("/tokens").path == "/tokens",
        own_goes_on,
        "{occasion}: the user's own session"
    );
    let found = world.goes_on(password);
    assert_eq!(found.len(), row.len());
    for ((thing, goes_on), (named, says)) in found.iter().zip(&row) {
        assert_eq!(thing, named);
        // Items that are refused while a user is disabled were checked after the user was enabled again.
        let expected = matches!(says.as_str(), "go on" | "refused");
        assert_eq!(*goes_on, expected, "{occasion}: {thing} {says}");
    }
}

/// Asserts that the page announces the effects.
fn says(page: &Page, occasion: &str) {
    let row = row(occasion);
    for (thing, phrase) in [
        ("sessions", "browsers are signed out"),
        ("approved, not yet used", "not yet used end"),
        ("applications and devices", "applications and devices have to sign in again"),
        ("links to set a password", "links to set a password stop working"),
        ("known browsers", "other browsers count as new ones"),
    ] {
        let ends = row.iter().any(|(named, says)| named == thing && says.ends_with("end"));
        assert!(!ends || page.body.to_lowercase().contains(phrase), "{occasion}: {phrase} in {}", page.body);
    }
    assert!(page.has("Personal tokens go on."), "{}", page.body);
}

on_both_engines! {
    fn a_changed_password_ends_what_a_thief_began(engine: Engine) {
        let world = World::new(engine);
        let page = world.own.open("/account/password");
        says(&page, "the password is changed");
        let fields = [("current", world.ben.password.as_str()), ("password", NEW), ("password_again", NEW)];
        assert!(world.own.submit(&page, "/account/password", &fields).has("The password was changed"));
        check(&world, "the password is changed", NEW);
    }

    fn a_new_password_by_a_link_ends_the_same(engine: Engine) {
        let world = World::new(engine);
        let browser = Browser::new(&world.server);
        let page = browser.open(&world.link);
        says(&page, "the password is set with a link");
        let page = browser.submit(&page, &world.link, &[("password", NEW), ("password_again", NEW)]);
        assert!(page.has("The new password is set"), "{}", page.body);
        check(&world, "the password is set with a link", NEW);
    }

    fn signed_out_everywhere_else_is_so(engine: Engine) {
        let world = World::new(engine);
        let page = world.own.open("/account");
        says(&page, "*Sign out everywhere else*");
        let csrf = page.body.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0;
        let done = world.own.send_form("/account/sessions/end", &[("csrf", csrf), ("session", "others")]);
        assert!(done.has("You were signed out everywhere else"), "{}", done.body);
        check(&world, "*Sign out everywhere else*", &world.ben.password);
    }

    fn a_removed_factor_ends_other_sessions(engine: Engine) {
        let world = World::new(engine);
        add_app(&world.own);
        let page = world.own.open("/account");
        says(&page, "an app or a passkey is removed");
        assert!(world.own.submit(&page, "/account/authenticator/remove", &[]).has("The authenticator app was removed"));
        check(&world, "an app or a passkey is removed", &world.ben.password);
    }

    fn an_unlinked_account_ends_other_sessions(engine: Engine) {
        let world = World::new(engine);
        let linked = upstream::link(&world.own, &world.provider, Lies::default());
        assert!(linked.has("The account was linked"), "{}", linked.body);
        let page = world.own.open("/account");
        says(&page, "an account at a provider is unlinked");
        assert!(world.own.submit(&page, "/account/providers/unlink", &[]).has("The account was unlinked"));
        check(&world, "an account at a provider is unlinked", &world.ben.password);
    }

    fn reset_factors_end_what_began(engine: Engine) {
        let world = World::new(engine);
        add_app(&world.own);
        let admin = Browser::of(&world.server, &world.server.world().admin);
        let asked = admin.submit(&admin.open("/users/one?login=ben"), "/users/one", &[("act", "reset")]);
        says(&asked, "an administrator removes the second factors");
        assert!(admin.submit(&asked, "/users/one", &[]).has("The second factors were removed"));
        check(&world, "an administrator removes the second factors", &world.ben.password);
    }

    fn a_sign_out_by_an_administrator_ends_the_same(engine: Engine) {
        let world = World::new(engine);
        let admin = Browser::of(&world.server, &world.server.world().admin);
        says(&admin.open("/users/one?login=ben"), "an administrator signs the user out everywhere");
        let pat = world.server.world().admin.pat;
        world.server.cli(&["user", "sign-out", &world.ben.login], Some(&pat)).unwrap();
        check(&world, "an administrator signs the user out everywhere", &world.ben.password);
    }

    fn a_disabled_user_is_signed_out(engine: Engine) {
        let mut world = World::new(engine);
        let events = "Systems_Security_AuditEvents?$filter=Type eq 'SignedOut'";
        let admin = world.server.world().admin.pat;
        set_active(&mut world.server, false);
        assert!(!world.server.accepts(&world.personal) && !world.server.accepts(&world.device));
        // Periodic maintenance also runs at the start.
        while world.server.count(events, &admin) < 2 {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        set_active(&mut world.server, true);
        world.own.moved_to(&world.server);
        world.other.moved_to(&world.server);
        check(&world, "an administrator disables the user", &world.ben.password);
    }

    /// Codes that are approved during a password change are not exchanged: either the approval comes first
    /// and ends with the session, or there is no session left for the approval.
    fn an_ended_session_approves_nothing(server: Engine) {
        let server = &Server::demo(server);
        let ben = &server.world().user;
        let own = Browser::of(server, ben);
        let form = own.open("/account/password");
        let thieves: Vec<_> = (0..6).map(|_| (Browser::of(server, ben), server.start_device("demo-native", "read"))).collect();
        let pages: Vec<_> = thieves.iter().map(|(thief, code)| thief.open(&format!("/device?user_code={}", code.user_code))).collect();
        let start = Barrier::new(thieves.len() + 1);
        std::thread::scope(|scope| {
            for ((thief, _), page) in thieves.iter().zip(&pages) {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    thief.submit(page, "/device/decide", &[("decision", "approve")])
                });
            }
            start.wait();
            let fields = [("current", ben.password.as_str()), ("password", NEW), ("password_again", NEW)];
            assert!(own.submit(&form, "/account/password", &fields).has("The password was changed"));
        });
        for (_, code) in &thieves {
            assert!(server.redeem(code).is_err());
        }
    }
}

/// Disables or enables Ben, while the server is stopped.
fn set_active(server: &mut Server, active: bool) {
    assert!(server.stop());
    server.change(&format!("UPDATE \"Sec_Users\" SET active = {active} WHERE login = 'ben'"));
    server.run();
}
