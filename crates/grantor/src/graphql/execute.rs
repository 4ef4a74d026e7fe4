//! One request, from the text of its document to the answer.

use std::time::Duration;

use apollo_compiler::Node;
use apollo_compiler::executable::{Operation, Selection};
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, Response, ServerError, Value, Variables};
use authority::{Ctx, Fault};
use axum::http::HeaderValue;

use super::caller::Asking;
use super::cost::{Weighed, weigh};
use super::document::Document;
use super::limits::{Limit, Limits};
use super::runnable::{kind, runnable};
use super::{Schema, document, error, input};

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

impl From<Vec<ServerError>> for Refused {
    fn from(errors: Vec<ServerError>) -> Self {
        let first = errors.into_iter().next();
        Self::Document(Box::new(first.unwrap_or_else(|| ServerError::new("the document is invalid", None))))
    }
}

/// A request that was looked at and may run.
pub(super) struct Ready {
    pub(super) request: Request,
    pub(super) operation: Option<OperationType>,
    /// What it costs.
    pub(super) cost: u64,
}

/// Reads a request: validates the document, coerces the input values, and checks the cost and the scopes. What a
/// request is refused for is known before anything of it runs.
pub(super) fn prepare(
    limits: &Limits,
    asking: &Asking,
    asked: Asked,
    allowed: Allowed,
) -> Result<Ready, Refused> {
    let document = document::read(&asked.query, limits)?;
    let operation = document.operation(asked.operation_name.as_deref())?;
    let kind = kind(operation);
    let may_run = match (allowed, kind) {
        (Allowed::All, _) | (_, OperationType::Query) => true,
        (Allowed::Once, kind) => kind == OperationType::Mutation,
        (Allowed::Unchanging, kind) => kind == OperationType::Subscription,
        (Allowed::Queries, _) => false,
    };
    if !may_run {
        return Err(Refused::Method(kind));
    }
    let (runnable, weighed) = weighed(limits, &document, operation, &asked.variables)?;
    for scope in weighed.scopes.keys() {
        asking.caller.require(&asking.ctx, scope).map_err(Refused::Fault)?;
    }
    let mut request = Request::new(String::new()).data(asking.anew());
    request.set_parsed_query(runnable);
    Ok(Ready { request, operation: Some(kind), cost: weighed.cost })
}

/// Replaces variables by their values, and checks what the operation costs.
fn weighed(
    limits: &Limits,
    document: &Document,
    operation: &Node<Operation>,
    variables: &Variables,
) -> Result<(ExecutableDocument, Weighed), Refused> {
    let variables = input::coerce(document::schema(), &document.lines, operation, variables)?;
    let runnable = runnable(document, operation, &variables)?;
    let weighed = weigh(&runnable);
    let first = document.lines.start(operation.location());
    Limit::new("cost", "the cost of the operation", limits.cost).check(weighed.cost, first)?;
    Ok((runnable, weighed))
}

/// The only field that needs no token: its input proves which application asks.
const OPEN: &str = "apiAccessTokenCodeCreate";

/// Reads a request without a token. Returns nothing where it asks for more than is open to everybody.
pub(super) fn prepare_open(limits: &Limits, ctx: &Ctx, asked: Asked) -> Option<Ready> {
    let document = document::read(&asked.query, limits).ok()?;
    let operation = document.operation(asked.operation_name.as_deref()).ok()?;
    let roots = &operation.selection_set.selections;
    let is_open = |selection: &Selection| matches!(selection, Selection::Field(field) if field.name == OPEN);
    if !operation.is_mutation() || !roots.iter().all(is_open) {
        return None;
    }
    let (runnable, weighed) = weighed(limits, &document, operation, &asked.variables).ok()?;
    let mut request = Request::new(String::new()).data(ctx.clone());
    request.set_parsed_query(runnable);
    Some(Ready { request, operation: Some(OperationType::Mutation), cost: weighed.cost })
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
