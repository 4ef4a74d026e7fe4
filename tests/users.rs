//! The life of users: a leaver is disabled, and nothing comes back.

use serde_json::json;

use crate::support::Browser;

on_both_engines! {
    /// The question the product is for: what a leaver still holds that can write. Then it ends.
    fn a_leaver_is_disabled(server: &mut Server) {
        let world = server.world();
        let (admin, ben) = (world.admin.pat.as_str(), &world.user);
        let browser = Browser::of(server, ben);
        let own = browser.token("demo-web", &["read", "update"], &[]);
        let device = server.start_device("demo-native", "read");
        assert_eq!(browser.decide(&device.user_code, "approve").status, 200);
        let device = server.redeem(&device).unwrap();
        let other = Browser::of(server, &world.admin).token("demo-web", &["read"], &[]);
        let writes = "GrantedScopes/any(s:s/Scope eq 'update')";
        let held = format!("Systems_Security_AccessTokens?$filter=User/Login eq '{}' and {writes} and State eq ", ben.login);
        let (live, revoked) = (server.count(&format!("{held}'Live'"), admin), server.count(&format!("{held}'Revoked'"), admin));
        assert!(live >= 2, "the personal access token of the demonstration and the new one");

        let preview = server.cli(&["user", "disable", &ben.login, "--preview", "--json"], Some(admin)).unwrap();
        assert!(server.accepts(&own), "a preview changes nothing");
        let receipt = server.cli(&["user", "disable", &ben.login, "--yes", "--json"], Some(admin)).unwrap();
        assert_eq!(preview, receipt, "exactly what was shown ends");
        let receipt: serde_json::Value = serde_json::from_str(&receipt).unwrap();
        assert!(receipt["sessionCount"].as_u64().unwrap() >= 1, "{receipt}");
        for token in [&own, &device, &ben.pat] {
            assert!(!server.accepts(token));
        }
        assert!(server.accepts(&other), "others keep theirs");
        assert_eq!(server.count(&format!("{held}'Live'"), admin), 0);
        assert_eq!(server.count(&format!("{held}'Revoked'"), admin), revoked + live);
        let reason = "Systems_Security_AccessTokens?$filter=RevocationReason eq 'UserDisabled'";
        assert!(server.count(reason, admin) >= live);

        server.cli(&["user", "enable", &ben.login], Some(admin)).unwrap();
        assert!(!server.accepts(&own) && !server.accepts(&device), "nothing comes back");
        assert!(Browser::of(server, ben).open("/tokens").has("You have no active tokens"));
    }

    /// Every way refuses alike, and changes nothing.
    fn not_everybody_is_disabled(server: &mut Server) {
        let world = server.world();
        let disable = "mutation($login: String!) { userDisable(input: {login: $login}) { effects { sessionCount } userErrors { code } } }";
        let code = |login: &str, token: &str| {
            let (_, answer) = server.graphql(disable, &json!({ "login": login }), token);
            let errors = (&answer["errors"][0]["extensions"]["code"], &answer["data"]["userDisable"]["userErrors"][0]["code"]);
            errors.0.as_str().or(errors.1.as_str()).unwrap_or_default().to_owned()
        };
        assert_eq!(code(&world.admin.login, &world.admin.pat), "CONFLICT");
        assert_eq!(code("unknown", &world.admin.pat), "NOT_FOUND");
        assert_eq!(code(&world.admin.login, &world.user.pat), "FORBIDDEN");
        let of_cli = server.cli(&["user", "disable", &world.admin.login, "--yes"], Some(&world.admin.pat)).unwrap_err();
        assert!(of_cli.contains("administrators neither disable themselves"), "{of_cli}");
        assert!(server.accepts(&world.admin.pat));
    }

    /// A deleted user leaves no name behind, and the next user with the login inherits nothing.
    fn a_deleted_user_is_forgotten(server: &mut Server) {
        let world = server.world();
        let (admin, ben) = (world.admin.pat.as_str(), &world.user);
        let own = Browser::of(server, ben).token("demo-web", &["read", "update"], &[]);
        let id = server.rows(&format!("Systems_Security_Users?$select=Id&$filter=Login eq '{}'", ben.login), admin)[0]["Id"].clone();
        let of_ben = format!("Systems_Security_AccessTokens?$filter=User eq 'Systems_Security_Users({})'", id.as_str().unwrap());
        let held = server.count(&of_ben, admin);
        let preview = server.cli(&["user", "delete", &ben.login, "--preview", "--json"], Some(admin)).unwrap();
        assert!(server.accepts(&own), "a preview changes nothing");
        let receipt = server.cli(&["user", "delete", &ben.login, "--yes", "--json"], Some(admin)).unwrap();
        assert_eq!(preview, receipt, "exactly what was shown ends");
        assert!(!server.accepts(&own) && !server.accepts(&ben.pat));

        assert_eq!(server.count(&of_ben, admin), held, "the grants stay");
        assert_eq!(server.count(&format!("Systems_Security_AccessTokens?$filter=Actor eq '{}'", ben.login), admin), 0);
        let rows = server.rows("Systems_Security_AuditEvents?$select=Data&$expand=ActorUser($select=Login),SubjectUser($select=Login)&$top=1000", admin);
        let named = format!("\"{}\"", ben.login);
        assert!(!rows.iter().any(|row| row.to_string().contains(&named)), "an event names the user");

        let again = server.cli(&["user", "invite", &ben.login, "--name", "Another Ben"], Some(admin)).unwrap();
        assert!(again.contains("http"), "{again}");
        let new = server.rows(&format!("Systems_Security_Users?$select=Id&$filter=Login eq '{}'", ben.login), admin)[0]["Id"].clone();
        assert_ne!(new, id);
        let of_new = format!("Systems_Security_AccessTokens?$filter=User eq 'Systems_Security_Users({})'", new.as_str().unwrap());
        assert_eq!(server.count(&of_new, admin), 0);
        assert!(!Browser::new(server).sign_in(&ben.login, &ben.password).has("My tokens"), "the former password is not the new one");
        let of_cli = server.cli(&["user", "delete", &world.admin.login, "--yes"], Some(admin)).unwrap_err();
        assert!(of_cli.contains("administrators do not delete themselves"), "{of_cli}");
    }

    /// On the pages, an administrator sees what ends before a user is disabled, enabled again, and deleted.
    fn an_administrator_ends_a_user_on_the_pages(server: &mut Server) {
        let world = server.world();
        let (ada, ben) = (Browser::of(server, &world.admin), &world.user);
        let page = || ada.open(&format!("/users/one?login={}", ben.login));
        let act = |name: &'static str| [("act", name)];
        let asked = ada.submit(&page(), "/users/one", &act("disable"));
        assert!(asked.has("Disable") && asked.has("Personal access tokens: ") && server.accepts(&ben.pat));
        let done = ada.submit(&asked, "/users/one", &[]);
        assert!(done.has("The user was disabled.") && !server.accepts(&ben.pat));
        assert!(ada.submit(&page(), "/users/one", &act("enable")).has("The user was enabled."));
        assert!(!server.accepts(&ben.pat), "nothing comes back");
        let asked = ada.submit(&page(), "/users/one", &act("delete"));
        assert!(asked.has("This cannot be undone."));
        assert!(ada.submit(&asked, "/users/one", &[]).has("The user was deleted."));
        assert_eq!(page().status, 404);
        let own = ada.open(&format!("/users/one?login={}", world.admin.login));
        assert!(!own.has("Disable the user") && !own.has("Delete the user"));
    }

    /// Rights are given and taken over each way in, and each refuses alike.
    fn administrators_are_made_and_unmade(server: &mut Server) {
        let world = server.world();
        let (admin, ben) = (world.admin.pat.as_str(), world.user.login.as_str());
        let is_admin = || server.count(&format!("Systems_Security_Users?$filter=Login eq '{ben}' and IsAdmin eq true"), admin) == 1;
        let update = "mutation($login: String!, $isAdmin: Boolean!) { userUpdate(input: {login: $login, isAdmin: $isAdmin}) { user { isAdmin } userErrors { code } } }";
        let run = |login: &str, is_admin: bool, token: &str| server.graphql(update, &json!({ "login": login, "isAdmin": is_admin }), token).1;
        assert_eq!(run(ben, true, admin)["data"]["userUpdate"]["user"]["isAdmin"], true);
        assert!(is_admin());
        server.cli(&["user", "update", ben, "--no-admin"], Some(admin)).unwrap();
        assert!(!is_admin());
        assert_eq!(run(&world.admin.login, false, admin)["data"]["userUpdate"]["userErrors"][0]["code"], "CONFLICT");
        let refused = run(ben, true, &world.user.pat);
        let code = refused["errors"][0]["extensions"]["code"].as_str().or(refused["data"]["userUpdate"]["userErrors"][0]["code"].as_str());
        assert_eq!(code, Some("FORBIDDEN"), "{refused}");
        let own = server.cli(&["user", "update", &world.admin.login, "--no-admin"], Some(admin)).unwrap_err();
        assert!(own.contains("give up their own rights"), "{own}");
        assert!(!is_admin());
    }
}
