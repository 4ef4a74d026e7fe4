//! The direction of the dependencies between the crates, and what the lower ones do without (ARCHITECTURE.md, "Crates").

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The crates, each with dependencies in earlier layers only.
const LAYERS: [&[&str]; 8] = [
    &["model", "token"],
    &["clock", "input", "odata", "power-loss", "reference", "store"],
    &["grant-state", "odata-grammar"],
    &["authority"],
    &["flows", "writing"],
    &["demo-world", "web"],
    &["cli", "graphql", "oauth", "odata-service", "pages"],
    &["grantor"],
];
/// The crates of ours that the commands use.
const OF_CLI: [&str; 4] = ["clock", "input", "model", "token"];
/// The crates without I/O.
const PURE: [&str; 5] = ["input", "model", "odata", "odata-grammar", "reference"];
/// The modules of the standard library that pure code does without.
const IMPURE: [&str; 6] =
    ["std::env", "std::fs", "std::net::Tcp", "std::process", "std::thread", "std::time"];
const SQL: [&str; 4] = ["deadpool-postgres", "rusqlite", "sea-query", "tokio-postgres"];
const HTTP: [&str; 5] = ["axum", "hyper", "hyper-util", "reqwest", "tower-http"];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns the dependencies of each crate, except those of its tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let folders = std::fs::read_dir(crates()).unwrap().map(|folder| folder.unwrap().path());
    let manifest = |folder: PathBuf| {
        let text = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let section = text.split("\n[").find_map(|section| section.strip_prefix("dependencies]"));
        let name = |line: &str| {
            let end = line.find(|letter: char| !(letter.is_alphanumeric() || "-_".contains(letter)))?;
            (end > 0).then(|| line[..end].to_owned())
        };
        let names = section.unwrap_or_default().lines().filter_map(name).collect();
        (folder.file_name().unwrap().to_str().unwrap().to_owned(), names)
    };
    folders.filter(|folder| folder.join("Cargo.toml").exists()).map(manifest).collect()
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

#[test]
fn dependencies_have_one_direction() {
    let all = dependencies();
    for (name, dependencies) in &all {
        let own = layer(name).unwrap_or_else(|| panic!("{name} is in no layer"));
        for dependency in dependencies.iter().filter(|dependency| all.contains_key(*dependency)) {
            assert!(layer(dependency) < Some(own), "{name} must not depend on {dependency}");
            assert!(
                name != "cli" || OF_CLI.contains(&dependency.as_str()),
                "cli must not depend on {dependency}"
            );
        }
    }
    assert_eq!(all.len(), LAYERS.iter().map(|layer| layer.len()).sum::<usize>());
}

#[test]
fn sql_is_in_one_crate_and_http_above_the_authority() {
    let web = layer("web").unwrap();
    for (name, dependencies) in dependencies() {
        let has =
            |banned: &[&'static str]| banned.iter().copied().find(|banned| dependencies.contains(*banned));
        if !["store", "power-loss"].contains(&name.as_str()) {
            assert_eq!(has(&SQL), None, "{name}");
        }
        if layer(&name) < Some(web) {
            assert_eq!(has(&HTTP), None, "{name}");
        }
        if PURE.contains(&name.as_str()) {
            assert_eq!(has(&["tokio", "tokio-util", "tracing"]), None, "{name}");
        }
    }
}

#[test]
fn pure_crates_do_no_io() {
    for name in PURE {
        let mut files = 0;
        for file in sources(&crates().join(name).join("src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let impure = IMPURE.iter().find(|module| code.contains(*module));
            assert_eq!(impure, None, "{}", file.display());
            files += 1;
        }
        assert!(files > 5, "{name} has {files} files");
    }
}

/// Returns the source files of a folder, except those of tests.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_source = |path: &Path| {
        let stem = path.file_stem().unwrap();
        stem != "tests"
            && stem != "testing"
            && (path.is_dir() || path.extension().is_some_and(|end| end == "rs"))
    };
    let inside = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    entries.filter(|path| is_source(path)).flat_map(inside).collect()
}

/// Returns the number of lines of the Rust files of a folder.
fn lines(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let count = |path: PathBuf| match path.extension() {
        _ if path.is_dir() => lines(&path),
        Some(extension) if extension == "rs" => std::fs::read_to_string(path).unwrap().lines().count(),
        _ => 0,
    };
    entries.map(count).sum()
}

#[test]
fn no_crate_is_longer_than_16_000_lines() {
    for folder in std::fs::read_dir(crates()).unwrap().map(|folder| folder.unwrap().path()) {
        let count = lines(&folder.join("src"));
        assert!(count > 0 && count <= 16_000, "{} has {count} lines", folder.display());
    }
}
