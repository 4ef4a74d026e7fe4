//! Introspection compared with the baseline server.

use crate::floor::Floor;
use crate::load::{ask, post};
use crate::program::Program;

const FORM: &str = "application/x-www-form-urlencoded";

pub async fn run(program: &Program) {
    let floor = Floor::start();
    let secret = program.text("/applications/service/client_secret");
    let basic = data_encoding::BASE64.encode(format!("demo-service:{secret}").as_bytes());
    let body = format!("token={}", program.text("/user/pat"));
    let headers = format!("authorization: Basic {basic}\r\n");
    for connections in [1, 32] {
        let nothing = ask(&floor.address, connections, &post("/", &headers, FORM, &body), "200").await;
        let path = "/id/connect/introspect";
        let introspection =
            ask(&program.address, connections, &post(path, &headers, FORM, &body), "200").await;
        let ratio = nothing.per_second / introspection.per_second;
        println!("introspection, {connections:>2} connections: {introspection}");
        println!("  floor: an empty HTTP server     : {nothing}; ratio {ratio:.2}");
    }
}
