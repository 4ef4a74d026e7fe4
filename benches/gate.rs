//! Forward auth compared with the baseline server.

use crate::floor::Floor;
use crate::load::{ask, post};
use crate::program::Program;

pub async fn run(program: &Program) {
    let floor = Floor::start();
    let headers = format!("authorization: Bearer {}\r\n", program.text("/user/pat"));
    // A proxy asks without a body. nginx and other proxies differ in the method, which `/verify` ignores.
    let request = |path| post(path, &headers, "text/plain", "");
    for connections in [1, 32] {
        let nothing = ask(&floor.address, connections, &request("/"), "200").await;
        let gate = ask(&program.address, connections, &request("/verify?scope=read"), "200").await;
        let ratio = nothing.per_second / gate.per_second;
        println!("gate, {connections:>2} connections: {gate}");
        println!("  floor: an empty HTTP server : {nothing}; ratio {ratio:.2}");
    }
}
