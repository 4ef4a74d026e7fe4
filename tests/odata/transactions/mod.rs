//! Object transactions: their life, what their requests see, and what becomes of them.

mod copies;
mod life;
mod races;
mod reading;
mod writing;

use reqwest::Method;
use serde_json::{Value, json};

use super::writing::Written;
use crate::support::Server;

impl Server {
    /// Sends a request to the service, and returns the status and the text of the response.
    fn said(
        &self,
        method: &Method,
        path: &str,
        transaction: &str,
        body: &Value,
        token: &str,
    ) -> (u16, String) {
        let url = format!("{}/api/domain/odata/{path}", self.url);
        let mut request = self.http.request(method.clone(), url).bearer_auth(token);
        if !transaction.is_empty() {
            request = request.header("TransactionId", transaction);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        let response = request.send().unwrap();
        (response.status().as_u16(), response.text().unwrap())
    }

    /// Begins a transaction that tracks its changes.
    fn begin(&self, token: &str) -> String {
        let (status, id) =
            self.said(&Method::POST, "BeginTransaction", "", &json!({ "trackChanges": true }), token);
        assert_eq!(status, 200, "{id}");
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        id
    }

    /// Ends a transaction.
    fn end(&self, id: &str, commits: bool, token: &str) -> Written {
        self.write(
            &Method::POST,
            "EndTransaction",
            &[("TransactionId", id)],
            &json!({ "commit": commits }),
            token,
        )
    }

    /// Reads within a transaction; the request has to succeed.
    fn within(&self, id: &str, path: &str, token: &str) -> Value {
        let (status, text) = self.said(&Method::GET, path, id, &Value::Null, token);
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }
}
