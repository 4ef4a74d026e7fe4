//! Debian's nginx in front of a toy API, configured as in the guide.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::blocking::RequestBuilder;
use serde_json::Value;

use crate::support::keys::Key;
use crate::support::{Browser, Server};

/// The guide whose first nginx block is tested here.
const GUIDE: &str = include_str!("../../docs/guide/forward-auth.md");
/// The addresses of Grantor, of the API and of nginx in that block.
const GATE: &str = "127.0.0.1:8080";
const API: &str = "127.0.0.1:3000";
const LISTEN: &str = "127.0.0.1:8081";

/// A running nginx, stopped on drop.
struct Nginx {
    process: Child,
    address: String,
}

impl Nginx {
    fn start(server: &Server, api: &str) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let folder = server.folder().join("nginx");
        std::fs::create_dir_all(&folder).unwrap();
        let (_, block) = GUIDE.split_once("```nginx\n").unwrap();
        let (block, _) = block.split_once("```").unwrap();
        for placeholder in [GATE, API, LISTEN] {
            assert!(block.contains(placeholder), "{placeholder} is missing in the guide");
        }
        let gate = server.url.strip_prefix("http://").unwrap();
        let block = block.replace(GATE, gate).replace(API, api).replace(LISTEN, &address);
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let temporary = temporary.map(|name| format!("{name}_temp_path {name};")).join(" ");
        let main = "daemon off; master_process off; pid nginx.pid; error_log error.log; events {}";
        let text = format!("{main}\nhttp {{\naccess_log off; {temporary}\n{block}}}\n");
        std::fs::write(folder.join("nginx.conf"), text).unwrap();
        let mut command = Command::new("nginx");
        command.arg("-p").arg(&folder).args(["-c", "nginx.conf", "-e", "error.log"]).stdin(Stdio::null());
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin");
        let process = command.spawn().expect("nginx is installed: apt-get install nginx-light");
        let began = Instant::now();
        while TcpStream::connect(&address).is_err() {
            let log = std::fs::read_to_string(folder.join("error.log")).unwrap_or_default();
            assert!(began.elapsed() < Duration::from_secs(10), "nginx does not start: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { process, address }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Starts an API without authentication, which returns the headers of the request. Returns its address.
fn toy_api() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            echo(&stream);
        }
    });
    address
}

fn echo(stream: &TcpStream) {
    let lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let headers = lines.skip(1).filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_ascii_lowercase(), Value::String(value.to_owned())))
    });
    let body = Value::Object(headers.collect()).to_string();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let _ = (&mut &*stream).write_all(format!("{head}{body}").as_bytes());
}

fn status(request: RequestBuilder) -> u16 {
    request.send().unwrap().status().as_u16()
}

on_both_engines! {
    /// nginx protects the API without any code in it.
    fn nginx_asks_the_gate(server: &mut Server) {
        server.restart_with("GRANTOR_TRUSTED_PROXIES", "[\"127.0.0.1/32\"]");
        let (world, nginx) = (server.world(), Nginx::start(server, &toy_api()));
        let token = Browser::of(server, &world.user).token("demo-web", &["read"], &[]);
        let url = nginx.url("/orders/7?x=1");
        let get = || server.http.get(&url);

        let reached = get().bearer_auth(&token).header("x-grantor-login", "root").header("x-grantor-user", "0").send().unwrap();
        assert_eq!(reached.status(), 200);
        let headers: Value = reached.json().unwrap();
        assert_eq!(headers["x-grantor-login"], world.user.login, "a forged header reached the API: {headers}");
        assert_eq!(headers["x-grantor-scopes"], "read");
        assert_eq!(headers["x-grantor-client"], "demo-web");
        assert_eq!(headers["x-grantor-kind"], "personal_access_token");
        assert_eq!(headers["x-grantor-token-id"], server.grant_id(&token, &world.user.pat));
        assert!(headers.get("authorization").is_none(), "the token reached the API: {headers}");

        let anonymous = get().send().unwrap();
        assert_eq!(anonymous.status(), 401);
        assert_eq!(anonymous.headers()["www-authenticate"], "Bearer realm=\"grantor\"");
        assert_eq!(status(get().bearer_auth("grt_pat_x")), 401);
        assert_eq!(status(get().bearer_auth(&token).header("x-api-key", &token)), 401);
        let written = server.http.post(&url).bearer_auth(&token).body("order").send().unwrap();
        assert_eq!(written.status(), 403, "writing needs the scope update");
        let demands: Vec<_> = written.headers().get_all("www-authenticate").iter().collect();
        assert!(demands.len() == 1 && demands[0].to_str().unwrap().contains("scope=\"update\""), "{demands:?}");
        assert_eq!(status(server.http.post(&url).header("x-api-key", &world.admin.pat).body("order")), 200);
        assert_eq!(status(server.http.get(nginx.url("/_gate")).bearer_auth(&token)), 404, "the location is internal");

        let id = server.grant_id(&token, &world.user.pat);
        server.cli(&["token", "revoke", &id, "--yes"], Some(&world.user.pat)).unwrap();
        assert_eq!(status(get().bearer_auth(&token)), 401, "a revoked token is refused at once");
    }

    /// Networks and proofs are checked against the client's request to nginx.
    fn nginx_tells_the_gate_what_was_asked(server: &mut Server) {
        server.restart_with("GRANTOR_TRUSTED_PROXIES", "[\"127.0.0.1/32\"]");
        let nginx = Nginx::start(server, &toy_api());
        let browser = Browser::of(server, &server.world().user);
        let limited = browser.token("demo-web", &["read"], &[("allowed_ip_addresses", "192.0.2.1")]);
        let url = nginx.url("/orders");
        let lying = server.http.get(&url).bearer_auth(&limited).header("x-forwarded-for", "192.0.2.1");
        assert_eq!(status(lying), 401, "a client cannot choose its address");

        let (key, service) = (Key::generate(), server.world().applications.service);
        let proof = key.proof("POST", &format!("{}/id/connect/token", server.url), None, &[]);
        let request = server.post("/id/connect/token", &[("grant_type", "client_credentials")]);
        let request = request.basic_auth(&service.client_id, service.client_secret.as_deref());
        let answer: Value = request.header("dpop", proof).send().unwrap().json().unwrap();
        let token = answer["access_token"].as_str().unwrap();
        let with = |proof: &str| {
            let request = server.http.get(format!("{url}?x=1")).header("authorization", format!("DPoP {token}"));
            request.header("dpop", proof)
        };
        let passed = with(&key.proof("GET", &url, Some(token), &[])).send().unwrap();
        assert_eq!(passed.status(), 200);
        assert!(passed.headers().contains_key("dpop-nonce"), "the client gets the nonce");
        let elsewhere = key.proof("GET", &nginx.url("/other"), Some(token), &[]);
        assert_eq!(status(with(&elsewhere)), 401);
        let claimed = with(&elsewhere).header("x-original-url", nginx.url("/other"));
        assert_eq!(status(claimed), 401, "nor its requested address");
    }
}
