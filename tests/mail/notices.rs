//! Users are notified of security-relevant changes.

use super::*;

on_both_engines! {
    /// Every change of a user's sign-in sends a notice.
    fn changes_are_told(engine: Engine) {
        let (server, catcher) = with_mail(engine);
        let ben = server.world().user;
        let browser = Browser::of(&server, &ben);
        crate::sign_in::add_app(&browser);
        let added = catcher.next();
        assert_eq!((added.get("Subject"), added.to[0].as_str()), ("An authenticator app was added", "ben@example.com"));
        assert!(added.body.contains("Account: ben at ") && added.body.contains("From the address: 127.0.0.1"), "{}", added.body);
        assert!(!added.body.contains(&ben.password));
        browser.submit(&browser.open("/account"), "/account/recovery-codes", &[]);
        assert_eq!(catcher.next().get("Subject"), "New recovery codes were created");
        browser.submit(&browser.open("/account"), "/account/authenticator/remove", &[]);
        assert_eq!(catcher.next().get("Subject"), "The authenticator app was removed");
    }

    /// The owner of a leaked token gets a notice; the mail has no secret and no information about the finder.
    fn a_leaked_token_is_told(engine: Engine) {
        let (server, catcher) = with_mail(engine);
        let world = server.world();
        let entered = [("description", "Nightly \u{201e}export\u{201c}")];
        let secret = Browser::of(&server, &world.user).token("demo-web", &["read"], &entered);
        let report = serde_json::json!([{"token": secret, "type": "grantor_token", "url": "https://example.org/x"}]);
        let answer = server.http.post(format!("{}/leaks", server.url)).json(&report).send().unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().unwrap());
        let mail = catcher.next();
        assert_eq!(mail.get("Subject"), "A leaked token was revoked");
        assert!(mail.body.contains("Nightly \u{201e}export\u{201c}"), "{}", mail.body);
        assert!(!mail.body.contains(&secret) && !mail.body.contains("127.0.0.1\n"), "{}", mail.body);
    }

    /// An administrator changes an address: the new one gets a link, the confirmed former one a notice.
    fn an_address_that_an_administrator_changes_is_told(engine: Engine) {
        let (server, catcher) = with_mail(engine);
        let world = server.world();
        let arguments = ["user", "update", &world.user.login, "--email", "ben.new@example.net"];
        server.cli(&arguments, Some(&world.admin.pat)).unwrap();
        let mut sent: Vec<String> = [catcher.next(), catcher.next()].iter().map(|mail| mail.to[0].clone()).collect();
        sent.sort();
        assert_eq!(sent, ["ben.new@example.net", "ben@example.com"]);
        let row = user(&server, &world.user);
        assert_eq!((row["Email"].as_str(), row["EmailConfirmed"].as_bool()), (Some("ben.new@example.net"), Some(false)));
    }

    /// An unconfirmed address gets no notices.
    fn unconfirmed_addresses_are_told_nothing(engine: Engine) {
        let (mut server, catcher) = with_mail(engine);
        shift(&mut server, "UPDATE \"Sec_Users\" SET email_confirmed = FALSE");
        crate::sign_in::add_app(&Browser::of(&server, &server.world().user));
        assert!(catcher.rest(&server).is_empty());
    }
}
