//! Baseline of all HTTP measurements: a server of the same kind that does no work.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// The argument that turns the benchmark into the baseline server, in a process of its own like the program.
pub const FLAG: &str = "--floor-server";

/// A body as long as an introspection response.
const BODY: &str = concat!(
    r#"{"active":true,"scope":"read update","client_id":"demo-service","username":"nightly-export","#,
    r#""token_type":"Bearer","exp":1795299708,"iat":1795296108,"nbf":1795296108,"sub":"demo-service","#,
    r#""iss":"http://127.0.0.1:8080/id","jti":"01a1fffc-a1a2-7809-a15c-2270d79e87a7","grant_kind":"reference_token"}"#
);

/// Size of a page of 50 rows, in bytes.
const PAGE: usize = 48_000;

/// Answers every POST with the same bytes, and every GET with the size of a page.
pub fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        let answer = || async { ([("content-type", "application/json")], BODY) };
        let page = axum::body::Bytes::from(vec![b' '; PAGE]);
        let page = || async move { ([("content-type", "application/json")], page) };
        let router = axum::Router::new().route("/", axum::routing::post(answer).get(page));
        axum::serve(listener, router).await.unwrap();
    });
}

/// The running baseline server.
pub struct Floor {
    process: Child,
    pub address: String,
}

impl Floor {
    pub fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut process = command.arg(FLAG).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { process, address: address.trim().to_owned() }
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
