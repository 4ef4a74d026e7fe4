//! One request, from the text of its document to the answer.

use std::time::Duration;

use async_graphql::parser::types::{OperationType, Selection};
use async_graphql::{Positioned, Request, Response, ServerError, Value, Variables};
use authority::{Ctx, Fault};
use axum::http::HeaderValue;

use super::caller::Asking;
use super::cost::weigh;
use super::limits::{Limit, Limits};
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
    /// Those that are answered once.
    Once,
    /// Those that change nothing and are answered once.
    Queries,
    /// Those that change nothing; a subscription is answered as long as it lasts.
    Unchanging,
    /// All; a subscription is answered as long as it lasts.
    All,
}

/// Why nothing of a document ran.
#[derive(Debug)]
pub(super) enum Refused {
    /// The request may not run such an operation.
    Method(OperationType),
    /// The caller may not run it.
    Fault(Fault),
    /// The document cannot run, whoever sends it.
    Document(Box<ServerError>),
}

/// What came of a document.
pub(super) struct Executed {
    /// The answer.
    pub(super) response: Response,
    /// What a field demanded that was refused for a sign-in that does not suffice.
    pub(super) challenge: Option<HeaderValue>,
}

impl Executed {
    /// Nothing came of it.
    pub(super) fn refusing(error: ServerError) -> Self {
        Self { response: Response::from_errors(vec![error]), challenge: None }
    }

    /// The challenge, where nothing came of the document but refusals.
    pub(super) fn refused(&self) -> Option<&HeaderValue> {
        let nothing = match &self.response.data {
            Value::Object(fields) => fields.values().all(|value| *value == Value::Null),
            data => *data == Value::Null,
        };
        self.challenge.as_ref().filter(|_| nothing)
    }
}

impl From<ServerError> for Refused {
    fn from(error: ServerError) -> Self {
        Self::Document(Box::new(error))
    }
}

/// A request that was looked at and may run.
pub(super) struct Ready {
    pub(super) request: Request,
    pub(super) operation: Option<OperationType>,
    /// What it costs.
    pub(super) cost: u64,
}

/// Looks at a document: its size, its cost and the scopes that it needs.
pub(super) fn prepare(
    limits: &Limits,
    asking: &Asking,
    asked: Asked,
    allowed: Allowed,
) -> Result<Ready, Refused> {
    let document = document::parse(&asked.query, limits)?;
    let operation = document::operation(&document, asked.operation_name.as_deref());
    let kind = operation.map(|operation| operation.ty);
    let may_run = match (allowed, kind) {
        (Allowed::All, _) | (_, None | Some(OperationType::Query)) => true,
        (Allowed::Once, Some(kind)) => kind == OperationType::Mutation,
        (Allowed::Unchanging, Some(kind)) => kind == OperationType::Subscription,
        (Allowed::Queries, Some(_)) => false,
    };
    if let (false, Some(kind)) = (may_run, kind) {
        return Err(Refused::Method(kind));
    }
    let weighed =
        operation.map(|operation| weigh(&document, operation, &asked.variables)).unwrap_or_default();
    let first = operation.map(|operation| operation.selection_set.pos);
    Limit::new("cost", "the cost of the operation", limits.cost).check(weighed.cost, first)?;
    for scope in weighed.scopes.keys() {
        asking.caller.require(&asking.ctx, scope).map_err(Refused::Fault)?;
    }
    let mut request = Request::new(asked.query).variables(asked.variables).data(asking.anew());
    request.operation_name = asked.operation_name;
    request.set_parsed_query(document);
    if !limits.introspection {
        request = request.disable_introspection();
    }
    Ok(Ready { request, operation: kind, cost: weighed.cost })
}

/// What is done for whoever asks, because the input itself proves who that is.
const OPEN: &str = "apiAccessTokenCodeCreate";

/// Looks at a document of somebody who presented nothing; nothing where it asks for more than is open to everybody.
pub(super) fn prepare_open(limits: &Limits, ctx: &Ctx, asked: Asked) -> Option<Ready> {
    let document = document::parse(&asked.query, limits).ok()?;
    let operation = document::operation(&document, asked.operation_name.as_deref())?;
    let is_open = |selection: &Positioned<Selection>| matches!(&selection.node, Selection::Field(field) if field.node.name.node == OPEN);
    let roots = &operation.selection_set.node.items;
    if operation.ty != OperationType::Mutation || !roots.iter().all(is_open) {
        return None;
    }
    let cost = weigh(&document, operation, &asked.variables).cost;
    Limit::new("cost", "the cost of the operation", limits.cost).check(cost, None).ok()?;
    let mut request = Request::new(asked.query).variables(asked.variables).data(ctx.clone());
    request.operation_name = asked.operation_name;
    request.set_parsed_query(document);
    Some(Ready { request, operation: Some(OperationType::Mutation), cost })
}

/// Runs a request that may run.
pub(super) async fn run(schema: &Schema, limits: &Limits, ready: Ready) -> Executed {
    tracing::debug!(cost = ready.cost, "a GraphQL operation runs");
    let executed = schema.execute(ready.request);
    // A change is carried through: whoever asked for it has to be told what became of it.
    let mut response = if ready.operation == Some(OperationType::Mutation) {
        executed.await
    } else {
        let patience = Duration::from_secs(limits.seconds);
        tokio::time::timeout(patience, executed).await.unwrap_or_else(|_| Response::from_errors(vec![late()]))
    };
    let challenge = error::complete(&mut response.errors);
    Executed { response, challenge }
}

fn late() -> ServerError {
    let message = "the query took too long; ask for less at once";
    ServerError { extensions: Some(error::code("TIMEOUT")), ..ServerError::new(message, None) }
}
