//! `grantor scan`: finding tokens in files.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Browser, sha256};

/// A token; its checksum was computed with Python's `zlib.crc32`.
const TOKEN: &str = "grt_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg3ES5NW";

/// A temporary folder, removed on drop.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("grantor-scan-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs the scan in a folder; returns the exit code, standard output and standard error.
fn scan(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grantor"));
    command.env_clear().arg("scan").args(arguments).current_dir(folder);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn tokens_are_found_in_files() {
    let folder = Folder::new("files");
    folder.write(".env", format!("# mine\nTOKEN={TOKEN}\n"));
    folder.write("src/deep/client.py", format!("\n\n  call('{TOKEN}', '{TOKEN}')\n"));
    folder.write(
        "README.md",
        format!("A token looks like grt_pat_…, not like {}0.\n", &TOKEN[..TOKEN.len() - 1]),
    );
    folder.write(".git/packed", TOKEN);
    folder.write("picture.png", format!("\0\0{TOKEN}"));
    std::os::unix::fs::symlink(folder.0.join(".env"), folder.0.join("link")).unwrap();
    let (code, printed, said) = scan(&folder.0, &["."], "");
    assert_eq!(code, 1, "{said}");
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(
        lines,
        [
            "./.env:2:7: grt_pat_0123… (personal access token)",
            "./src/deep/client.py:3:9: grt_pat_0123… (personal access token)",
            "./src/deep/client.py:3:70: grt_pat_0123… (personal access token)",
        ]
    );
    assert_eq!(said, "3 tokens in 3 files, 1 binary ones left out\n");

    let (code, printed, _) = scan(&folder.0, &["--json", "--binary", "picture.png", ".git/packed"], "");
    let found: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((code, found.as_array().unwrap().len()), (1, 2), "named files are read");
    assert_eq!((found[0]["path"].as_str(), found[0]["column"].as_u64()), (Some("picture.png"), Some(3)));
    assert_eq!(found[1]["key"], sha256(TOKEN));
    assert!(!printed.contains(TOKEN));
}

#[test]
fn the_exit_code_tells() {
    let folder = Folder::new("codes");
    folder.write("clean.txt", "nothing");
    assert_eq!(scan(&folder.0, &["."], ""), (0, String::new(), "0 tokens in 1 file\n".to_owned()));
    let (code, printed, _) = scan(&folder.0, &["-"], &format!("+{TOKEN}"));
    assert_eq!((code, printed.as_str()), (1, "-:1:2: grt_pat_0123… (personal access token)\n"));
    let (code, _, said) = scan(&folder.0, &["missing"], "");
    assert!(code == 2 && said.contains("cannot read missing"), "{said}");
    assert_eq!(scan(&folder.0, &["missing", "-"], TOKEN).0, 1);
    assert_eq!(scan(&folder.0, &["--prefix", "acme", "-"], TOKEN).0, 0);
    assert_eq!(scan(&folder.0, &["--prefix", "ACME", "-"], TOKEN).0, 2);
    assert_eq!(scan(&folder.0, &[], "").0, 2);
    assert_eq!(scan(&folder.0, &["--rules", "gitleaks", "."], "").0, 2);
}

#[test]
fn rules_have_the_prefix_of_the_installation() {
    let folder = Folder::new("rules");
    for scanner in ["gitleaks", "trufflehog", "detect-secrets", "regex"] {
        let (code, printed, _) = scan(&folder.0, &["--rules", scanner, "--prefix", "acme"], "");
        assert_eq!(code, 0);
        assert!(printed.contains(r"\bacme_(?:pat|sat|rat|rft|dvc|arq|cod)_[0-9A-Za-z]{49}\b"), "{printed}");
    }
}

on_both_engines! {
    /// Reported tokens are revoked.
    fn found_tokens_are_reported(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        let token = browser.token("demo-web", &["read"], &[]);
        let folder = Folder::new(&token[8..16]);
        folder.write("config.ini", format!("a\n{token}\n{token}\n{TOKEN}\n"));
        let (code, printed, said) = scan(&folder.0, &["--report", &server.url, "."], "");
        assert_eq!((code, printed.lines().count()), (1, 3));
        assert!(said.contains("Reported 2 tokens to ") && said.ends_with(": it revoked 1\n"), "{said}");
        assert!(!server.accepts(&token));
        let page = browser.open("/tokens");
        assert!(page.has("./config.ini:2") && page.has("grantor scan"), "{page:?}");
        let (code, _, said) = scan(&folder.0, &["--report", "http://127.0.0.1:9", "."], "");
        assert!(code == 1 && said.contains("error: cannot reach http://127.0.0.1:9"), "{said}");
    }
}
