//! Requests as they come: in a body, or in the address (GraphQL over HTTP, section "Request").

use async_graphql::Variables;
use authority::json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};
use web::http::negotiation::{JSON, has_media_type};
use web::http::{self, BodyError};

use super::documents::{Documents, Missing};
use super::limits::Limit;
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
struct Members {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Variables,
    /// The hash in the extension `persistedQuery`.
    hash: Option<String>,
}

impl Members {
    /// Reads a request. An array is not read as the members in their order.
    fn from_value(value: Value) -> Result<Self, GraphqlRejection> {
        match value {
            Value::Object(object) => Self::from_object(object),
            _ => Err(GraphqlRejection::bad("a request is a JSON object with the document as its 'query'")),
        }
    }

    /// Reads the members of an object. Null is the same as absent.
    fn from_object(mut object: Map<String, Value>) -> Result<Self, GraphqlRejection> {
        let persisted = match take_object(&mut object, "extensions")? {
            Some(mut extensions) => take_object(&mut extensions, "persistedQuery")?,
            None => None,
        };
        let hash = match persisted {
            Some(mut persisted) => Some(
                take_text(&mut persisted, "sha256Hash")?
                    .ok_or_else(|| GraphqlRejection::bad("'persistedQuery' has no 'sha256Hash'"))?,
            ),
            None => None,
        };
        let variables = take_object(&mut object, "variables")?.unwrap_or_default();
        let variables = serde_json::from_value(Value::Object(variables))
            .map_err(|_| GraphqlRejection::bad("'variables' cannot be read"))?;
        Ok(Self {
            query: take_text(&mut object, "query")?,
            document_id: take_text(&mut object, "documentId")?,
            operation_name: take_text(&mut object, "operationName")?,
            variables,
            hash,
        })
    }

    fn into_request(self, documents: &Documents) -> Result<GraphqlRequest, GraphqlRejection> {
        let id = self.document_id.or(self.hash);
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

/// Takes a member that is a string, if it is present.
fn take_text(object: &mut Map<String, Value>, name: &str) -> Result<Option<String>, GraphqlRejection> {
    match object.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(GraphqlRejection::bad(&format!("'{name}' is not a string"))),
    }
}

/// Takes a member that is an object, if it is present.
fn take_object(
    object: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<Map<String, Value>>, GraphqlRejection> {
    match object.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(members)) => Ok(Some(members)),
        Some(_) => Err(GraphqlRejection::bad(&format!("'{name}' is not an object"))),
    }
}

/// Reads the body of a request.
pub(super) fn read_body(
    service: &Service,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Requests, GraphqlRejection> {
    if !has_media_type(headers, JSON) {
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
    if body.trim_ascii_start().first() == Some(&b'[') && service.limits.batch == 1 {
        let message = "one request at a time: lists of requests are answered where the operator allows it";
        return Err(GraphqlRejection::new(StatusCode::BAD_REQUEST, "BATCHES_NOT_ANSWERED", message));
    }
    match read_json("the body", &body)? {
        Value::Array(values) => {
            Limit::new("batch", "the number of requests", service.limits.batch)
                .check(values.len() as u64, None)?;
            if values.is_empty() {
                return Err(GraphqlRejection::bad("the list has no request"));
            }
            let members = values.into_iter().map(Members::from_value).collect::<Result<Vec<_>, _>>()?;
            let read = |members: Members| members.into_request(&service.documents);
            Ok(Requests::Several(members.into_iter().map(read).collect()))
        }
        value => Members::from_value(value)?.into_request(&service.documents).map(Requests::One),
    }
}

/// Reads the request in a message of a WebSocket.
pub(super) fn read_message(service: &Service, payload: Value) -> Result<GraphqlRequest, GraphqlRejection> {
    Members::from_value(payload)?.into_request(&service.documents)
}

/// Reads the request in the query of an address.
pub(super) fn read_address(service: &Service, query: &str) -> Result<Requests, GraphqlRejection> {
    let mut members = Map::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // A name that is not UTF-8 is none of these.
        let Ok(name) = http::decode(name.as_bytes()) else { continue };
        if !["query", "documentId", "operationName", "variables", "extensions"].contains(&name.as_str()) {
            continue;
        }
        let value = http::decode(value.as_bytes())
            .map_err(|_| GraphqlRejection::bad(&format!("'{name}' is not UTF-8")))?;
        let value = match name.as_str() {
            "variables" | "extensions" => read_json(&format!("'{name}'"), value.as_bytes())?,
            // GraphQL over HTTP, section "GET": an empty name is the same as none.
            "operationName" if value.is_empty() => Value::Null,
            _ => Value::String(value),
        };
        if members.contains_key(&name) {
            return Err(GraphqlRejection::bad(&format!("'{name}' is given more than once")));
        }
        members.insert(name, value);
    }
    Members::from_object(members)?.into_request(&service.documents).map(Requests::One)
}

/// Reads JSON in which no object has a name twice, at any depth: of two filters with one name, the wider one could win.
fn read_json(what: &str, text: &[u8]) -> Result<Value, GraphqlRejection> {
    json::value(text).map_err(|error| GraphqlRejection::bad(&format!("{what} is not accepted: {error}")))
}
