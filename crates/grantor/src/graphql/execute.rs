//! One request, from the text of its document to the answer.

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, Variables};

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

/// Runs a document for a caller.
pub(super) async fn execute(
    schema: &Schema,
    asking: Asking,
    asked: Asked,
    allowed: Allowed,
) -> Result<Response, NotAllowed> {
    let document = match document::parse(&asked.query) {
        Ok(document) => document,
        Err(error) => return Ok(Response::from_errors(vec![error])),
    };
    let operation = document::operation_type(&document, asked.operation_name.as_deref());
    if allowed == Allowed::Queries && operation.is_some_and(|operation| operation != OperationType::Query) {
        return Err(NotAllowed);
    }
    let mut request = Request::new(asked.query).variables(asked.variables).data(asking);
    request.operation_name = asked.operation_name;
    request.set_parsed_query(document);
    let mut response = schema.execute(request).await;
    error::complete(&mut response.errors);
    Ok(response)
}
