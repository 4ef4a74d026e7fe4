mod authenticator;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,1000",
];

/// Chromium with a profile of its own; both are removed on drop.
pub struct Browser {
    driver: Child,
    endpoint: String,
    profile: PathBuf,
    runtime: Runtime,
    client: Client,
}

impl Browser {
    pub fn open() -> Self {
        Self::open_with(&[])
    }

    /// Starts a browser without JavaScript.
    pub fn without_scripts() -> Self {
        Self::open_with(&["--blink-settings=scriptEnabled=false"])
    }

    pub fn open_with(flags: &[&str]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("grantor-browser-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&profile);
        let (driver, endpoint) = start_driver();
        let own = format!("--user-data-dir={}", profile.display());
        let args: Vec<&str> = FLAGS.iter().chain(flags).copied().chain([own.as_str()]).collect();
        let wanted = json!({
            "goog:chromeOptions": { "args": args },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let wanted = wanted.as_object().unwrap().clone();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let connected = runtime.block_on(async {
            ClientBuilder::new(HttpConnector::new()).capabilities(wanted).connect(&endpoint).await
        });
        let client = connected.expect("Chromium starts (Debian's packages chromium and chromium-driver)");
        Self { driver, endpoint, profile, runtime, client }
    }

    fn wait<T, E: std::fmt::Debug>(&self, future: impl Future<Output = Result<T, E>>) -> T {
        self.runtime.block_on(future).unwrap()
    }

    pub fn go(&self, url: &str) {
        self.wait(self.client.goto(url));
    }

    /// Returns path and query of the current page.
    pub fn path(&self) -> String {
        let url = self.wait(self.client.current_url());
        url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// Waits until the path of the current page starts with `start`.
    pub fn wait_for_path(&self, start: &str) {
        for _ in 0..500 {
            if self.path().starts_with(start) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the browser is at {}, not at {start}: {}", self.path(), self.text("body"));
    }

    /// Runs `act` in a second tab, which is closed afterwards.
    pub fn in_another_tab(&self, act: impl FnOnce()) {
        let own = self.wait(self.client.window());
        let other = self.wait(self.client.new_window(true));
        self.wait(self.client.switch_to_window(other.handle));
        act();
        self.wait(self.client.close_window());
        self.wait(self.client.switch_to_window(own));
    }

    pub fn reload(&self) {
        self.wait(self.client.refresh());
    }

    pub fn back(&self) {
        self.wait(self.client.back());
    }

    pub fn source(&self) -> String {
        self.wait(self.client.source())
    }

    fn element(&self, css: &str) -> Element {
        let found = self.runtime.block_on(self.client.find(Locator::Css(css)));
        found.unwrap_or_else(|error| panic!("{} has no {css}: {error}\n{}", self.path(), self.text("body")))
    }

    fn elements(&self, css: &str) -> Vec<Element> {
        self.wait(self.client.find_all(Locator::Css(css)))
    }

    pub fn has(&self, css: &str) -> bool {
        !self.elements(css).is_empty()
    }

    /// Whether an element exists and is visible.
    pub fn shows(&self, css: &str) -> bool {
        self.elements(css).iter().any(|element| self.wait(element.is_displayed()))
    }

    /// Returns the visible text of an element.
    pub fn text(&self, css: &str) -> String {
        self.wait(self.element(css).text())
    }

    pub fn texts(&self, css: &str) -> Vec<String> {
        self.elements(css).iter().map(|element| self.wait(element.text())).collect()
    }

    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.wait(self.element(css).attr(name))
    }

    /// Returns the value of a field.
    pub fn value(&self, css: &str) -> String {
        self.wait(self.element(css).prop("value")).unwrap_or_default()
    }

    /// Enters a text into a field.
    pub fn fill(&self, css: &str, text: &str) {
        let field = self.element(css);
        self.wait(field.clear());
        self.wait(field.send_keys(text));
    }

    pub fn select(&self, css: &str, value: &str) {
        self.wait(self.element(css).select_by_value(value));
    }

    /// Clicks an element that changes the current page.
    pub fn click(&self, css: &str) {
        self.wait(self.element(css).click());
    }

    /// Clicks an element that leads to another page, and waits for that page.
    pub fn follow(&self, css: &str) {
        self.leave(|| self.click(css));
    }

    /// Runs an action that leads to another page, and waits until the current page is gone.
    fn leave(&self, act: impl FnOnce()) {
        let page = self.element("html");
        act();
        for _ in 0..500 {
            if self.runtime.block_on(page.tag_name()).is_err_and(|error| error.is_stale_element_reference()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{} leads nowhere", self.path());
    }

    /// Follows the element of this kind, such as a `button`, with this text.
    pub fn follow_text(&self, kind: &str, text: &str) {
        let path = format!("//{kind}[starts-with(normalize-space(.), '{text}')]");
        let found = self.runtime.block_on(self.client.find(Locator::XPath(&path)));
        let found = found.unwrap_or_else(|_| panic!("no {kind} '{text}' in {}", self.text("body")));
        self.leave(|| self.wait(found.click()));
    }

    /// Types into the focused element.
    pub fn type_keys(&self, keys: &str) {
        self.wait(async { self.client.active_element().await?.send_keys(keys).await });
    }

    pub fn press(&self, key: Key) {
        self.type_keys(&char::from(key).to_string());
    }

    /// Presses Enter on the focused element, which leads to another page.
    pub fn enter(&self) {
        self.leave(|| self.press(Key::Enter));
    }

    /// Runs a script and returns its result.
    pub fn run(&self, script: &str) -> Value {
        self.wait(self.client.execute(script, Vec::new()))
    }

    /// Returns the messages of the browser since the last call: script errors, violations of the security
    /// policy, missing files. A page with a 4xx status is not a message.
    pub fn complaints(&self) -> Vec<String> {
        let session = self.wait(self.client.session_id()).unwrap();
        let url = format!("{}/session/{session}/se/log", self.endpoint);
        let answer = reqwest::blocking::Client::new().post(url).json(&json!({ "type": "browser" })).send();
        let answer: Value = answer.unwrap().json().unwrap();
        let entries = answer["value"].as_array().expect("the driver gives the log");
        let of_page = |message: &str| message.contains("with a status of 4") && !message.contains("/static/");
        entries
            .iter()
            .filter(|entry| entry["source"] != "network" || !of_page(entry["message"].as_str().unwrap()))
            .map(ToString::to_string)
            .collect()
    }

    /// Sends a command that has no method of its own.
    fn command(&self, method: reqwest::Method, path: &str, body: Option<&Value>) -> Value {
        let session = self.wait(self.client.session_id()).unwrap();
        let url = format!("{}/session/{session}{path}", self.endpoint);
        let request = reqwest::blocking::Client::new().request(method, url);
        let request = body.map_or(request.try_clone().unwrap(), |body| request.json(body));
        let answer: Value = request.send().unwrap().json().unwrap();
        assert!(answer["value"]["error"].is_null(), "{answer}");
        answer["value"].clone()
    }

    /// Renders pages with this screen width in pixels; a window cannot be as narrow as a small phone.
    pub fn set_width(&self, width: u32) {
        let screen = json!({ "width": width, "height": 740, "deviceScaleFactor": 1, "mobile": false });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": screen });
        self.command(reqwest::Method::POST, "/goog/cdp/execute", Some(&command));
    }

    /// Waits until an element contains a text.
    pub fn wait_for_text(&self, css: &str, text: &str) {
        for _ in 0..500 {
            if self.text(css) == text {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{css} says '{}', not '{text}'", self.text(css));
    }

    pub fn assert_quiet(&self) {
        let complaints = self.complaints();
        assert!(complaints.is_empty(), "messages of the browser: {complaints:#?}");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the browser was at {}", self.path());
        }
        let _ = self.runtime.block_on(self.client.clone().close());
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// Starts the driver on a free port; returns its address.
fn start_driver() -> (Child, String) {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver starts (Debian's package chromium-driver)");
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = lines.find_map(|line| {
        let line = line.ok()?;
        Some(line.split_once("started successfully on port ")?.1.trim_end_matches('.').to_owned())
    });
    // The pipe stays open, because the driver may continue to write.
    std::thread::spawn(move || lines.for_each(drop));
    (driver, format!("http://127.0.0.1:{}", port.expect("chromedriver names its port")))
}
