use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::blocking::{RequestBuilder, Response};
use reqwest::header::{COOKIE, SET_COOKIE};

/// A cookie jar that works like that of a browser.
#[derive(Default)]
pub struct Cookies(Mutex<BTreeMap<String, String>>);

impl Cookies {
    /// Sends a request with the cookies, and stores those of the response.
    pub fn send(&self, request: RequestBuilder) -> Response {
        let pairs: Vec<String> =
            self.0.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if pairs.is_empty() { request } else { request.header(COOKIE, pairs.join("; ")) };
        let response = request.send().unwrap();
        for line in response.headers().get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.0.lock().unwrap();
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.into(), value.into());
            }
        }
        response
    }

    /// Returns the number of cookies whose name begins with `start`.
    pub fn count(&self, start: &str) -> usize {
        self.0.lock().unwrap().keys().filter(|name| name.starts_with(start)).count()
    }

    /// Removes a cookie.
    pub fn forget(&self, name: &str) {
        self.0.lock().unwrap().remove(name);
    }

    /// Returns the value of a cookie.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.lock().unwrap().get(name).cloned()
    }

    /// Sets a cookie, as an attacker with access to the browser could.
    pub fn set(&self, name: &str, value: &str) {
        self.0.lock().unwrap().insert(name.into(), value.into());
    }
}
