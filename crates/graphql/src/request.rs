//! Requests as they come: in a body, or in the address (GraphQL over HTTP, section "Request").

use async_graphql::Variables;
use authority::json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use web::http::{self, BodyError};

use super::documents::{Documents, Missing};
use super::limits::Limit;
use super::media::is_json;
use super::rejection::GraphqlRejection;
use super::service::Service;

/// A request to run a document.
#[derive(Default)]
pub(super) struct GraphqlRequest {
    /// The document.
    pub(super) query: String,
    /// Which of the document's operations runs.
    pub(super) operation_name: Option<String>,
    /// The values of the operation's variables.
    pub(super) variables: Variables,
}

/// The content of a body: one request, or a list of requests.
pub(super) enum Requests {
    One(GraphqlRequest),
    /// Each of them, or why it cannot be read.
    Several(Vec<Result<GraphqlRequest, GraphqlRejection>>),
}

/// The members of a request; others are ignored.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
    #[serde(default)]
    extensions: Option<BodyExtensions>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BodyExtensions {
    persisted_query: Option<PersistedQuery>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersistedQuery {
    sha256_hash: String,
}

impl Body {
    fn into_request(self, documents: &Documents) -> Result<GraphqlRequest, GraphqlRejection> {
        let hash = self.extensions.and_then(|extensions| extensions.persisted_query);
        let id = self.document_id.or(hash.map(|hash| hash.sha256_hash));
        let query = documents.find(id.as_deref(), self.query).map_err(|missing| match missing {
            Missing::Unknown => {
                let status = StatusCode::BAD_REQUEST;
                GraphqlRejection::new(
                    status,
                    "PERSISTED_QUERY_NOT_FOUND",
                    "no document with this hash is known",
                )
            }
            Missing::Untrusted => {
                let message =
                    "only documents that the server knows are run: send the hash of one as 'documentId'";
                GraphqlRejection::new(StatusCode::FORBIDDEN, "PERSISTED_QUERY_ONLY", message)
            }
            Missing::Nothing => GraphqlRejection::bad("the request has no 'query'"),
        })?;
        Ok(GraphqlRequest { query, operation_name: self.operation_name, variables: self.variables })
    }
}

/// A request of a list; it is an object, not an array of values.
#[derive(Deserialize)]
#[serde(try_from = "serde_json::Map<String, serde_json::Value>")]
struct Map(Body);

impl TryFrom<serde_json::Map<String, serde_json::Value>> for Map {
    type Error = serde_json::Error;

    fn try_from(members: serde_json::Map<String, serde_json::Value>) -> Result<Self, serde_json::Error> {
        serde_json::from_value(serde_json::Value::Object(members)).map(Self)
    }
}

pub(super) fn read_body(
    service: &Service,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Requests, GraphqlRejection> {
    if !is_json(headers) {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(GraphqlRejection::new(
            status,
            "UNSUPPORTED_MEDIA_TYPE",
            "the body is application/json in UTF-8",
        ));
    }
    let body = http::body(body).map_err(|error| {
        let code = match error {
            BodyError::TooLong => "PAYLOAD_TOO_LARGE",
            BodyError::TooSlow | BodyError::Incomplete => "BAD_REQUEST",
        };
        GraphqlRejection::new(error.status(), code, &error.to_string())
    })?;
    match body.trim_ascii_start().first() {
        // An array would be read as the members in their order.
        Some(b'[') => {
            let most = service.limits.batch;
            if most == 1 {
                let message =
                    "one request at a time: lists of requests are answered where the operator allows it";
                return Err(GraphqlRejection::new(StatusCode::BAD_REQUEST, "BATCHES_NOT_ANSWERED", message));
            }
            let bodies: Vec<Map> = read_json("the body", &body)?;
            Limit::new("batch", "the number of requests", most).check(bodies.len() as u64, None)?;
            if bodies.is_empty() {
                return Err(GraphqlRejection::bad("the list has no request"));
            }
            let read = |Map(body): Map| body.into_request(&service.documents);
            Ok(Requests::Several(bodies.into_iter().map(read).collect()))
        }
        Some(b'{') => {
            let body: Body = read_json("the body", &body)?;
            body.into_request(&service.documents).map(Requests::One)
        }
        _ => Err(GraphqlRejection::bad("the body is a JSON object with the document as its 'query'")),
    }
}

/// Reads the request in a message of a WebSocket.
pub(super) fn read_message(
    service: &Service,
    payload: serde_json::Value,
) -> Result<GraphqlRequest, GraphqlRejection> {
    let body: Body = serde_json::from_value(payload)
        .map_err(|_| GraphqlRejection::bad("the payload does not have the expected members"))?;
    body.into_request(&service.documents)
}

pub(super) fn read_address(service: &Service, query: &str) -> Result<Requests, GraphqlRejection> {
    let mut body = Body::default();
    let mut seen = Vec::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !["query", "documentId", "operationName", "variables", "extensions"].contains(&name) {
            continue;
        }
        if seen.contains(&name) {
            return Err(GraphqlRejection::bad(&format!("'{name}' is given more than once")));
        }
        seen.push(name);
        let value = http::decode(value.as_bytes())
            .map_err(|_| GraphqlRejection::bad(&format!("'{name}' is not UTF-8")))?;
        match name {
            "query" => body.query = Some(value),
            _ if value.is_empty() => {}
            "documentId" => body.document_id = Some(value),
            "operationName" => body.operation_name = Some(value),
            "extensions" => body.extensions = read_json("'extensions'", value.as_bytes())?,
            _ => body.variables = read_json("'variables'", value.as_bytes())?,
        }
    }
    body.into_request(&service.documents).map(Requests::One)
}

/// Reads JSON in which no object has a name twice, at any depth: of two filters with one name, the wider one could win.
fn read_json<T: DeserializeOwned>(what: &str, text: &[u8]) -> Result<T, GraphqlRejection> {
    let read = serde_json::from_slice(text).map_err(|error| malformed(what, &error))?;
    match json::value(text) {
        Ok(_) => Ok(read),
        Err(error) => Err(GraphqlRejection::bad(&format!("{what} is not accepted: {error}"))),
    }
}

/// JSON that cannot be read. The parser's own words are left out: they could quote a secret.
fn malformed(what: &str, error: &serde_json::Error) -> GraphqlRejection {
    let (line, column) = (error.line(), error.column());
    GraphqlRejection::bad(&format!("{what} is not JSON, at line {line}, column {column}"))
}
