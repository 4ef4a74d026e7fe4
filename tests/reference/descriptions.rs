//! The machine-readable descriptions, checked with third-party validators; every public item has a
//! description.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{Files, generated, root};

/// A temporary folder for a validator.
struct Written(PathBuf);

impl Written {
    fn new(name: &str, files: &Files) -> Self {
        let folder = installed().join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (path, content) in files.iter().filter(|(path, _)| path.ends_with(".json")) {
            std::fs::write(folder.join(path), content).unwrap();
        }
        Self(folder)
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

/// Returns the folder where `scripts/test` installed third-party tools.
fn installed() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_grantor")).parent().unwrap().parent().unwrap();
    target.join("clients")
}

fn run(program: &mut Command, folder: &Written) -> String {
    let output = program.env("REFERENCE", &folder.0).output().expect("scripts/test installs the clients");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    printed
}

#[test]
fn openapi_and_json_schema_are_valid() {
    let folder = Written::new("descriptions", generated("md"));
    let script = root().join("tests/clients/check_descriptions.py");
    let printed = run(Command::new(installed().join("venv/bin/python")).arg(script), &folder);
    assert_eq!(printed.lines().collect::<Vec<_>>(), ["ok openapi", "ok configuration"]);
}

#[test]
fn asyncapi_is_valid() {
    let folder = Written::new("asyncapi", generated("md"));
    // Node finds the library in a folder above the program.
    let program = folder.0.join("asyncapi.mjs");
    std::fs::copy(root().join("tests/clients/asyncapi.mjs"), &program).unwrap();
    let printed = run(Command::new("node").arg(program), &folder);
    assert!(printed.starts_with("ok asyncapi"), "{printed}");
}

/// Every item of the configuration schema and the command line has a description.
#[test]
fn nothing_public_is_without_a_description() {
    let files = generated("md");
    let configuration: Value = serde_json::from_str(&files["config.schema.json"]).unwrap();
    for (key, property) in configuration["properties"].as_object().unwrap() {
        assert!(
            property["description"].as_str().is_some_and(|text| text.len() > 10),
            "{key} has no description"
        );
    }
    let mut empty = Vec::new();
    for (path, page) in files.iter().filter(|(path, _)| path.ends_with(".md")) {
        let rows = page.lines().filter(|line| line.starts_with("| ") && line.ends_with("|  |"));
        empty.extend(rows.filter(|row| !is_left_open(path, row)).map(|row| format!("{path}: {row}")));
        let summary = page.splitn(3, "---\n").nth(2).unwrap().lines().nth(2).unwrap_or_default();
        if summary.is_empty() || summary.starts_with(['#', '|']) {
            empty.push(format!("{path} says not what it is about"));
        }
    }
    assert!(empty.is_empty(), "these need descriptions, where they are declared:\n{}", empty.join("\n"));
}

/// Secrets are on no page and in no description.
#[test]
fn secrets_are_on_no_page() {
    let secrets = model::entities().flat_map(model::Entity::attributes).filter(|attribute| attribute.secret);
    let names: Vec<_> = secrets.map(|attribute| attribute.name).collect();
    assert!(names.contains(&"ApplicationSecretHash"), "{names:?}");
    for (path, content) in generated("md").iter().chain(generated("html")) {
        for name in &names {
            let rows =
                [format!("[{name}]("), format!("### {name}\n"), format!(">{name}<"), format!("\"{name}\"")];
            assert!(!rows.iter().any(|row| content.contains(row)), "{path} mentions {name}");
        }
    }
}

/// Items that the original pages leave without a description, or whose name is sufficient.
fn is_left_open(path: &str, row: &str) -> bool {
    let names = ["[Id](", "`id`", "`application`"];
    names.iter().any(|name| row.contains(name))
        && (path.starts_with("entities/") || path.starts_with("graphql/object/"))
}
