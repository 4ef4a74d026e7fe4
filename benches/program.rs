//! The release build of the program, with a registry of some size.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_grantor");

/// A running server, stopped on drop.
pub struct Program {
    process: Child,
    pub folder: PathBuf,
    /// Host and port.
    pub address: String,
    pub world: serde_json::Value,
}

impl Program {
    pub fn start(grants: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("grantor-bench-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let (mut process, _) = serve(&folder);
        Command::new("kill").arg(process.id().to_string()).status().unwrap();
        process.wait().unwrap();
        let filled =
            Command::new(PROGRAM).args(["demo-data", "--grants", grants, "--data"]).arg(&folder).status();
        assert!(filled.unwrap().success());
        let (process, address) = serve(&folder);
        let world = std::fs::read_to_string(folder.join("demo.json")).unwrap();
        Self { process, address, world: serde_json::from_str(&world).unwrap(), folder }
    }

    /// Returns a string of `demo.json` by its JSON pointer.
    pub fn text(&self, pointer: &str) -> &str {
        self.world.pointer(pointer).and_then(serde_json::Value::as_str).expect(pointer)
    }
}

fn serve(folder: &PathBuf) -> (Child, String) {
    let mut command = Command::new(PROGRAM);
    command.args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"]).arg(folder);
    // One token sends more requests than the rate limit allows a client.
    command.env("GRANTOR_API_RATE_LIMIT", "0").env("GRANTOR_API_NETWORK_RATE_LIMIT", "0");
    // Logging a request costs more than most requests; in production, the log is written to a cheap sink.
    command.env("GRANTOR_LOG_FILTER", "warn").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let address = lines
        .map_while(Result::ok)
        .find_map(|line| Some(line.strip_prefix("listening on http://")?.to_owned()));
    (process, address.expect("the program starts"))
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
