//! Personal access tokens, created on the pages.

use crate::support::{Browser, sha256};

const TOKENS: &str = "Systems_Security_AccessTokens";

on_both_engines! {
    /// A token acts as its creator, with the selected options, and only its hash is stored.
    fn a_person_makes_a_token(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let page = browser.make_token("demo-web", &["read"], &[("description", "Büro & <Lager>")]);
        assert_eq!(page.status, 201, "{}", page.body);
        let secret = page.value("secret");
        assert!(secret.starts_with("grt_pat_") && secret.len() == "grt_pat_".len() + 43 + 6, "{secret}");
        assert!(server.accepts(&secret));
        let row = server.grant(&secret, &world.user.pat);
        assert_eq!(row["AccessTokenKey"], sha256(&secret));
        assert_eq!(row["Type"], "personal_access_token");
        assert_eq!(row["Description"], "Büro & <Lager>");
        assert_eq!(row["Actor"], world.user.login.as_str());
        assert_eq!(row["Client"], "demo-web");
        assert_eq!(row["Scopes"], "read");
        assert_eq!(row["AuthorizedIPAddress"], "127.0.0.1");
        assert!(row["ExpireTimestamp"].is_null() && row["LastUsedTimestamp"].is_null());
        let list = browser.open("/tokens");
        assert!(list.has("Büro &#38; &#60;Lager&#62;") && !list.has(&secret), "listed, but not shown again");
    }

    /// The client's policy decides who can create tokens for it; a refusal creates none.
    fn the_policy_of_the_application_holds(server: &mut Server) {
        let world = server.world();
        let (user, admin) = (Browser::of(server, &world.user), Browser::of(server, &world.admin));
        let before = server.count(TOKENS, &world.admin.pat);
        for (client_id, by_user, by_admin) in [
            ("demo-native", 403, 403),
            ("demo-reports", 403, 403),
            ("demo-service", 403, 201),
            ("demo-web", 201, 201),
            ("grantor-cli", 201, 201),
            ("demo-retired", 400, 400),
            ("no-such-application", 400, 400),
        ] {
            assert_eq!(user.make_token(client_id, &["read"], &[]).status, by_user, "{client_id}");
            assert_eq!(admin.make_token(client_id, &["read"], &[]).status, by_admin, "{client_id}");
        }
        assert_eq!(server.count(TOKENS, &world.admin.pat), before + 5);
        let (offered, all) = (user.open("/tokens/new"), admin.open("/tokens/new"));
        assert!(
            offered.has("\"demo-web\"")
                && !offered.has("\"demo-service\"")
                && !offered.has("\"demo-native\"")
        );
        assert!(all.has("\"demo-service\"") && !all.has("\"demo-native\"") && !all.has("\"demo-retired\""));
    }

    /// An invalid form is shown again with its input, and creates nothing.
    fn bad_input_is_refused(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let before = server.count(TOKENS, &world.user.pat);
        let long = "x".repeat(129);
        for (scopes, entered, problem) in [
            (
                vec!["read"],
                vec![("expiry", "date"), ("expires_on", "2020-01-31")],
                "day has begun already",
            ),
            (vec!["read"], vec![("expiry", "date"), ("expires_on", "31.1.2030")], "date such as"),
            (vec!["read"], vec![("expiry", "date"), ("expires_on", "2030-02-30")], "date such as"),
            (vec!["read"], vec![("expiry", "-1")], "when the token expires"),
            (vec!["read"], vec![("expiry", "99999")], "when the token expires"),
            (vec!["sec"], vec![], "sec"),
            (vec!["read", "no-such-scope"], vec![], "no-such-scope"),
            (vec![], vec![], "Choose at least one scope"),
            (vec!["read"], vec![("allowed_ip_addresses", "192.0.2.0/33")], "neither an IP address nor"),
            (vec!["read"], vec![("allowed_ip_addresses", "the office")], "neither an IP address nor"),
            (vec!["read"], vec![("description", long.as_str())], "128"),
        ] {
            let page = browser.make_token("demo-web", &scopes, &entered);
            assert!(
                page.status == 400 && page.has(problem),
                "{entered:?} {scopes:?}: {} {}",
                page.status,
                page.body
            );
        }
        assert_eq!(server.count(TOKENS, &world.user.pat), before);
    }

    /// The two API-key headers work like a bearer token; two of them at once are refused, and so is a
    /// mistyped token.
    fn one_token_in_one_place(server: &mut Server) {
        let pat = server.world().user.pat;
        let path = "/api/domain/odata/Systems_Security_AccessTokens?$top=1";
        let status = |headers: &[(&str, &str)]| {
            let request = headers
                .iter()
                .fold(server.get(path, None), |request, (name, value)| request.header(*name, *value));
            request.send().unwrap().status().as_u16()
        };
        let bearer = format!("Bearer {pat}");
        assert_eq!(status(&[("authorization", &bearer)]), 200);
        assert_eq!(status(&[("x-api-key", &pat)]), 200);
        assert_eq!(status(&[("api-key", &pat)]), 200);
        assert_eq!(status(&[("authorization", &bearer), ("x-api-key", &pat)]), 400);
        assert_eq!(status(&[("x-api-key", &pat), ("api-key", &pat)]), 400);
        assert_eq!(status(&[("x-api-key", &pat), ("x-api-key", &pat)]), 400);
        let mistyped = pat.replacen("grt_pat_", "grt_sat_", 1);
        for bad in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer x",
            &format!("Basic {pat}"),
            &pat,
            &format!("Bearer {mistyped}"),
        ] {
            assert_eq!(status(&[("authorization", bad)]), 401, "{bad}");
        }
        assert_eq!(status(&[]), 401);
    }
}
