//! Resetting a forgotten password by mail.

use serde_json::json;

use super::*;
use crate::oauth::ciba;
use crate::support::Asking;

const NEW: &str = "violet lantern gravel otter";

/// Sets a password with a link.
fn choose(server: &Server, link: &str, password: &str) -> Page {
    let browser = Browser::new(server);
    let page = browser.open(link);
    assert_eq!(page.status, 200, "{}", page.body);
    browser.submit(&page, link, &[("password", password), ("password_again", password)])
}

/// Returns the content of a page without its variable parts.
fn main_of(page: &Page) -> (u16, String) {
    (page.status, page.body.split_once("<main").unwrap().1.split_once("</main>").unwrap().0.to_owned())
}

on_both_engines! {
    /// A link sets a new password, once, and ends everything that the former password started.
    fn a_password_is_reset(engine: Engine) {
        let (server, catcher) = with_mail(engine);
        let world = server.world();
        let (ben, web) = (&world.user, &world.applications.web);
        let browser = Browser::of(&server, ben);
        let tokens = server.tokens(&Asking::of(web, "openid offline_access read"), &browser);
        assert!(forgot(&server, &ben.login).has("Look into your mail"));
        let mail = catcher.next();
        assert_eq!((mail.to.as_slice(), mail.get("Subject")), (&["ben@example.com".to_owned()][..], "Choose a new password"));
        let link = mail.link();
        for (password, says) in [("short", "A password has 8 to"), ("password123", "too easy to guess"), ("Ben Okafor 1", "too easy")] {
            let page = choose(&server, &link, password);
            assert!(page.status == 400 && page.has(says) && !page.has(&format!("value=\"{password}\"")), "{}", page.body);
        }
        assert_eq!(browser.open("/tokens").path, "/tokens", "nothing has changed so far");
        let page = choose(&server, &link, NEW);
        assert!(page.path.starts_with("/signin?") && page.has("The new password is set"), "{page:?}");
        assert!(browser.open("/tokens").path.starts_with("/signin"), "every session ended");
        assert!(!server.accepts(tokens["access_token"].as_str().unwrap()));
        assert_eq!(server.refresh(web, tokens["refresh_token"].as_str().unwrap()).1["error"], "invalid_grant");
        let grant = server.grant(tokens["refresh_token"].as_str().unwrap(), &world.admin.pat);
        assert_eq!(grant["RevocationReason"], "PasswordReset");
        assert!(server.accepts(&ben.pat), "a personal token remains valid");
        assert_eq!(Browser::new(&server).sign_in(&ben.login, &ben.password).status, 401);
        assert_eq!(Browser::new(&server).sign_in(&ben.login, NEW).path, "/tokens");
        assert_eq!(Browser::new(&server).open(&link).status, 404, "it works once");
        let notice = catcher.next();
        assert!(notice.get("Subject") == "A new password was set" && !notice.body.contains("/mail/"), "{notice:?}");
        let log = server.log();
        assert!(!log.contains(NEW) && !log.contains(link.rsplit('/').next().unwrap()) && !log.contains("ben@example.com"));
    }

    /// A code that a holder of the former password approved can no longer be exchanged; the notification of
    /// the sign-out names no user.
    fn what_was_approved_ends_with_the_password(engine: Engine) {
        let (server, catcher) = with_mail(engine);
        let (ben, admin) = (server.world().user, server.world().admin.pat);
        let centre = ciba::call_centre(&server, "call-centre", &json!({}));
        let request = ciba::asked(&server, &centre, &[]);
        let started = server.start_device("demo-native", "read");
        let browser = Browser::of(&server, &ben);
        assert_eq!(browser.decide(&started.user_code, "approve").status, 200);
        assert!(ciba::decide(&browser, "approve").has("Approved."));
        forgot(&server, &ben.login);
        choose(&server, &catcher.next().link(), NEW);
        assert_eq!(server.redeem(&started), Err("access_denied".to_owned()));
        let (status, answer) = ciba::poll(&server, &centre, &request);
        assert_eq!((status, &answer["error"]), (400, &json!("access_denied")), "{answer}");
        let events = "Systems_Security_AuditEvents?$filter=Type eq 'SignedOut'&$orderby=TimeUtc desc&$expand=ActorUser,SubjectUser($select=Login)";
        let last = server.rows(events, &admin).remove(0);
        assert_eq!((&last["ActorUser"], &last["SubjectUser"]["Login"]), (&Value::Null, &Value::from(ben.login)), "{last}");
    }

    /// A link does not replace a second factor, and ends with its password.
    fn a_second_factor_is_still_asked_for(engine: Engine) {
        let (server, catcher) = with_mail(engine);
        let ben = server.world().user;
        crate::sign_in::add_app(&Browser::of(&server, &ben));
        catcher.next();
        forgot(&server, "ben@example.com");
        choose(&server, &catcher.next().link(), NEW);
        let page = Browser::new(&server).sign_in(&ben.login, NEW);
        assert!(page.path.starts_with("/signin/code"), "{page:?}");
    }

    /// Neither the response nor mail reveals whether a user exists; ineligible users get no link.
    fn nobody_learns_who_exists(engine: Engine) {
        let (mut server, catcher) = with_mail(engine);
        let world = server.world();
        shift(&mut server, "UPDATE \"Sec_Users\" SET email_confirmed = FALSE WHERE login = 'ada'");
        let known = main_of(&forgot(&server, &world.user.login));
        // No account, no such address, no confirmed address, no password, inactive, not a person.
        for login in ["unknown", "unknown@example.com", "ada", "carla", "dmitri", "nightly-export", "' OR 1=1", ""] {
            assert_eq!(main_of(&forgot(&server, login)), known, "{login}");
        }
        let mails = catcher.rest(&server);
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!(mails[0].to, ["ben@example.com"]);
    }

    /// If several requests use a link at once, one sets the password.
    fn a_race_for_a_link_has_one_winner(engine: Engine) {
        let (server, catcher) = with_mail(engine);
        forgot(&server, "ben");
        let entered = [("password", NEW), ("password_again", NEW)];
        let link = catcher.next().link();
        let statuses = race(&server, &link, &entered, 8);
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 404).count(), 7, "{statuses:?}");
    }

    /// A link ends with a change of the password or the address, and by time.
    fn a_link_is_for_the_present_password(engine: Engine) {
        let (mut server, catcher) = with_mail(engine);
        let ben = server.world().user;
        let browser = Browser::of(&server, &ben);
        forgot(&server, &ben.login);
        let first = catcher.next().link();
        let page = browser.open("/account/password");
        let fields = [("current", ben.password.as_str()), ("password", NEW), ("password_again", NEW)];
        assert!(browser.submit(&page, "/account/password", &fields).has("The password was changed"));
        assert_eq!(Browser::new(&server).open(&first).status, 404);
        assert_eq!(catcher.next().get("Subject"), "Your password was changed");
        forgot(&server, &ben.login);
        let second = catcher.next().link();
        change_address(&browser, "elsewhere@example.net");
        assert_eq!(Browser::new(&server).open(&second).status, 404);
        catcher.rest(&server);
        shift(&mut server, "UPDATE \"Sec_Users\" SET email_confirmed = TRUE WHERE login = 'ben'");
        forgot(&server, "elsewhere@example.net");
        let third = catcher.next().link();
        shift(&mut server, "UPDATE grantor_mail_links SET expires_at = expires_at - 1800000000");
        assert_eq!(Browser::new(&server).open(&third).status, 404);
    }

    /// One network cannot ask for many links.
    fn a_network_asks_for_few_links(engine: Engine) {
        let (server, _catcher) = with_mail(engine);
        for _ in 0..20 {
            assert_eq!(forgot(&server, "ben").status, 200);
        }
        assert_eq!(forgot(&server, "ben").status, 429);
    }
}
