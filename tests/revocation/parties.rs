//! The validity of a grant depends on its client and its user.

use crate::support::{Browser, Person, Server};

/// One token of each kind.
struct Tokens {
    personal: String,
    device: String,
    service: String,
}

impl Tokens {
    fn of(server: &Server, user: &Person) -> Self {
        let browser = Browser::of(server, user);
        let started = server.start_device("demo-native", "read");
        assert_eq!(browser.decide(&started.user_code, "approve").status, 200);
        Self {
            personal: browser.token("demo-web", &["read"], &[]),
            device: server.redeem(&started).unwrap(),
            service: server.client_credentials(&server.world().applications.service),
        }
    }

    /// Returns which of them are accepted: the personal one, the device's, the service's.
    fn accepted(&self, server: &Server) -> (bool, bool, bool) {
        (server.accepts(&self.personal), server.accepts(&self.device), server.accepts(&self.service))
    }
}

/// Changes rows: on PostgreSQL while the program is running, on SQLite, which allows one program only, while
/// it is stopped.
fn change(server: &mut Server, statement: &str) {
    if server.database_url().is_some() {
        return server.change(statement);
    }
    assert!(server.stop());
    server.change(statement);
    server.run();
}

fn enable(server: &mut Server, client_id: &str, enabled: u8) {
    let statement = "UPDATE \"Sec_Trusted_Applications\" SET \"is_enabled\" = (1 =";
    change(server, &format!("{statement} {enabled}) WHERE \"application_uri\" = '{client_id}'"));
}

fn change_user(server: &mut Server, login: &str, assignment: &str) {
    change(server, &format!("UPDATE \"Sec_Users\" SET {assignment} WHERE \"login\" = '{login}'"));
}

on_both_engines! {
    /// Disabling a client refuses all of its tokens; enabling it makes them valid again.
    fn a_disabled_application_is_refused(server: &mut Server) {
        let world = server.world();
        let tokens = Tokens::of(server, &world.user);
        assert_eq!(tokens.accepted(server), (true, true, true));
        let started = server.start_device("demo-native", "read");
        enable(server, "demo-native", 0);
        assert_eq!(tokens.accepted(server), (true, false, true));
        assert_eq!(server.redeem(&started), Err("invalid_client".to_owned()));
        let ask = [("client_id", "demo-native")];
        assert_eq!(server.post("/id/connect/deviceauthorization", &ask).send().unwrap().status(), 401);
        let page = Browser::of(server, &world.user).decide(&started.user_code, "approve");
        assert!(page.status == 403, "{}", page.body);
        enable(server, "demo-native", 1);
        enable(server, "demo-web", 0);
        enable(server, "demo-service", 0);
        assert_eq!(tokens.accepted(server), (false, true, false));
        let service = &world.applications.service;
        assert_eq!(server.oauth("token", service, &[("grant_type", "client_credentials")]).0, 401);
        assert_eq!(server.oauth("introspect", service, &[("token", &tokens.device)]).0, 401);
        enable(server, "demo-web", 1);
        enable(server, "demo-service", 1);
        assert_eq!(tokens.accepted(server), (true, true, true));
    }

    /// An inactive user can do nothing: not with a token, not on a page, not with a code approved before.
    fn an_inactive_user_is_refused(server: &mut Server) {
        let world = server.world();
        let tokens = Tokens::of(server, &world.user);
        let browser = Browser::of(server, &world.user);
        let started = server.start_device("demo-native", "read");
        assert_eq!(browser.decide(&started.user_code, "approve").status, 200);
        change_user(server, &world.user.login, "\"active\" = (1 = 0)");
        assert_eq!(tokens.accepted(server), (false, false, true));
        // If the program was restarted in between, it has revoked the user's approvals.
        assert!(matches!(server.redeem(&started).unwrap_err().as_str(), "invalid_grant" | "access_denied"));
        let cookie = format!("grantor={}", browser.cookie("grantor").unwrap());
        assert_eq!(server.get("/tokens", None).header("cookie", cookie).send().unwrap().status(), 303);
        assert_eq!(Browser::new(server).sign_in(&world.user.login, &world.user.password).status, 401);
        change_user(server, "nightly-export", "\"active\" = (1 = 0)");
        assert_eq!(tokens.accepted(server), (false, false, false));
        let answer =
            server.oauth("token", &world.applications.service, &[("grant_type", "client_credentials")]);
        assert_eq!(answer.1["error"], "unauthorized_client");
        change_user(server, &world.user.login, "\"active\" = (1 = 1)");
        // If the program was restarted in between, it has revoked the user's tokens as well.
        assert!(!tokens.accepted(server).2);
    }

    /// Guessing the password of a user affects no existing grants, and the user can sign in.
    fn a_locked_user_loses_nothing(server: &mut Server) {
        let world = server.world();
        let tokens = Tokens::of(server, &world.user);
        change_user(server, &world.user.login, "\"lockout_end_utc\" = 4102444800000000");
        assert_eq!(tokens.accepted(server), (true, true, true));
        Browser::of(server, &world.user);
    }
}
