//! The executor: an operation that may run is merged by [`plan`](super::shape::plan), executed, and its data completed by
//! [`complete`](super::shape::complete).

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument};
use async_graphql::{Request, Response, ServerError, Value};
use futures_util::future::Either;
use futures_util::stream::{self, Stream, StreamExt as _};

use super::response::GraphqlResponse;
use super::schema::Schema;
use super::shape::{Plan, complete, plan};

impl Schema {
    /// Executes the query or mutation of a document that is valid.
    pub(super) async fn execute(&self, document: ExecutableDocument, request: Request) -> GraphqlResponse {
        match merge(&document, request) {
            Ok((plan, _)) if plan.is_empty() => GraphqlResponse {
                data: Some(Value::Object(Default::default())),
                ..GraphqlResponse::default()
            },
            Ok((plan, request)) => completed(&plan, self.0.execute(request).await),
            Err(error) => GraphqlResponse::refused(error),
        }
    }

    /// Executes the subscription of a document that is valid.
    pub(super) fn follow(
        &self,
        document: &ExecutableDocument,
        request: Request,
    ) -> impl Stream<Item = GraphqlResponse> + Send + use<> {
        match merge(document, request) {
            Ok((plan, request)) => {
                let responses = self.0.execute_stream(request);
                Either::Left(responses.map(move |response| completed(&plan, response)))
            }
            Err(error) => Either::Right(stream::iter([GraphqlResponse::refused(error)])),
        }
    }
}

/// Merges what an operation selects.
fn merge(document: &ExecutableDocument, mut request: Request) -> Result<(Plan, Request), ServerError> {
    let DocumentOperations::Single(operation) = &document.operations else {
        return Err(ServerError::new("one operation is executed at a time", None));
    };
    let (plan, merged) = plan(&document.fragments, &operation.node)?;
    request.set_parsed_query(merged);
    Ok((plan, request))
}

fn completed(plan: &Plan, response: Response) -> GraphqlResponse {
    let Response { data, mut errors, .. } = response;
    let data = complete(plan, data, &mut errors);
    GraphqlResponse { data: Some(data), errors, cost: None }
}
