//! `docs/reference` equals the output of the program.

use super::{generated, read, root};

#[test]
fn the_reference_is_current() {
    let folder = root().join("docs/reference");
    let generated = generated("md");
    if std::env::var("UPDATE_REFERENCE").is_ok_and(|value| value == "1") {
        std::fs::remove_dir_all(&folder).unwrap();
        for (path, content) in generated {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
    }
    let known = read(&folder);
    let all = known.keys().chain(generated.keys());
    let mut stale: Vec<_> = all.filter(|path| known.get(*path) != generated.get(*path)).collect();
    stale.sort_unstable();
    stale.dedup();
    assert!(
        stale.is_empty(),
        "docs/reference is not what the program writes any more: {stale:?}; run\n\
         UPDATE_REFERENCE=1 cargo nextest run --workspace -E 'test(the_reference_is_current)'"
    );
}

/// The output is reproducible, byte for byte, for any user and folder.
#[test]
fn nothing_is_left_to_chance() {
    for format in ["md", "html"] {
        let folder = std::env::temp_dir().join(format!("grantor-again-{format}-{}", std::process::id()));
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_grantor"));
        program.args(["reference", "--format", format, "--out"]).arg(&folder).current_dir("/");
        let status =
            program.env_clear().env("TZ", "Asia/Tokyo").env("LANG", "tr_TR.UTF-8").output().unwrap().status;
        assert!(status.success());
        assert!(read(&folder) == *generated(format), "{format}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
