//! Operations whose answer lasts: a stream of answers, one for a query or mutation, many for a subscription.

use std::pin::Pin;
use std::sync::Arc;

use async_graphql::ServerError;
use async_graphql::parser::types::OperationType;
use futures_util::stream::{self, Stream, StreamExt as _};
use web::connections::ConnectionGuard;
use web::rate_limit::Meter;

use super::answer::Answer;
use super::error;
use super::execute::{Allowed, Asked, Ready, Refused};
use super::limits::Limit;
use super::run::run_through;
use super::sender::Sender;
use super::service::Service;

/// The answers to an operation.
pub(super) type Answers = Pin<Box<dyn Stream<Item = Answer> + Send>>;

/// Begins to answer, if the document may run and the caller has a place for another stream.
pub(super) fn begin(
    service: &Arc<Service>,
    sender: &Sender,
    (meter, held): (&Meter, Option<ConnectionGuard>),
    asked: Asked,
    allowed: Allowed,
) -> Result<Answers, Refused> {
    let ready = sender.prepare(&service.limits, meter, asked, allowed)?;
    if ready.operation == OperationType::Subscription {
        return subscribe(service, sender, ready);
    }
    let cost = sender.cost(meter, ready.cost);
    let service = Arc::clone(service);
    Ok(Box::pin(stream::once(async move {
        let answer = run_through(&service, held, ready).await.answer;
        Answer { cost: Some(cost), ..answer }
    })))
}

/// Begins a subscription that may run.
pub(super) fn subscribe(service: &Service, sender: &Sender, ready: Ready) -> Result<Answers, Refused> {
    let most = service.limits.subscriptions;
    let place = match sender {
        Sender::Known(asking) => service.places.take(asking.caller.user.id, most),
        Sender::Nobody(_) => None,
    };
    let Some(place) = place else {
        let limit = Limit::new("subscriptions", "the number of subscriptions", most);
        return match limit.check(most + 1, None) {
            Err(error) => Err(error.into()),
            Ok(()) => Err(ServerError::new("no place", None).into()),
        };
    };
    let answers = service.schema.follow(&ready.document, ready.request);
    Ok(Box::pin(answers.map(move |mut answer| {
        let _taken = &place;
        error::complete(&mut answer.errors);
        answer
    })))
}
