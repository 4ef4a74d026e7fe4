//! Both APIs, for the holder of a token.

use reqwest::blocking::Response;
use serde_json::{Value, json};

use super::Server;

/// All visible properties of a token.
const TOKEN: &str = "default,Id,ObjectVersion";

impl Server {
    /// Sends a request to the OData service; `query` is the part after the service root.
    pub fn odata(&self, query: &str, token: &str) -> Response {
        self.get(&format!("/api/domain/odata/{query}"), Some(token)).send().unwrap()
    }

    /// Returns the rows of a page, or the single row.
    pub fn rows(&self, query: &str, token: &str) -> Vec<Value> {
        let response = self.odata(query, token);
        let (status, text) = (response.status(), response.text().unwrap());
        assert_eq!(status, 200, "{query}: {text}");
        let mut body: Value = serde_json::from_str(&text).unwrap();
        match body["value"].take() {
            Value::Array(rows) => rows,
            _ => vec![body],
        }
    }

    /// Returns the number of rows.
    pub fn count(&self, set_and_query: &str, token: &str) -> u64 {
        let (set, query) = set_and_query.split_once('?').unwrap_or((set_and_query, ""));
        let response = self.odata(&format!("{set}/$count?{query}"), token);
        assert_eq!(response.status(), 200);
        response.text().unwrap().trim().parse().unwrap()
    }

    /// Returns the row of the grant with this secret, read with the token `reader`.
    pub fn grant(&self, secret: &str, reader: &str) -> Value {
        let key = sha256(secret);
        let query =
            format!("Systems_Security_AccessTokens?$filter=AccessTokenKey eq '{key}'&$select={TOKEN}");
        let mut rows = self.rows(&query, reader);
        assert_eq!(rows.len(), 1, "one row for one secret");
        rows.remove(0)
    }

    /// Returns the identifier of the grant with this secret.
    pub fn grant_id(&self, secret: &str, reader: &str) -> String {
        self.grant(secret, reader)["Id"].as_str().unwrap().to_owned()
    }

    /// Sends a GraphQL request; returns the status and the response.
    pub fn graphql(&self, document: &str, variables: &Value, token: &str) -> (u16, Value) {
        let request = self.http.post(format!("{}/graphql", self.url)).bearer_auth(token);
        let response = request.json(&json!({ "query": document, "variables": variables })).send().unwrap();
        (response.status().as_u16(), response.json().unwrap_or_default())
    }

    /// Whether a token is accepted; OData and GraphQL must agree.
    pub fn accepts(&self, token: &str) -> bool {
        let odata = self.odata("Systems_Security_AccessTokens?$top=1", token).status().as_u16();
        let (graphql, _) = self.graphql("{ viewer { id } }", &json!({}), token);
        assert_eq!(odata, graphql, "OData and GraphQL differ");
        match odata {
            200 => true,
            401 => false,
            other => panic!("neither accepted nor refused: {other}"),
        }
    }
}

/// Returns the time between creation and expiry of a row of AccessTokens.
pub fn lifetime(row: &Value) -> time::Duration {
    let time = |name: &str| {
        let text = row[name].as_str().unwrap();
        time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).unwrap()
    };
    time("ExpireTimestamp") - time("CreationTimestamp")
}

/// Returns the lower-case hexadecimal SHA-256, by independent code.
pub fn sha256(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
