//! Creating a personal access token durably, compared with flushing a few bytes to the same disk.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::load::{Figures, MEASURED, ask, figures, post};
use crate::program::Program;

const MUTATION: &str = r#"{"query":"mutation { apiAccessTokenCreate(input: {kind: PERSONAL_ACCESS_TOKEN, clientId: \"grantor-cli\", description: \"bench\", scopes: [\"read\"]}) { secret } }"}"#;

pub async fn run(program: &Program) {
    let headers = format!("authorization: Bearer {}\r\n", program.text("/admin/pat"));
    let request = post("/graphql", &headers, "application/json", MUTATION);
    let flushes = flushes(&program.folder);
    for connections in [1, 32] {
        let issue = ask(&program.address, connections, &request, "200").await;
        let ratio = flushes.per_second / issue.per_second;
        println!("issue of a token, {connections:>2} connections: {issue}");
        println!("  floor: one flush at a time      : {flushes}; ratio {ratio:.2}");
    }
}

/// Appends a page to a file and flushes it, repeatedly.
fn flushes(folder: &Path) -> Figures {
    let path = folder.join("flushes");
    let mut file = File::create(&path).unwrap();
    let began = Instant::now();
    let mut latencies: Vec<Duration> = Vec::new();
    while began.elapsed() < MEASURED {
        let one = Instant::now();
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
        latencies.push(one.elapsed());
    }
    std::fs::remove_file(path).unwrap();
    figures(&mut latencies, MEASURED)
}
