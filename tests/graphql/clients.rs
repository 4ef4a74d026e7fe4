//! Third-party programs, as published on npm: `tests/clients/README.md`.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Creates a folder below the installed packages, so that Node finds them, with some of our files.
fn folder(name: &str, files: &[&str]) -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_grantor")).parent().unwrap().parent().unwrap();
    let folder = target.join("clients").join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for file in files {
        let from = root().join(file);
        std::fs::copy(&from, folder.join(from.file_name().unwrap())).unwrap();
    }
    folder
}

/// Runs a program, and returns the lines that begin with `ok`.
fn run(program: &mut Command) -> Vec<String> {
    let output = program.output().expect("scripts/test installs the clients");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    printed.lines().filter_map(|line| line.strip_prefix("ok ")).map(str::to_owned).collect()
}

on_both_engines! {
    /// All audits of `graphql-http`, required and recommended; graphql-js builds a client schema from the
    /// introspection.
    fn graphql_http_and_graphql_js_find_nothing(server: &mut Server) {
        let folder = folder(&format!("graphql-{}", server.url.rsplit(':').next().unwrap()), &["tests/clients/graphql_http.mjs"]);
        let mut node = Command::new("node");
        node.arg(folder.join("graphql_http.mjs")).env("BASE", &server.url).env("TOKEN", server.world().admin.pat);
        let passed = run(&mut node);
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(passed.iter().filter(|line| line.starts_with("audit")).count() >= 60, "{passed:?}");
        for name in ["introspection", "graphql-ws", "graphql-sse"] {
            assert!(passed.iter().any(|line| line == name), "{name}: {passed:?}");
        }
    }

    /// Responses to generated documents equal those of graphql-js, byte for byte.
    fn answers_have_the_shape_that_graphql_js_gives_them(server: &mut Server) {
        let port = server.url.rsplit(':').next().unwrap().to_owned();
        let folder = folder(&format!("shape-{port}"), &["tests/clients/graphql_shape.mjs", "docs/reference/schema.graphql"]);
        let mut node = Command::new("node");
        node.arg(folder.join("graphql_shape.mjs")).env("SCHEMA", folder.join("schema.graphql"));
        node.env("BASE", &server.url).env("TOKEN", server.world().admin.pat);
        let compared = run(&mut node);
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(compared.len() == 1 && compared[0].starts_with("shape: 300 documents"), "{compared:?}");
    }
}

/// `relay-compiler` and `graphql-codegen` compile documents against the schema that is checked in.
#[test]
fn compilers_accept_documents_against_the_schema() {
    let folder = folder("compile", &["docs/reference/schema.graphql", "tests/clients/compile.mjs"]);
    let compiled = run(Command::new("node").arg(folder.join("compile.mjs")).current_dir(&folder));
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(compiled, ["relay-compiler", "graphql-codegen"]);
}

/// The schema stays compatible: breaking changes are recorded in `tests/graphql/known/breaking-changes.txt`.
#[test]
fn the_schema_breaks_no_client_unnoticed() {
    let files = [
        "docs/reference/schema.graphql",
        "tests/graphql/known/schema.base.graphql",
        "tests/graphql/known/breaking-changes.txt",
        "tests/clients/breaking_changes.mjs",
    ];
    let folder = folder("breaking", &files);
    let found = run(Command::new("node").arg(folder.join("breaking_changes.mjs")).current_dir(&folder));
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(found, ["compared"]);
}
