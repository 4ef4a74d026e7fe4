//! One request, from the text of its document to the answer.

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, Value, Variables};
use axum::http::HeaderValue;

use super::caller::Asking;
use super::{Schema, document, error};

/// What is asked.
#[derive(Default)]
pub(super) struct Asked {
    /// The document.
    pub(super) query: String,
    /// Which of the document's operations runs.
    pub(super) operation_name: Option<String>,
    /// The values of the operation's variables.
    pub(super) variables: Variables,
}

/// Which operations a request may run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    /// All.
    All,
    /// Those that change nothing.
    Queries,
}

/// The request may not run such an operation.
#[derive(Debug)]
pub(super) struct NotAllowed;

/// What came of a document.
pub(super) struct Executed {
    /// The answer.
    pub(super) response: Response,
    /// What a field demanded that was refused for a sign-in that does not suffice.
    pub(super) challenge: Option<HeaderValue>,
}

impl Executed {
    /// The challenge, where nothing came of the document but refusals.
    pub(super) fn refused(&self) -> Option<&HeaderValue> {
        let nothing = match &self.response.data {
            Value::Object(fields) => fields.values().all(|value| *value == Value::Null),
            data => *data == Value::Null,
        };
        self.challenge.as_ref().filter(|_| nothing)
    }
}

/// Runs a document for a caller.
pub(super) async fn execute(
    schema: &Schema,
    asking: Asking,
    asked: Asked,
    allowed: Allowed,
) -> Result<Executed, NotAllowed> {
    let document = match document::parse(&asked.query) {
        Ok(document) => document,
        Err(error) => {
            return Ok(Executed { response: Response::from_errors(vec![error]), challenge: None });
        }
    };
    let operation = document::operation_type(&document, asked.operation_name.as_deref());
    if allowed == Allowed::Queries && operation.is_some_and(|operation| operation != OperationType::Query) {
        return Err(NotAllowed);
    }
    let mut request = Request::new(asked.query).variables(asked.variables).data(asking);
    request.operation_name = asked.operation_name;
    request.set_parsed_query(document);
    let mut response = schema.execute(request).await;
    let challenge = error::complete(&mut response.errors);
    Ok(Executed { response, challenge })
}
