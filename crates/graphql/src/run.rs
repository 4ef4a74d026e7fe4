//! Running an operation that may run.

use std::time::Duration;

use async_graphql::ServerError;
use async_graphql::parser::types::OperationType;
use authority::Fault;
use axum::http::HeaderValue;
use web::connections::ConnectionGuard;

use super::answer::Answer;
use super::error;
use super::execute::Ready;
use super::limits::Limits;
use super::schema::Schema;
use super::service::Service;

/// What came of an operation.
pub(super) struct Executed {
    /// The answer.
    pub(super) answer: Answer,
    /// What a field demanded that was refused for a sign-in that does not suffice.
    pub(super) challenge: Option<HeaderValue>,
}

impl Executed {
    /// The operation was not executed.
    pub(super) fn refusing(errors: Vec<ServerError>) -> Self {
        Self { answer: Answer::refusing(errors), challenge: None }
    }

    /// The challenge, where nothing came of the operation but refusals.
    pub(super) fn refused(&self) -> Option<&HeaderValue> {
        self.challenge.as_ref().filter(|_| self.answer.has_no_value())
    }
}

/// Runs an operation. A mutation is carried through even if the connection of the request is cut: it runs in a task of
/// its own, which holds the place of the connection, so that a stop of the program waits for it.
pub(super) async fn run_through(service: &Service, held: Option<ConnectionGuard>, ready: Ready) -> Executed {
    let (schema, limits) = (service.schema.clone(), service.limits.clone());
    if ready.operation != OperationType::Mutation {
        return run(&schema, &limits, ready).await;
    }
    let task = tokio::spawn(async move {
        let _held = held;
        run(&schema, &limits, ready).await
    });
    match task.await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(executed) => executed,
        // The request fails as it would without the task.
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(error)) => {
            let fault = Fault::Internal(format!("a mutation was not carried through: {error}"));
            Executed { answer: Answer::from(&fault), challenge: None }
        }
    }
}

/// Runs an operation.
pub(super) async fn run(schema: &Schema, limits: &Limits, ready: Ready) -> Executed {
    tracing::debug!(cost = ready.cost, "a GraphQL operation runs");
    let is_mutation = ready.operation == OperationType::Mutation;
    let executed = schema.execute(ready.document, ready.request);
    let mut answer = if is_mutation {
        executed.await
    } else {
        let timeout = Duration::from_secs(limits.seconds);
        tokio::time::timeout(timeout, executed).await.unwrap_or_else(|_| Answer::refused(late()))
    };
    let challenge = error::complete(&mut answer.errors);
    Executed { answer, challenge }
}

fn late() -> ServerError {
    let message = "the query took too long; ask for less at once";
    ServerError { extensions: Some(error::code("TIMEOUT")), ..ServerError::new(message, None) }
}
