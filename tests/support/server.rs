use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder};
use reqwest::redirect::Policy;

use super::Demo;
use super::database::Database;
use super::world::World;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_grantor");

/// The flag for the demonstration data.
pub const DEMO: &str = "--demo";

/// The database engine of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A running server with its own data folder and database; both are removed on drop.
pub struct Server {
    process: Option<Child>,
    database: Option<Arc<Database>>,
    flags: Vec<String>,
    environment: Vec<(String, String)>,
    folder: PathBuf,
    /// The output up to `listening on`.
    pub printed: Vec<String>,
    /// The address, without a trailing slash.
    pub url: String,
    /// A client that follows no redirects and keeps no cookies.
    pub http: Client,
}

impl Server {
    /// Starts a server with the demonstration data.
    pub fn demo(engine: Engine) -> Self {
        Self::start(engine, &[DEMO])
    }

    /// Starts a server with these flags, in addition to the folder, the address and the database.
    pub fn start(engine: Engine, flags: &[&str]) -> Self {
        Self::start_with(engine, flags, &[])
    }

    /// Starts a server with these environment variables.
    pub fn start_with(engine: Engine, flags: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut server = if flags.contains(&DEMO) {
            let world = World::on(engine);
            let server = Self::stopped(world.database(), flags);
            world.copy_to(&server.folder);
            server
        } else {
            Self::stopped((engine == Engine::Postgres).then(Database::new), flags)
        };
        server.set(environment);
        server.run();
        server
    }

    /// Starts another program on the same PostgreSQL database, with its own folder and the same keys.
    pub fn beside(&self) -> Self {
        self.beside_with(&[])
    }

    /// Starts it with these environment variables.
    pub fn beside_with(&self, environment: &[(&str, &str)]) -> Self {
        self.beside_on(self.database.clone(), environment)
    }

    /// Starts it with another URL of the database.
    pub fn beside_at(&self, url: String) -> Self {
        self.beside_on(Some(Arc::new(Database::reached_by(url))), &[])
    }

    fn beside_on(&self, database: Option<Arc<Database>>, environment: &[(&str, &str)]) -> Self {
        let mut other = Self::stopped(None, &[]);
        other.database = database;
        std::fs::create_dir_all(&other.folder).unwrap();
        for name in ["keys", "demo.json"] {
            std::fs::copy(self.folder.join(name), other.folder.join(name)).unwrap();
        }
        other.set(environment);
        other.run();
        other
    }

    fn set(&mut self, environment: &[(&str, &str)]) {
        let pairs = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.environment.extend(pairs);
    }

    /// Returns a server that is not started yet.
    pub fn stopped(database: Option<Database>, flags: &[&str]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("grantor-test-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let http =
            Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(30)).build().unwrap();
        Self {
            process: None,
            database: database.map(Arc::new),
            flags: flags.iter().map(ToString::to_string).collect(),
            environment: Vec::new(),
            folder,
            printed: Vec::new(),
            url: String::new(),
            http,
        }
    }

    /// Starts the program on the folder again; its port can differ.
    pub fn run(&mut self) {
        let mut command = self.command();
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&self.folder).args(&self.flags);
        if let Some(database) = &self.database {
            command.args(["--database-url", &database.url]);
        }
        let log = std::fs::File::options().create(true).append(true).open(self.log_path()).unwrap();
        let mut process = command.stdout(Stdio::piped()).stderr(log).spawn().expect("the program starts");
        self.printed = Vec::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let url = line.strip_prefix("listening on ").map(str::to_owned);
            self.printed.push(line);
            if let Some(url) = url {
                self.url = url;
                self.process = Some(process);
                return;
            }
        }
        let _ = process.wait();
        panic!("the program did not start: {}", self.log());
    }

    /// Returns the command of the program, isolated from the environment of the tests.
    pub fn command(&self) -> Command {
        std::fs::create_dir_all(&self.folder).unwrap();
        let mut command = Command::new(PROGRAM);
        command
            .env_clear()
            .env("HOME", &self.folder)
            .env("GRANTOR_CONFIG_HOME", self.folder.join("configuration"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Sets an environment variable and restarts the program.
    pub fn restart_with(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
        assert!(self.stop(), "shutdown is not clean: {}", self.log());
        self.run();
    }

    /// Runs a command on the folder, for which the program must be stopped.
    pub fn on_folder(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = self.command();
        command.args(arguments).arg("--data").arg(&self.folder);
        if let Some(url) = self.database_url() {
            command.args(["--database-url", url]);
        }
        outcome(&command.stdin(Stdio::null()).output().unwrap())
    }

    /// Runs the command line as a user of this server; returns its output, or its error.
    pub fn cli(&self, arguments: &[&str], token: Option<&str>) -> Result<String, String> {
        let mut command = self.command();
        command.args(arguments).env("GRANTOR_URL", &self.url).stdin(Stdio::null());
        if let Some(token) = token {
            command.env("GRANTOR_TOKEN", token);
        }
        outcome(&command.output().unwrap())
    }

    /// Kills the program (SIGKILL), like a power failure.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Stops the program (SIGTERM) and waits; returns whether it stopped cleanly.
    pub fn stop(&mut self) -> bool {
        self.ask_to_stop() && self.has_stopped()
    }

    /// Sends SIGTERM to the program; returns whether that succeeded.
    pub fn ask_to_stop(&self) -> bool {
        let Some(process) = &self.process else { return false };
        Command::new("kill").arg(process.id().to_string()).status().unwrap().success()
    }

    /// Waits until the program has stopped; returns whether it stopped cleanly.
    pub fn has_stopped(&mut self) -> bool {
        self.process.take().is_some_and(|mut process| process.wait().unwrap().success())
    }

    /// Returns the content of `demo.json`.
    pub fn world(&self) -> Demo {
        let text = std::fs::read_to_string(self.folder.join("demo.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn database_url(&self) -> Option<&str> {
        self.database.as_ref().map(|database| database.url.as_str())
    }

    fn log_path(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Returns the log of the program.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// Returns a GET request of a path, with a token if given.
    pub fn get(&self, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.http.get(format!("{}{path}", self.url));
        token.map_or(request.try_clone().unwrap(), |token| request.bearer_auth(token))
    }

    /// Returns the value of a metric; 0 if its series does not exist yet.
    pub fn metric(&self, series: &str) -> u64 {
        let answer = self.get("/metrics", None).send().unwrap();
        assert_eq!(answer.status(), 200);
        let text = answer.text().unwrap();
        let value = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        value.map_or(0, |value| value.parse().unwrap())
    }

    /// Returns the value once it has not changed for half a second, when start-up work is done.
    pub fn settled_metric(&self, series: &str) -> u64 {
        loop {
            let before = self.metric(series);
            std::thread::sleep(Duration::from_millis(500));
            if self.metric(series) == before {
                return before;
            }
        }
    }

    /// Returns a POST request of a form to a path.
    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.url)).form(form)
    }
}

/// Returns the output of a command, or its error.
pub fn outcome(output: &Output) -> Result<String, String> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("the log of the server:\n{}", self.log());
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
