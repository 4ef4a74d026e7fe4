//! Linked accounts.

use super::*;

const NEWCOMERS: &str = r#",create_users="community",trust_email=true"#;

fn claims(pairs: &[(&'static str, Value)]) -> Lies {
    Lies { claims: pairs.to_vec(), ..Lies::default() }
}

/// Returns the events of a type, newest first.
fn events(server: &Server, event_type: &str) -> Vec<Value> {
    let query = format!(
        "Systems_Security_AuditEvents?$filter=Type eq '{event_type}'&$orderby=TimeUtc desc&$expand=ActorUser($select=Login),SubjectUser($select=Login)"
    );
    server.rows(&query, &server.world().admin.pat)
}

on_both_engines! {
    /// A signed-in user links an account, signs in with it, is asked for the second factor, and unlinks it.
    fn an_account_is_linked_and_unlinked(engine: Engine) {
        let (server, provider) = with_stub(engine, "");
        let world = server.world();
        let (_, page) = arrive(&server, &provider, Lies::default());
        assert!(page.status == 403 && page.has("No user here is linked"), "{}", page.body);
        let browser = Browser::of(&server, &world.user);
        let page = link(&browser, &provider, Lies::default());
        assert!(page.has("The account was linked") && page.has("zoe@stub.example"), "{}", page.body);
        let (mate, page) = arrive(&server, &provider, Lies::default());
        assert_eq!(page.path, "/tokens", "{}", page.body);
        assert!(mate.open("/account").has(", by Acme"), "the session shows the provider");
        let own = links(&server, &world.user.pat);
        assert_eq!((own.len(), &own[0]["Issuer"], &own[0]["Subject"]), (1, &json!(provider.issuer), &json!("s-1")));
        assert!(own[0]["LastUsedTimestamp"].is_string());
        let event = events(&server, "FactorAdded").remove(0);
        assert_eq!((&event["ActorUser"]["Login"], &event["Data"]), (&json!(world.user.login), &json!(r#"{"factor":"provider","provider":"Acme"}"#)));
        assert_eq!(links(&server, &world.admin.pat).len(), 1, "an administrator sees all");
        let refused = link(&Browser::of(&server, &world.admin), &provider, Lies::default());
        assert_eq!(refused.status, 409, "an account is linked to one user: {}", refused.body);
        assert_eq!(links(&server, &world.admin.pat).len(), 1);

        crate::sign_in::add_app(&browser);
        let (_, page) = arrive(&server, &provider, Lies::default());
        assert!(page.status == 200 && page.path.starts_with("/signin/code"), "{page:?}");
        let (_, page) = arrive(&server, &provider, claims(&[("amr", json!(["mfa"]))]));
        assert!(page.path.starts_with("/signin/code"), "the provider's factors are not trusted: {page:?}");

        let page = browser.submit(&browser.open("/account"), "/account/providers/unlink", &[]);
        assert!(page.has("The account was unlinked"), "{}", page.body);
        let (_, page) = arrive(&server, &provider, Lies::default());
        assert_eq!(page.status, 403);
        assert!(links(&server, &world.user.pat).is_empty());
    }

    /// An unknown account becomes a user if the operator enables it; the last way to sign in cannot be
    /// removed.
    fn newcomers_become_users(engine: Engine) {
        let (server, provider) = with_stub(engine, NEWCOMERS);
        let admin = server.world().admin.pat;
        let (browser, page) = arrive(&server, &provider, Lies::default());
        assert_eq!(page.path, "/tokens", "{}", page.body);
        let query = "Systems_Security_Users?$filter=Login eq 'zoe@stub.example'&$expand=ProviderLogins";
        let user = server.rows(query, &admin).remove(0);
        assert_eq!((&user["Name"], &user["UserType"]), (&json!("Zoe Stub"), &json!("ExternalCommunityUser")));
        assert_eq!((&user["Email"], &user["EmailConfirmed"]), (&json!("zoe@stub.example"), &json!(true)));
        assert_eq!((&user["IsAdmin"], &user["ProviderLogins"][0]["Subject"]), (&json!(false), &json!("s-1")));
        let event = events(&server, "UserCreated").remove(0);
        assert_eq!((&event["ActorUser"], &event["Data"]), (&Value::Null, &json!(r#"{"login":"zoe@stub.example","provider":"Acme"}"#)));
        let (_, again) = arrive(&server, &provider, Lies::default());
        assert_eq!(again.path, "/tokens");
        assert_eq!(server.count("Systems_Security_Users?$filter=Email eq 'zoe@stub.example'", &admin), 1);
        let (_, other) = arrive(&server, &provider, claims(&[("sub", json!("s-2")), ("email_verified", json!(false))]));
        assert_eq!(other.path, "/tokens", "{}", other.body);
        let users = server.rows("Systems_Security_Users?$filter=Email eq 'zoe@stub.example'&$orderby=Login", &admin);
        assert_eq!(users.len(), 2, "an unverified address finds no user");
        assert_eq!(users[0]["EmailConfirmed"], false);
        assert_eq!((&users[0]["Login"], &users[1]["Login"]), (&json!("acme:s-2"), &json!("zoe@stub.example")), "{users:?}");

        let page = browser.open("/account");
        assert!(page.has("You have none: you sign in another way."), "{}", page.body);
        let refused = browser.submit(&page, "/account/providers/unlink", &[]);
        assert_eq!(refused.status, 409, "{}", refused.body);
        let fields = [("password", "violet lantern gravel otter"), ("password_again", "violet lantern gravel otter")];
        let page = browser.submit(&browser.open("/account/password"), "/account/password", &fields);
        assert!(page.has("The password was changed"), "{}", page.body);
        assert!(browser.submit(&browser.open("/account"), "/account/providers/unlink", &[]).has("was unlinked"));
        assert_eq!(Browser::new(&server).sign_in("zoe@stub.example", fields[0].1).path, "/tokens");
    }

    /// Users cannot choose their login at a provider, unless the operator trusts it. No login belongs to
    /// another user.
    fn a_name_from_elsewhere_is_no_login(engine: Engine) {
        let provider = Provider::start();
        let mut server = server_with(engine, &provider.issuer, "grantor", r#",create_users="community""#);
        let admin = server.world().admin.pat;
        let login = |server: &Server, subject: &str, more: &[(&'static str, Value)]| {
            let lies = claims(&[&[("sub", json!(subject))][..], more].concat());
            let (_, page) = arrive(server, &provider, lies);
            assert_eq!(page.path, "/tokens", "{}", page.body);
            let query = format!("Systems_Security_UserProviderLogins?$filter=Subject eq '{subject}'&$expand=User");
            server.rows(&query, &admin).remove(0)["User"]["Login"].as_str().unwrap().to_owned()
        };
        assert_eq!(login(&server, "a-1", &[("preferred_username", json!("ada"))]), "acme:a-1");
        assert_eq!(login(&server, "a-2", &[("email", json!("ada@example.com"))]), "acme:a-2");
        let long = login(&server, &"x".repeat(200), &[]);
        assert!(long.starts_with("acme:") && long.len() == 21, "{long}");
        server.restart_with("GRANTOR_PROVIDERS", &setting(&provider.issuer, "grantor", r#",create_users="community",trust_email=true"#));
        assert_eq!(login(&server, "a-3", &[("email", json!("ada@example.com"))]), "acme:a-3", "the address belongs to the administrator");
        let with_names = r#",create_users="community",trust_username=true"#;
        server.restart_with("GRANTOR_PROVIDERS", &setting(&provider.issuer, "grantor", with_names));
        assert_eq!(login(&server, "a-4", &[("preferred_username", json!("Zoe"))]), "zoe");
        let taken = login(&server, "a-5", &[("preferred_username", json!("ADA"))]);
        assert!(taken.starts_with("ada-"), "{taken}");
        // A cleaned or shortened name would be another one.
        for (subject, name) in [("a-7", "\u{430}d\u{430}"), ("a-8", "bo\u{200b}ss"), ("a-9", "the\u{202e}boss"), ("b-1", " boss")] {
            assert_eq!(login(&server, subject, &[("preferred_username", json!(name))]), format!("acme:{subject}"), "{name:?}");
        }
        let long = login(&server, "b-2", &[("preferred_username", json!("boss".repeat(20)))]);
        assert!(long.starts_with("acme:"), "{long}");
        assert_eq!(login(&server, "a-6", &[("preferred_username", json!("two words"))]).split(':').next(), Some("acme"));
    }

    /// An address with invisible characters is no address of a user; the case of its letters is not distinguished.
    fn an_address_is_read_as_it_is(engine: Engine) {
        let (server, provider) = with_stub(engine, NEWCOMERS);
        let world = server.world();
        for (subject, address) in [
            ("e-1", "be\u{200b}n@example.com"),
            ("e-2", "be\u{ad}n@example.com"),
            ("e-3", "b\nen@example.com"),
            ("e-4", "ben@example.com\r\nx"),
        ] {
            let (_, page) = arrive(&server, &provider, claims(&[("sub", json!(subject)), ("email", json!(address))]));
            assert!(!page.has("Ben Okafor"), "{address:?}: {}", page.body);
        }
        assert!(links(&server, &world.user.pat).is_empty());
        let (_, page) = arrive(&server, &provider, claims(&[("sub", json!("e-5")), ("email", json!("BEN@Example.COM"))]));
        assert_eq!(page.path, "/tokens", "{}", page.body);
        assert_eq!(links(&server, &world.user.pat).len(), 1, "the same mailbox");
    }

    /// If an address finds a user with a second factor, nothing is linked before the factor is verified.
    fn an_address_links_after_the_second_factor(engine: Engine) {
        let (server, provider) = with_stub(engine, ",trust_email=true");
        let world = server.world();
        let (_, codes) = crate::sign_in::add_app(&Browser::of(&server, &world.user));
        let (browser, page) = arrive(&server, &provider, claims(&[("email", json!("ben@example.com"))]));
        assert!(page.path.starts_with("/signin/code"), "{page:?}");
        assert!(links(&server, &world.admin.pat).is_empty(), "the second factor is not verified yet");
        let page = browser.submit(&page, "/signin/code", &[("code", &codes[0])]);
        assert_eq!(page.path, "/tokens", "{}", page.body);
        assert_eq!(links(&server, &world.user.pat).len(), 1);
    }

    /// An address finds a user only if the operator trusts the provider with it and both sides verified it;
    /// administrators are never found.
    fn an_address_alone_links_nobody(engine: Engine) {
        let provider = Provider::start();
        let ben = || claims(&[("email", json!("ben@example.com"))]);
        let mut server = server_with(engine, &provider.issuer, "grantor", "");
        let (_, page) = arrive(&server, &provider, ben());
        assert_eq!(page.status, 403, "the provider is not trusted with addresses");
        server.restart_with("GRANTOR_PROVIDERS", &setting(&provider.issuer, "grantor", ",trust_email=true"));
        for lies in [
            claims(&[("email", json!("ben@example.com")), ("email_verified", json!(false))]),
            claims(&[("email", json!("ben@example.com")), ("email_verified", Value::Null)]),
            claims(&[("email", json!("ada@example.com"))]),
            claims(&[("email", json!("nightly-export@example.com"))]),
        ] {
            let (_, page) = arrive(&server, &provider, lies.clone());
            assert_eq!(page.status, 403, "{lies:?}");
        }
        assert!(server.stop());
        server.change("UPDATE \"Sec_Users\" SET email_confirmed = FALSE WHERE login = 'ben'");
        server.run();
        assert_eq!(arrive(&server, &provider, ben()).1.status, 403, "the address is not confirmed here");
        assert!(server.stop());
        server.change("UPDATE \"Sec_Users\" SET email_confirmed = TRUE WHERE login = 'ben'");
        server.run();
        assert!(links(&server, &server.world().admin.pat).is_empty());
        let (browser, page) = arrive(&server, &provider, ben());
        assert_eq!(page.path, "/tokens", "{}", page.body);
        assert!(browser.open("/tokens").has("ben"));
        assert_eq!(links(&server, &server.world().user.pat)[0]["Email"], "ben@example.com");
        let event = events(&server, "FactorAdded").remove(0);
        assert_eq!((&event["ActorUser"], &event["SubjectUser"]["Login"]), (&Value::Null, &json!("ben")), "no user was signed in");
    }

    /// A second factor at a provider counts if the operator trusts it; locked and inactive users cannot sign
    /// in.
    fn trusted_factors_and_locked_users(engine: Engine) {
        let (mut server, provider) = with_stub(engine, ",trust_second_factor=true");
        let browser = Browser::of(&server, &server.world().user);
        crate::sign_in::add_app(&browser);
        link(&browser, &provider, Lies::default());
        let (_, page) = arrive(&server, &provider, Lies::default());
        assert!(page.path.starts_with("/signin/code"), "{page:?}");
        let (_, page) = arrive(&server, &provider, claims(&[("amr", json!(["pwd", "mfa"]))]));
        assert_eq!(page.path, "/tokens", "{}", page.body);
        assert!(server.stop());
        server.change("UPDATE \"Sec_Users\" SET active = FALSE WHERE login = 'ben'");
        server.run();
        let (_, page) = arrive(&server, &provider, claims(&[("amr", json!(["mfa"]))]));
        assert!(page.status == 403 && page.has("You may not sign in here now"), "{}", page.body);
    }

    /// Another site cannot make a user link an account, and only the provider's own response is accepted,
    /// once.
    fn links_begin_here(engine: Engine) {
        let (server, provider) = with_stub(engine, "");
        let browser = Browser::of(&server, &server.world().user);
        for mark in ["1", "", "AAAA"] {
            let page = browser.open(&format!("/signin/provider/acme?link={mark}"));
            assert_eq!(page.status, 403, "{mark}");
        }
        let stranger = Browser::of(&server, &server.world().admin);
        let page = stranger.open("/account");
        let start = page.body.find("/signin/provider/acme").unwrap();
        let theirs = page.body[start..].split_once('"').unwrap().0.to_owned();
        assert_eq!(browser.open(&theirs).status, 403, "a link of another session");
        let anonymous = Browser::new(&server);
        assert!(anonymous.open(&theirs).path.starts_with("/signin?"), "no user is signed in");
        link(&browser, &provider, Lies::default());
        assert_eq!(links(&server, &server.world().user.pat).len(), 1);
    }
}
