//! Third-party libraries, as published in their registries: `tests/clients/README.md`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::Server;

/// Returns the folder where `scripts/test` installed them.
fn installed() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_grantor")).parent().unwrap().parent().unwrap();
    target.join("clients")
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients")
}

/// Runs a program against a server, and returns the flows that it completed.
fn run(server: &Server, program: &mut Command) -> Vec<String> {
    let output = program
        .env("BASE", &server.url)
        .env("DEMO", server.folder().join("demo.json"))
        .output()
        .expect("scripts/test installs the clients");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    printed.lines().filter_map(|line| line.strip_prefix("ok ")).map(str::to_owned).collect()
}

/// Runs a program with Node, which finds the libraries in a folder above the program. The other files are beside it.
fn run_node(server: &Server, files: &[&str]) -> Vec<String> {
    let folder = installed().join(server.folder().file_name().unwrap());
    std::fs::create_dir_all(&folder).unwrap();
    for file in files {
        std::fs::copy(sources().join(file), folder.join(file)).unwrap();
    }
    let flows = run(server, Command::new("node").arg(folder.join(files[0])));
    std::fs::remove_dir_all(&folder).unwrap();
    flows
}

on_both_engines! {
    fn openid_client_goes_through_every_flow(server: &mut Server) {
        let flows = run_node(server, &["openid_client.mjs", "person.mjs"]);
        assert_eq!(flows.len(), 9, "{flows:?}");
    }

    fn o_js_reads_and_writes_the_registry(server: &mut Server) {
        let flows = run_node(server, &["o_js.mjs"]);
        assert_eq!(flows, ["reads", "creates", "changes", "calls", "deletes", "batches"]);
    }

    fn odata_client_reads_and_writes_the_registry(server: &mut Server) {
        let flows = run_node(server, &["odata_client.mjs"]);
        assert_eq!(flows, ["reads", "creates", "changes", "deletes", "batches"]);
    }

    fn odata2ts_generates_a_client_that_compiles_and_works(server: &mut Server) {
        let flows = run_node(server, &["odata2ts.mjs", "odata2ts_use.ts"]);
        assert_eq!(flows, ["generates", "compiles", "reads", "writes", "deletes", "calls"]);
    }

    fn authlib_goes_through_its_flows(server: &mut Server) {
        let python = installed().join("venv/bin/python");
        let flows = run(server, Command::new(python).arg(sources().join("authlib_flows.py")));
        assert_eq!(flows.len(), 5, "{flows:?}");
    }

    fn ui5_reads_and_writes_in_batches_from_another_origin(server: &mut Server) {
        let flows = run_node(server, &["ui5.mjs", "ui5_page.js"]);
        assert_eq!(flows, ["reads", "creates", "changes", "refused", "deletes"]);
    }

    fn python_odata_reads_the_registry(server: &mut Server) {
        let python = installed().join("venv/bin/python");
        let flows = run(server, Command::new(python).arg(sources().join("python_odata.py")));
        assert_eq!(flows, ["metadata", "pages", "filters", "expands", "orders", "writes"]);
    }

    fn python_sends_batches_of_odata(server: &mut Server) {
        let python = installed().join("venv/bin/python");
        let flows = run(server, Command::new(python).arg(sources().join("odata_batch.py")));
        assert_eq!(flows, ["multipart", "stops", "json"]);
    }
}
