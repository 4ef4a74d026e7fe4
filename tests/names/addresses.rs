//! A confirmed address belongs to one user.

use crate::support::{Browser, Catcher, Server};
use std::sync::Barrier;

use super::create_user;

const PASSWORD: &str = "violet lantern gravel otter";

on_both_engines! {
    /// If several users confirm the same address at once, one succeeds; no other user can, in any case of
    /// letters.
    fn a_race_for_an_address_has_one_winner(engine: Engine) {
        let catcher = Catcher::start();
        let server = Server::start_with(engine, &["--demo"], &catcher.environment());
        let logins = ["uma", "vic", "wim", "xia"];
        let links = ["Same@example.net", "same@example.net", "SAME@example.net", "same@EXAMPLE.net"].iter().zip(logins).map(|(address, login)| {
            create_user(&server, login, Some(PASSWORD)).unwrap();
            let browser = Browser::new(&server);
            browser.sign_in(login, PASSWORD);
            browser.submit(&browser.open("/account/email"), "/account/email", &[("email", address)]);
            catcher.next().link()
        });
        let links: Vec<_> = links.collect();
        let barrier = &Barrier::new(links.len());
        let server = &server;
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let running: Vec<_> = links.iter().map(|link| {
                scope.spawn(move || {
                    let browser = Browser::new(server);
                    let page = browser.open(link);
                    barrier.wait();
                    browser.submit(&page, link, &[]).status
                })
            }).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [200, 409].contains(status)), "{statuses:?}");
        let confirmed = "Systems_Security_Users?$filter=EmailConfirmed eq true and Login in ('uma','vic','wim','xia')";
        assert_eq!(server.count(confirmed, &server.world().admin.pat), 1);
    }
}
