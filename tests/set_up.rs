//! The first start: one link creates the first administrator, once.

use crate::support::{Browser, Page, Server};

const PASSWORD: &str = "four plain words here";

/// Returns the path of the link that the program printed.
fn link(server: &Server) -> String {
    let lines = server.printed.iter().filter_map(|line| line.split_once(&server.url));
    let paths: Vec<_> = lines.map(|(_, path)| path).filter(|path| path.starts_with("/setup/")).collect();
    assert_eq!(paths.len(), 1, "{:?}", server.printed);
    paths[0].to_owned()
}

fn administrator(login: &str) -> [(&str, &str); 5] {
    [
        ("login", login),
        ("name", "Ann Lee"),
        ("email", "ann@example.com"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ]
}

fn submit(browser: &Browser, page: &Page, link: &str, login: &str) -> Page {
    browser.submit(page, link, &administrator(login))
}

on_both_engines! {
    /// The link works once; then it is gone, and no other is needed.
    fn the_link_makes_one_administrator(engine: Engine) {
        let mut server = Server::start(engine, &[]);
        let link = link(&server);
        let browser = Browser::new(&server);
        let page = browser.open(&link);
        assert!(page.status == 200 && page.has("Make the first administrator"));
        let differs = [administrator("ann").as_slice(), &[("password_again", "other words")]].concat();
        let differs: Vec<_> =
            differs.into_iter().filter(|field| *field != ("password_again", PASSWORD)).collect();
        let refused = browser.submit(&page, &link, &differs);
        assert!(refused.status == 400 && refused.has("The passwords differ."));
        let entered = submit(&browser, &page, &link, "ann");
        assert_eq!((entered.status, entered.path.as_str()), (200, "/tokens"), "signed in at once");

        let other = Browser::new(&server);
        assert_eq!(other.open(&link).status, 404);
        assert_eq!(submit(&other, &page, &link, "eve").status, 403, "the form belongs to another browser");
        let used = submit(&browser, &page, &link, "eve");
        assert_eq!(used.status, 404, "the form belongs to this browser, and the link was used");
        assert_eq!(other.sign_in("ann", PASSWORD).path, "/tokens");
        assert_eq!(Browser::new(&server).sign_in("eve", PASSWORD).status, 401);

        let pat = browser.token("grantor-cli", &["read", "sec"], &[]);
        let users = server.rows("Systems_Security_Users?$select=Login,IsAdmin", &pat);
        assert_eq!(users.len(), 1);
        assert!(users[0]["Login"] == "ann" && users[0]["IsAdmin"] == true);
        server.stop();
        server.run();
        assert!(server.printed.iter().all(|line| !line.contains("/setup/")), "{:?}", server.printed);
        assert!(server.accepts(&pat));
    }

    /// All errors are shown at once, and the input is kept except for passwords.
    fn the_form_says_all_that_is_wrong(engine: Engine) {
        let server = Server::start(engine, &[]);
        let link = link(&server);
        let browser = Browser::new(&server);
        let fields = [
            ("login", "ann lee"),
            ("name", ""),
            ("email", "ann@"),
            ("password", "password1"),
            ("password_again", "password2"),
        ];
        let refused = browser.submit(&browser.open(&link), &link, &fields);
        assert_eq!(refused.status, 400);
        for field in ["login", "name", "email", "password", "password_again"] {
            let marks = [format!("href=\"#{field}\""), format!("id=\"{field}-error\"")];
            assert!(marks.iter().all(|mark| refused.has(mark)), "{field}: {}", refused.body);
        }
        assert_eq!((refused.value("login"), refused.value("email")), ("ann lee".to_owned(), "ann@".to_owned()));
        assert!(!refused.has("password1"));
        assert_eq!(submit(&browser, &refused, &link, "ann").path, "/tokens", "the link still works");
    }

    /// A second use with a form of its own is refused; so is an invented link.
    fn a_used_link_is_refused(engine: Engine) {
        let server = Server::start(engine, &[]);
        let link = link(&server);
        let [first, second] = [(); 2].map(|()| Browser::new(&server));
        let pages = [first.open(&link), second.open(&link)];
        assert_eq!(submit(&first, &pages[0], &link, "ann").path, "/tokens");
        let late = submit(&second, &pages[1], &link, "eve");
        assert!(late.status == 404 && second.cookie("grantor").is_none(), "{}", late.body);
        let made_up = format!("/setup/{}", "A".repeat(43));
        for path in [made_up.as_str(), "/setup/x", "/setup/%00", &link[..link.len() - 1]] {
            assert_eq!(second.open(path).status, 404, "{path}");
        }
        assert_eq!(second.sign_in("eve", PASSWORD).status, 401);
    }

    /// If two requests use the link at the same time, one creates the administrator.
    fn one_of_two_wins(engine: Engine) {
        let server = Server::start(engine, &[]);
        let link = link(&server);
        let visitors: Vec<_> = ["ann", "eve"].map(|login| (login, Browser::new(&server))).into();
        let paths: Vec<(u16, String)> = std::thread::scope(|scope| {
            let runs = visitors.iter().map(|(login, browser)| {
                let (page, link) = (browser.open(&link), &link);
                scope.spawn(move || submit(browser, &page, link, login))
            });
            let runs: Vec<_> = runs.collect();
            runs.into_iter().map(|run| run.join().unwrap()).map(|page| (page.status, page.path)).collect()
        });
        let won = paths.iter().filter(|(status, path)| *status == 200 && path == "/tokens").count();
        let lost = paths.iter().filter(|(status, _)| *status == 404).count();
        assert_eq!((won, lost), (1, 1), "{paths:?}");
        let administrators =
            ["ann", "eve"].map(|login| Browser::new(&server).sign_in(login, PASSWORD).status);
        assert!(administrators == [200, 401] || administrators == [401, 200], "{administrators:?}");
    }

    /// Until the link is used, every start prints a new one and invalidates the previous one.
    fn a_new_start_makes_a_new_link(engine: Engine) {
        let mut server = Server::start(engine, &[]);
        let first = link(&server);
        server.kill();
        server.run();
        let second = link(&server);
        assert_ne!(first, second);
        let browser = Browser::new(&server);
        assert_eq!(browser.open(&first).status, 404);
        assert_eq!(browser.open(&second).status, 200);
        assert!(!server.log().contains(second.trim_start_matches("/setup/")), "the log contains the link");
        assert!(!server.everything_kept().windows(43).any(|part| second.as_bytes().ends_with(part)));
    }
}
