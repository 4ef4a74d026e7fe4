//! An address belongs to the user who opens its confirmation link.

use serde_json::json;

use super::*;
use crate::support::Asking;

/// Returns what a client gets about the user's address.
fn verified(server: &Server, browser: &Browser) -> Value {
    let web = &server.world().applications.web;
    let tokens = server.tokens(&Asking::of(web, "openid email"), browser);
    let token = tokens["access_token"].as_str().unwrap();
    let told: Value = server.get("/id/connect/userinfo", Some(token)).send().unwrap().json().unwrap();
    told["email_verified"].clone()
}

on_both_engines! {
    /// A new address is effective after its link was opened and the button pressed; the former address is
    /// notified.
    fn an_address_is_changed_and_confirmed(engine: Engine) {
        let (server, catcher) = with_mail(engine);
        let ben = server.world().user;
        let browser = Browser::of(&server, &ben);
        assert_eq!(verified(&server, &browser), true);
        let page = change_address(&browser, "Ben.New@Example.NET");
        assert!(page.has("A link was sent") && page.has("not confirmed"), "{}", page.body);
        let [link, notice] = catcher.next_two();
        assert_eq!((&*link.to[0], &*notice.to[0]), ("Ben.New@example.net", "ben@example.com"));
        assert!(notice.body.contains("Another e-mail address was entered") && !notice.body.contains("example.net"));
        assert_eq!(link.get("Auto-Submitted"), "auto-generated");
        assert_eq!(link.get("From"), "Grantor <grantor@example.org>");
        let row = user(&server, &ben);
        assert_eq!((row["Email"].as_str(), &row["EmailConfirmed"]), (Some("Ben.New@example.net"), &Value::Bool(false)));
        assert_eq!(verified(&server, &browser), false);

        let stranger = Browser::new(&server);
        let page = stranger.open(&link.link());
        assert!(page.has("Is <b class=\"name\">Ben.New@example.net</b>") && page.has("<b>ben</b>"), "{}", page.body);
        assert_eq!(user(&server, &ben)["EmailConfirmed"], false, "opening changes nothing, because mail scanners open links");
        assert_eq!(stranger.send_form(&link.link(), &[]).status, 403, "nor does a form of another site");
        assert!(stranger.submit(&page, &link.link(), &[]).has("The address is confirmed"));
        assert_eq!(user(&server, &ben)["EmailConfirmed"], true);
        assert_eq!(verified(&server, &browser), true);
        assert_eq!(stranger.submit(&page, &link.link(), &[]).status, 404, "it works once");
        assert_eq!(stranger.open(&link.link()).status, 404);
        assert!(!server.log().contains(link.link().rsplit('/').next().unwrap()), "no link is logged");

        change_address(&browser, "other@example.net");
        assert_eq!(user(&server, &ben)["EmailConfirmed"], false, "another address is not confirmed");
        let events = "Systems_Security_AuditEvents?$filter=Type eq 'EmailAddressChanged'&$orderby=TimeUtc&$expand=ActorUser($select=Login)";
        let events = server.rows(events, &server.world().admin.pat);
        let told: Vec<_> = events.iter().map(|event| (&event["ActorUser"]["Login"], &event["Data"])).collect();
        let (own, none, confirmed) = (json!("ben"), Value::Null, json!(r#"{"confirmed":true}"#));
        assert_eq!(told, [(&own, &Value::Null), (&none, &confirmed), (&own, &Value::Null)], "the link needs no session");
    }

    /// If several requests open a link at once, one confirms.
    fn a_race_for_a_link_has_one_winner(engine: Engine) {
        let (server, catcher) = with_mail(engine);
        change_address(&Browser::of(&server, &server.world().user), "race@example.net");
        let [_, link] = catcher.next_two();
        let statuses = race(&server, &link.link(), &[], 16);
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 404).count(), 15, "{statuses:?}");
    }

    /// A list of addresses or an injected header is refused, and nothing is sent.
    fn hostile_addresses_are_refused(engine: Engine) {
        let (server, catcher) = with_mail(engine);
        let ben = server.world().user;
        let browser = Browser::of(&server, &ben);
        for address in [
            "ben@example.net\r\nBcc: eve@evil.example", "ben@example.net, eve@evil.example", "eve@evil.example>",
            "Ben <ben@example.net>", "\"ben eve\"@example.net", "ben@[127.0.0.1]", "ben", "@example.net",
            "ben@example.com",
        ] {
            let page = change_address(&browser, address);
            assert!(page.status == 400 && page.has("aria-invalid"), "{address}: {}", page.body);
        }
        assert_eq!(user(&server, &ben)["Email"], "ben@example.com");
        assert_eq!(user(&server, &ben)["EmailConfirmed"], true);
        assert!(catcher.rest(&server).is_empty());
    }

    /// A newer link replaces an older one; a link expires; and the number of links is limited.
    fn links_end(engine: Engine) {
        let (mut server, catcher) = with_mail(engine);
        let browser = Browser::of(&server, &server.world().user);
        change_address(&browser, "next@example.net");
        let [_, first] = catcher.next_two();
        let again = |browser: &Browser| browser.submit(&browser.open("/account"), "/account/email/send", &[]);
        assert!(again(&browser).has("A link was sent"));
        let second = catcher.next();
        assert_eq!(browser.open(&first.link()).status, 404);
        assert_eq!(browser.open(&second.link()).status, 200);
        for _ in 0..3 {
            assert_eq!(again(&browser).status, 200);
        }
        assert_eq!(again(&browser).status, 429, "five in an hour");
        let last = catcher.rest(&server).pop().unwrap();
        shift(&mut server, "UPDATE grantor_mail_links SET expires_at = expires_at - 86400000000");
        assert_eq!(Browser::new(&server).open(&last.link()).status, 404, "it has expired");
    }
}
