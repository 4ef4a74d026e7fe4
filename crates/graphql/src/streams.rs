//! Operations that are answered by a stream of responses: one for a query or mutation, many for a subscription.

use std::pin::Pin;
use std::sync::Arc;

use async_graphql::ServerError;
use async_graphql::parser::types::OperationType;
use futures_util::stream::{self, Stream, StreamExt as _};
use web::connections::ConnectionGuard;
use web::rate_limit::Meter;

use super::error;
use super::execute::{AllowedOperations, PreparedOperation};
use super::limits::Limit;
use super::rejection::PrepareError;
use super::request::GraphqlRequest;
use super::requester::Requester;
use super::response::GraphqlResponse;
use super::run::run_to_completion;
use super::service::Service;

/// The answers to an operation.
pub(super) type Responses = Pin<Box<dyn Stream<Item = GraphqlResponse> + Send>>;

/// Begins to answer, if the document may run and the caller has a slot for another stream.
pub(super) fn begin(
    service: &Arc<Service>,
    requester: &Requester,
    (meter, held): (&Meter, Option<ConnectionGuard>),
    request: GraphqlRequest,
    allowed: AllowedOperations,
) -> Result<Responses, PrepareError> {
    let operation = requester.prepare(&service.limits, meter, request, allowed)?;
    if operation.kind == OperationType::Subscription {
        return subscribe(service, requester, operation);
    }
    let cost = requester.cost(meter, operation.cost);
    let service = Arc::clone(service);
    Ok(Box::pin(stream::once(async move {
        let answer = run_to_completion(&service, held, operation).await.response;
        GraphqlResponse { cost: Some(cost), ..answer }
    })))
}

/// Begins a subscription that may run.
pub(super) fn subscribe(
    service: &Service,
    requester: &Requester,
    operation: PreparedOperation,
) -> Result<Responses, PrepareError> {
    let most = service.limits.subscriptions;
    let slot = match requester {
        Requester::Authenticated(resolver) => service.slots.acquire(resolver.caller.user.id, most),
        Requester::Anonymous(_) => None,
    };
    let Some(slot) = slot else {
        let limit = Limit::new("subscriptions", "the number of subscriptions", most);
        return match limit.check(most + 1, None) {
            Err(error) => Err(error.into()),
            Ok(()) => Err(ServerError::new("no slot", None).into()),
        };
    };
    let answers = service.schema.follow(&operation.document, operation.request);
    Ok(Box::pin(answers.map(move |mut answer| {
        let _taken = &slot;
        error::complete(&mut answer.errors);
        answer
    })))
}
