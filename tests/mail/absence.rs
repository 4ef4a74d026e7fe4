//! A server without mail.

use super::*;

on_both_engines! {
    /// Without a mail server, its features are off, and nothing breaks.
    fn without_a_mail_server(server: &mut Server) {
        let metadata: Value = server.get("/id/.well-known/openid-configuration", None).send().unwrap().json().unwrap();
        assert!(metadata.get("password_reset_uri").is_none());
        let ben = server.world().user;
        let browser = Browser::of(server, &ben);
        assert!(!Browser::new(server).open("/signin").has("/signin/forgot"));
        assert!(!browser.open("/account").has("/account/email"));
        for path in ["/signin/forgot", "/account/email", "/mail/reset/nonsense", "/mail/confirm/nonsense"] {
            assert_eq!(browser.open(path).status, 404, "{path}");
        }
        let page = browser.open("/account");
        let csrf = page.body.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0;
        for (path, field) in [("/signin/forgot", "login"), ("/account/email", "email"), ("/account/email/send", "x")] {
            assert_eq!(browser.send_form(path, &[("csrf", csrf), (field, "ben@example.net")]).status, 404, "{path}");
        }
        assert_eq!(user(server, &ben)["Email"], "ben@example.com");
        crate::sign_in::add_app(&browser);
        assert!(server.stop());
        assert_eq!(server.look_up("SELECT count(*) FROM grantor_mail"), ["0"]);
    }
}
