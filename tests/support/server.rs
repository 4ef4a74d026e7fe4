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

/// The flag for the demonstration world.
pub const DEMO: &str = "--demo";

/// Where a test's registry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A running server with a data folder (and database) of its own; both are removed with it.
pub struct Server {
    process: Option<Child>,
    database: Option<Arc<Database>>,
    flags: Vec<String>,
    environment: Vec<(String, String)>,
    folder: PathBuf,
    /// What it printed up to `listening on`.
    pub printed: Vec<String>,
    /// Its address, without a slash at the end.
    pub url: String,
    /// A client that follows no redirects and keeps no cookies.
    pub http: Client,
}

impl Server {
    /// A server with the demonstration world.
    pub fn demo(engine: Engine) -> Self {
        Self::start(engine, &[DEMO])
    }

    /// A server with these flags besides the folder, the address and the database.
    pub fn start(engine: Engine, flags: &[&str]) -> Self {
        Self::start_with(engine, flags, &[])
    }

    /// The same with these variables in its environment.
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

    /// Another program on the same PostgreSQL database, with a folder of its own and the same keys.
    pub fn beside(&self) -> Self {
        self.beside_with(&[])
    }

    /// The same with these variables in its environment.
    pub fn beside_with(&self, environment: &[(&str, &str)]) -> Self {
        self.beside_on(self.database.clone(), environment)
    }

    /// The same on the database as another URL reaches it.
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

    /// A server that was not started yet.
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

    /// Starts the program on the folder again; it may listen on another port than before.
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

    /// The program, cut off from the environment of whoever runs the tests.
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

    /// Sets a variable of the environment and starts the program anew.
    pub fn restart_with(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
        assert!(self.stop(), "it stops cleanly: {}", self.log());
        self.run();
    }

    /// Runs a command that works on the folder itself, which takes that the program is stopped.
    pub fn on_folder(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = self.command();
        command.args(arguments).arg("--data").arg(&self.folder);
        if let Some(url) = self.database_url() {
            command.args(["--database-url", url]);
        }
        outcome(&command.stdin(Stdio::null()).output().unwrap())
    }

    /// The command line as a user of this server runs it; gives what it printed, or its error.
    pub fn cli(&self, arguments: &[&str], token: Option<&str>) -> Result<String, String> {
        let mut command = self.command();
        command.args(arguments).env("GRANTOR_URL", &self.url).stdin(Stdio::null());
        if let Some(token) = token {
            command.env("GRANTOR_TOKEN", token);
        }
        outcome(&command.output().unwrap())
    }

    /// Ends the program at once, as a power failure would (SIGKILL).
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Asks the program to stop (SIGTERM) and waits until it has; gives whether it stopped cleanly.
    pub fn stop(&mut self) -> bool {
        self.ask_to_stop() && self.has_stopped()
    }

    /// Asks the program to stop (SIGTERM); gives whether it could be asked.
    pub fn ask_to_stop(&self) -> bool {
        let Some(process) = &self.process else { return false };
        Command::new("kill").arg(process.id().to_string()).status().unwrap().success()
    }

    /// Waits until the program has stopped; gives whether it stopped cleanly.
    pub fn has_stopped(&mut self) -> bool {
        self.process.take().is_some_and(|mut process| process.wait().unwrap().success())
    }

    /// What `demo.json` says.
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

    /// What the program logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// A GET of a path, with a token where one is given.
    pub fn get(&self, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.http.get(format!("{}{path}", self.url));
        token.map_or(request.try_clone().unwrap(), |token| request.bearer_auth(token))
    }

    /// A number that the program tells of itself; 0 where its series is not there yet.
    pub fn metric(&self, series: &str) -> u64 {
        let answer = self.get("/metrics", None).send().unwrap();
        assert_eq!(answer.status(), 200);
        let text = answer.text().unwrap();
        let value = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        value.map_or(0, |value| value.parse().unwrap())
    }

    /// The same, once it has not changed for half a second: what a start leaves to do is done.
    pub fn settled_metric(&self, series: &str) -> u64 {
        loop {
            let before = self.metric(series);
            std::thread::sleep(Duration::from_millis(500));
            if self.metric(series) == before {
                return before;
            }
        }
    }

    /// A POST of a form to a path.
    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.url)).form(form)
    }
}

/// What a command printed, or its error.
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
