//! Operations whose answer lasts: a stream of responses, one for a query or change, many for a subscription.

use std::pin::Pin;

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, ServerError};
use futures_util::stream::{self, Stream, StreamExt as _};

use super::caller::Asking;
use super::execute::{Allowed, Asked, Ready, Refused, prepare, run};
use super::limits::Limit;
use super::{Service, error};

/// The responses of an operation.
pub(super) type Responses = Pin<Box<dyn Stream<Item = Response> + Send>>;

/// Begins to answer, if the document may run and the caller has a place for another stream.
pub(super) fn begin(
    service: &Service,
    asking: &Asking,
    asked: Asked,
    allowed: Allowed,
) -> Result<Responses, Refused> {
    let ready = prepare(&service.limits, asking, asked, allowed)?;
    if ready.operation != Some(OperationType::Subscription) {
        return Ok(Box::pin(once(service, ready)));
    }
    let most = service.limits.subscriptions;
    let Some(place) = service.places.take(asking.caller.user.id, most) else {
        let limit = Limit::new("subscriptions", "the number of subscriptions", most);
        return match limit.check(most + 1, None) {
            Err(error) => Err(error.into()),
            Ok(()) => Err(ServerError::new("no place", None).into()),
        };
    };
    let responses = service.schema.execute_stream(ready.request);
    Ok(Box::pin(responses.map(move |mut response| {
        let _taken = &place;
        error::complete(&mut response.errors);
        response
    })))
}

fn once(service: &Service, ready: Ready) -> impl Stream<Item = Response> + Send + use<> {
    let (schema, limits) = (service.schema.clone(), service.limits.clone());
    stream::once(async move { run(&schema, &limits, ready).await.response })
}
