//! The reference as the program writes it.

mod checked_in;
mod descriptions;
mod links;
mod seeds;
mod served;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The files of a folder, by their paths below it.
type Files = BTreeMap<String, String>;

/// What `grantor reference` writes in a form, as another computer would.
fn generated(format: &str) -> &'static Files {
    static HTML: OnceLock<Files> = OnceLock::new();
    static MARKDOWN: OnceLock<Files> = OnceLock::new();
    let known = if format == "html" { &HTML } else { &MARKDOWN };
    known.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("grantor-reference-{format}-{}", std::process::id()));
        let mut program = Command::new(env!("CARGO_BIN_EXE_grantor"));
        program.args(["reference", "--format", format, "--out"]).arg(&folder).env_remove("GRANTOR_URL");
        let output = program.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let files = read(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        files
    })
}

fn read(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                open.push(entry);
            } else {
                let path = entry.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(path, std::fs::read_to_string(&entry).unwrap());
            }
        }
    }
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
