//! Acknowledged writes are durable: the program is killed right after the response.

use crate::support::Browser;

on_both_engines! {
    /// A clean shutdown keeps created and revoked grants.
    fn a_restart_keeps_everything(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let [kept, revoked] = [(); 2].map(|()| browser.token("demo-web", &["read"], &[]));
        let id = server.grant_id(&revoked, &world.user.pat);
        assert_eq!(browser.revoke(&id).status, 200);
        assert!(server.stop());
        server.run();
        assert!(server.accepts(&kept) && !server.accepts(&revoked));
    }

    /// An acknowledged token exists after a crash, and works.
    fn an_acknowledged_token_survives_a_crash(server: &mut Server) {
        let user = server.world().user;
        for _ in 0..3 {
            let token = Browser::of(server, &user).token("demo-web", &["read"], &[]);
            server.kill();
            server.run();
            assert!(server.accepts(&token));
            assert_eq!(server.grant(&token, &user.pat)["Scopes"], "read");
        }
        assert!(Browser::of(server, &user).open("/tokens").has("A test&#39;s token"));
    }

    /// An acknowledged revocation is effective after a crash, for the token and its descendants.
    fn an_acknowledged_revocation_survives_a_crash(server: &mut Server) {
        let world = server.world();
        let started = server.start_device("demo-native", "read");
        assert_eq!(Browser::of(server, &world.user).decide(&started.user_code, "approve").status, 200);
        let descendant = server.redeem(&started).unwrap();
        let token = server.client_credentials(&world.applications.service);
        assert!(server.accepts(&token) && server.accepts(&descendant));
        assert_eq!(server.revoke(&world.applications.service, &token), 200);
        server.kill();
        server.run();
        assert!(!server.accepts(&token) && server.accepts(&descendant));
        assert_eq!(server.revoke(&world.applications.native, &started.device_code), 200);
        server.kill();
        server.run();
        assert!(!server.accepts(&descendant));
        assert_eq!(server.redeem(&started), Err("access_denied".to_owned()));
    }

    /// A decision is effective after a crash, and a code cannot be exchanged a second time.
    fn a_decision_survives_a_crash(server: &mut Server) {
        let world = server.world();
        let [approved, denied] = [(); 2].map(|()| server.start_device("demo-native", "read"));
        let browser = Browser::of(server, &world.user);
        assert_eq!(browser.decide(&denied.user_code, "deny").status, 200);
        assert_eq!(browser.decide(&approved.user_code, "approve").status, 200);
        server.kill();
        server.run();
        assert_eq!(server.redeem(&denied), Err("access_denied".to_owned()));
        let token = server.redeem(&approved).unwrap();
        server.kill();
        server.run();
        assert!(server.accepts(&token));
        assert_eq!(server.redeem(&approved), Err("invalid_grant".to_owned()));
    }
}
