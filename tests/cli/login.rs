//! `grantor login` and the commands that use its tokens.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Stdio};

use crate::support::{Browser, Server};

/// A `grantor login` that waits for its approval.
struct Waiting {
    process: Child,
    output: BufReader<std::process::ChildStdout>,
    /// The output so far.
    printed: String,
    /// The path of the printed link.
    link: String,
}

fn login(server: &Server, scope: &str) -> Waiting {
    let mut command = server.command();
    command.args(["login", &server.url, "--no-browser", "--scope", scope]);
    let pipes = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = pipes.spawn().unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    let (mut printed, mut link) = (String::new(), String::new());
    while !printed.contains("check that it is the same") {
        let mut line = String::new();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "the command exited early: {printed}");
        if let Some(path) = line.trim().strip_prefix(&server.url) {
            link = path.to_owned();
        }
        printed.push_str(&line);
    }
    Waiting { process, output, printed, link }
}

impl Waiting {
    /// Returns whether it succeeded, and its whole output.
    fn end(mut self) -> (bool, String) {
        self.output.read_to_string(&mut self.printed).unwrap();
        self.process.stderr.take().unwrap().read_to_string(&mut self.printed).unwrap();
        (self.process.wait().unwrap().success(), self.printed)
    }
}

on_both_engines! {
    /// The whole flow: a link, an approval in the browser, commands without a token, and signing out.
    fn a_person_signs_in(server: &mut Server) {
        let world = server.world();
        let waiting = login(server, "read update");
        let browser = Browser::of(server, &world.user);
        let page = browser.open(&waiting.link);
        assert!(
            page.has("Grantor command line")
                && page.has("part of Grantor")
                && page.has("grantor command line on ")
        );
        assert_eq!(browser.submit(&page, "/device/decide", &[("decision", "approve")]).status, 200);
        let (done, printed) = waiting.end();
        assert!(done, "{printed}");
        assert!(
            printed.contains(&format!("Signed in to {} as {}", server.url, world.user.login)),
            "{printed}"
        );
        let code = page.body.split("<p class=\"code\"><bdi>").nth(1).unwrap()[..9].to_owned();
        assert!(printed.contains(&code), "the code to compare was printed");

        let kept = server.folder().join("configuration/credentials.json");
        assert_eq!(std::fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!printed.contains("grt_"), "the token is not printed");
        let who = server.cli(&["whoami"], None).unwrap();
        for part in [world.user.login.as_str(), "grantor login", "read update", "reference_token"] {
            assert!(who.contains(part), "{who}");
        }
        let listed = server.cli(&["token", "list", "--wide"], None).unwrap();
        assert!(listed.contains("grantor command line on "), "{listed}");
        let refused = server.cli(
            &["app", "create", "--client-id", "x", "--name", "X", "--type", "public", "--scope", "read"],
            None,
        );
        assert!(refused.unwrap_err().starts_with("error: "), "not an administrator");

        let credentials = std::fs::read_to_string(&kept).unwrap();
        let token = credentials.split('"').find(|part| part.starts_with("grt_rat_")).unwrap().to_owned();
        assert!(server.accepts(&token));
        server.cli(&["logout"], None).unwrap();
        assert!(!server.accepts(&token), "signing out revokes");
        assert!(server.cli(&["whoami"], None).unwrap_err().contains("grantor login"));
    }
    /// A sign-in whose access token has expired is refreshed, also by concurrent commands; signing out
    /// revokes all of it.
    fn a_sign_in_is_renewed(server: &mut Server) {
        let world = server.world();
        let waiting = login(server, "read");
        let browser = Browser::of(server, &world.user);
        let page = browser.open(&waiting.link);
        assert!(page.has("Stay connected"), "{}", page.body);
        assert_eq!(browser.submit(&page, "/device/decide", &[("decision", "approve")]).status, 200);
        let (done, printed) = waiting.end();
        assert!(done, "{printed}");
        let kept = server.folder().join("configuration/credentials.json");
        let read = || serde_json::from_str::<serde_json::Value>(&std::fs::read_to_string(&kept).unwrap()).unwrap();
        let token = |credentials: &serde_json::Value, name: &str| {
            credentials["servers"][&server.url][name].as_str().unwrap().to_owned()
        };
        let mut seen = vec![token(&read(), "token")];
        for _ in 0..2 {
            let mut credentials = read();
            credentials["servers"][&server.url]["expires_at"] = "2020-01-01T00:00:00Z".into();
            std::fs::write(&kept, credentials.to_string()).unwrap();
            std::thread::scope(|scope| {
                let commands: Vec<_> = (0..6).map(|_| scope.spawn(|| server.cli(&["whoami"], None))).collect();
                for command in commands {
                    assert!(command.join().unwrap().unwrap().contains(&world.user.login));
                }
            });
            let next = token(&read(), "token");
            assert!(!seen.contains(&next), "the token is refreshed");
            seen.push(next);
        }
        let (access, refresh) = (token(&read(), "token"), token(&read(), "refresh_token"));
        assert!(server.accepts(&access));
        server.cli(&["logout"], None).unwrap();
        assert!(seen.iter().all(|token| !server.accepts(token)), "signing out revokes all tokens of the sign-in");
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("client_id", "grantor-cli")];
        assert_eq!(server.post("/id/connect/token", &form).send().unwrap().status(), 400);
    }
}

/// A user who denies the request gets a message, and nothing is stored.
#[test]
fn a_person_is_denied() {
    let server = Server::demo(crate::support::Engine::Sqlite);
    let waiting = login(&server, "read");
    let browser = Browser::of(&server, &server.world().user);
    let page = browser.open(&waiting.link);
    assert_eq!(browser.submit(&page, "/device/decide", &[("decision", "deny")]).status, 200);
    let (done, printed) = waiting.end();
    assert!(!done && printed.contains("the request was denied in the browser"), "{printed}");
    assert!(!server.folder().join("configuration/credentials.json").exists());
}
