//! Writing rows: what is created, changed and deleted, who may, and what is refused.

mod actions;
mod applications;
mod batch;
mod catalogue;
mod conditions;
mod contents;
mod methods;
mod same_rows;
mod tokens;
mod users;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::support::Server;

pub(super) const TOKENS: &str = "Systems_Security_AccessTokens";
pub(super) const USERS: &str = "Systems_Security_Users";
pub(super) const APPLICATIONS: &str = "Systems_Security_TrustedApplications";

/// The response to a write.
pub(super) struct Written {
    pub(super) status: u16,
    headers: HeaderMap,
    pub(super) body: Value,
}

impl Written {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub(super) fn id(&self) -> String {
        let address = self.header("odata-entityid");
        address.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or_default().to_owned()
    }

    pub(super) fn secret(&self) -> &str {
        self.body["@grantor.secret"].as_str().unwrap_or_default()
    }

    /// The targets and codes of an error, in their order.
    pub(super) fn details(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let details = self.body["error"]["details"].as_array().cloned().unwrap_or_default();
        details.iter().map(|detail| (text(&detail["target"]), text(&detail["code"]))).collect()
    }
}

impl Server {
    /// Sends a request that writes; `path` is the part after the service root.
    pub(super) fn write(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
        token: &str,
    ) -> Written {
        let mut request = self.http.request(method.clone(), format!("{}/api/domain/odata/{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        let response = request.bearer_auth(token).send().unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().unwrap();
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        Written { status, headers, body }
    }

    pub(super) fn create(&self, path: &str, body: &Value, token: &str) -> Written {
        self.write(&Method::POST, path, &[], body, token)
    }

    /// Creates a row, which must succeed.
    pub(super) fn created(&self, set: &str, body: &Value, token: &str) -> Written {
        let written = self.create(set, body, token);
        assert_eq!(written.status, 201, "{body}: {}", written.body);
        written
    }

    pub(super) fn patch(&self, path: &str, body: &Value, token: &str) -> Written {
        self.write(&Method::PATCH, path, &[], body, token)
    }

    pub(super) fn delete(&self, path: &str, token: &str) -> Written {
        self.write(&Method::DELETE, path, &[], &Value::Null, token)
    }

    /// Returns a row with its version and its external identifiers.
    pub(super) fn row(&self, address: &str, token: &str) -> Value {
        const EXTENDED: &str = "default,Id,ObjectVersion,ExternalId,ExternalSystem";
        let mut row = self.rows(&format!("{address}?$select={EXTENDED}"), token).remove(0);
        row.as_object_mut().unwrap().remove("value");
        row
    }
}

/// A personal access token for the demonstration client.
pub(super) fn personal(description: &str) -> Value {
    json!({
        "Kind": "PersonalAccessToken",
        "Client": "demo-web",
        "Description": description,
        "Scopes": "read update",
    })
}

/// Returns the address of a row.
pub(super) fn address(set: &str, id: &str) -> String {
    format!("{set}({id})")
}
