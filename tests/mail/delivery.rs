//! A queued mail is sent once, whatever happens in the meantime.

use super::*;

on_both_engines! {
    /// A mail waits for its server, even across a crash, encrypted; in the end it is removed.
    fn mail_survives(engine: Engine) {
        let (mut server, catcher) = with_mail(engine);
        let metadata: Value = server.get("/id/.well-known/openid-configuration", None).send().unwrap().json().unwrap();
        assert_eq!(metadata["password_reset_uri"], format!("{}/signin/forgot", server.url));
        catcher.answer(&[451]);
        forgot(&server, "ben");
        let first = catcher.next();
        let secret = first.link().rsplit('/').next().unwrap().to_owned();
        server.wait_for_log("451");
        server.kill();
        let later = crate::support::keys::now() * 1_000_000;
        let put_off = format!("SELECT count(*) FROM grantor_mail WHERE due_at > {later}");
        assert_eq!(server.look_up(&put_off), ["1"], "it is not tried again at once");
        assert!(catcher.arrived().is_empty());
        let kept = server.everything_kept();
        let has = |what: &str| kept.windows(what.len()).any(|bytes| bytes == what.as_bytes());
        assert!(!has(&secret) && has(&crate::support::sha256(&secret)), "the hash alone is kept");
        server.change("UPDATE grantor_mail SET due_at = 0");
        server.run();
        let second = catcher.next();
        assert_eq!(second.get("Message-ID"), first.get("Message-ID"));
        assert_eq!(second.link(), first.link());
        assert_eq!(Browser::new(&server).open(&second.link()).status, 200);
        assert!(server.stop());
        assert_eq!(server.look_up("SELECT count(*) FROM grantor_mail"), ["0"]);
    }

    /// Mail to a nonexistent mailbox is not retried; nor is expired mail.
    fn hopeless_mail_is_given_up(engine: Engine) {
        let (mut server, catcher) = with_mail(engine);
        catcher.answer(&[550, 451]);
        forgot(&server, "ben");
        catcher.next();
        assert!(catcher.rest(&server).is_empty());
        server.kill();
        assert_eq!(server.look_up("SELECT count(*) FROM grantor_mail"), ["0"]);
        server.run();
        forgot(&server, "ben");
        catcher.next();
        shift(&mut server, "UPDATE grantor_mail SET due_at = 0, expires_at = 1");
        assert!(catcher.rest(&server).is_empty());
        assert!(server.stop());
        assert_eq!(server.look_up("SELECT count(*) FROM grantor_mail"), ["0"]);
        assert!(server.log().contains("it is too old"));
    }

    /// The keys can be rotated while mail is pending.
    fn keys_rotate_while_mail_waits(engine: Engine) {
        let (mut server, catcher) = with_mail(engine);
        catcher.answer(&[451]);
        forgot(&server, "ben");
        let link = catcher.next().link();
        assert!(server.stop());
        server.on_folder(&["keys", "rotate"]).unwrap();
        let keys = std::fs::read_to_string(server.folder().join("keys")).unwrap();
        std::fs::write(server.folder().join("keys"), keys.lines().next().unwrap()).unwrap();
        server.change("UPDATE grantor_mail SET due_at = 0");
        server.run();
        assert_eq!(catcher.next().link(), link);
    }
}

/// Several programs on one database send each mail once, and handle each request once.
#[test]
fn two_programs_send_once() {
    let (server, catcher) = with_mail(Engine::Postgres);
    let other = server.beside_with(&catcher.environment());
    for number in 0..8 {
        assert_eq!(forgot(if number % 2 == 0 { &server } else { &other }, "ben").status, 200);
        assert_eq!(forgot(if number % 2 == 0 { &other } else { &server }, "ada").status, 200);
    }
    let mut ids: Vec<_> = (0..10).map(|_| catcher.next().get("Message-ID").to_owned()).collect();
    // Nothing waits any more, so nothing is sent any more.
    assert!(catcher.rest(&server).is_empty(), "five for each");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 10);
}

/// The program authenticates at the mail server if configured; the password is not logged.
#[test]
fn the_mail_server_is_signed_in_to() {
    /// Only digits, which must not be parsed as a number.
    const PASSWORD: &str = "0123456789";
    let catcher = Catcher::start();
    let more = [("GRANTOR_SMTP_USER", "grantor"), ("GRANTOR_SMTP_PASSWORD", PASSWORD)];
    let environment = [&catcher.environment()[..], &more].concat();
    let server = Server::start_with(Engine::Sqlite, &["--demo"], &environment);
    forgot(&server, "ben");
    catcher.next();
    assert_eq!(catcher.credentials(), [format!("\0grantor\0{PASSWORD}")]);
    assert!(!server.log().contains(PASSWORD));
}
