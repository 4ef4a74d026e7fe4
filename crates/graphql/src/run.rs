//! Runs prepared operations.

use std::time::Duration;

use async_graphql::ServerError;
use async_graphql::parser::types::OperationType;
use authority::Fault;
use axum::http::HeaderValue;
use web::connections::ConnectionGuard;

use super::error;
use super::execute::PreparedOperation;
use super::limits::Limits;
use super::response::GraphqlResponse;
use super::schema::Schema;
use super::service::Service;

/// The outcome of an operation.
pub(super) struct Executed {
    /// The answer.
    pub(super) response: GraphqlResponse,
    /// The challenge of a field that requires another sign-in.
    pub(super) challenge: Option<HeaderValue>,
}

impl Executed {
    /// The operation was not executed.
    pub(super) fn refusing(errors: Vec<ServerError>) -> Self {
        Self { response: GraphqlResponse::refusing(errors), challenge: None }
    }

    /// The challenge, if no field has a value.
    pub(super) fn refused(&self) -> Option<&HeaderValue> {
        self.challenge.as_ref().filter(|_| self.response.has_no_value())
    }
}

/// Runs an operation. A mutation runs to its end even if the connection is cut: it runs in its own task, which holds the
/// slot of the connection, so that a stop of the program waits for it.
pub(super) async fn run_to_completion(
    service: &Service,
    held: Option<ConnectionGuard>,
    operation: PreparedOperation,
) -> Executed {
    let (schema, limits) = (service.schema.clone(), service.limits.clone());
    if operation.kind != OperationType::Mutation {
        return run(&schema, &limits, operation).await;
    }
    let task = tokio::spawn(async move {
        let _held = held;
        run(&schema, &limits, operation).await
    });
    match task.await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(executed) => executed,
        // The request fails as it would without the task.
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(error)) => {
            let fault = Fault::Internal(format!("a mutation was not carried through: {error}"));
            Executed { response: GraphqlResponse::from(&fault), challenge: None }
        }
    }
}

/// Runs an operation.
pub(super) async fn run(schema: &Schema, limits: &Limits, operation: PreparedOperation) -> Executed {
    tracing::debug!(cost = operation.cost, "a GraphQL operation runs");
    let is_mutation = operation.kind == OperationType::Mutation;
    let executed = schema.execute(operation.document, operation.request);
    let mut response = if is_mutation {
        executed.await
    } else {
        let timeout = Duration::from_secs(limits.seconds);
        tokio::time::timeout(timeout, executed).await.unwrap_or_else(|_| GraphqlResponse::refused(late()))
    };
    let challenge = error::complete(&mut response.errors);
    Executed { response, challenge }
}

fn late() -> ServerError {
    let message = "the query took too long; request fewer rows or fields";
    ServerError { extensions: Some(error::code("TIMEOUT")), ..ServerError::new(message, None) }
}
