//! One request, from the text of its document until it may run.

use apollo_compiler::Node;
use apollo_compiler::executable::Operation;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, ServerError, Variables};
use authority::{Ctx, Fault};

use super::caller::Asking;
use super::cost::{Weighed, weigh};
use super::document::Document;
use super::limits::{Limit, Limits};
use super::runnable::{kind, runnable};
use super::{document, input, open};

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

impl Allowed {
    /// The same where the answer may last.
    pub(super) const fn lasting(self) -> Self {
        match self {
            Self::Queries | Self::Unchanging => Self::Unchanging,
            Self::Once | Self::All => Self::All,
        }
    }
}

/// Why nothing of a document ran.
#[derive(Debug)]
pub(super) enum Refused {
    /// The request may not run such an operation.
    Method(OperationType),
    /// The caller may not run it.
    Fault(Fault),
    /// The document cannot run for any caller: everything that is wrong with it, at least one error.
    Document(Vec<ServerError>),
}

impl From<ServerError> for Refused {
    fn from(error: ServerError) -> Self {
        Self::Document(vec![error])
    }
}

impl From<Vec<ServerError>> for Refused {
    fn from(errors: Vec<ServerError>) -> Self {
        if errors.is_empty() {
            ServerError::new("the document is invalid", None).into()
        } else {
            Self::Document(errors)
        }
    }
}

/// An operation that may run.
pub(super) struct Ready {
    /// The operation as the executor takes it.
    pub(super) document: ExecutableDocument,
    /// What resolvers get of the request.
    pub(super) request: Request,
    pub(super) operation: OperationType,
    /// What it costs.
    pub(super) cost: u64,
}

/// Reads a request: validates the document, coerces the input values, and checks the cost and the scopes. What a
/// request is refused for is known before anything of it runs.
pub(super) fn prepare(
    limits: &Limits,
    asking: &Asking,
    asked: &Asked,
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
    let request = Request::new(String::new()).data(asking.anew());
    Ok(Ready { document: runnable, request, operation: kind, cost: weighed.cost })
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

/// Prepares the document of a request without credentials; nothing where it asks for more than is open to everybody. Only
/// a text that names the open field is parsed, and such a document is a mutation, which is not kept: requests without
/// credentials cost no validation and fill no cache.
pub(super) fn prepare_open(limits: &Limits, ctx: &Ctx, asked: &Asked) -> Option<Ready> {
    if !asked.query.contains(open::OPEN) {
        return None;
    }
    let document = document::read(&asked.query, limits).ok()?;
    let operation = document.operation(asked.operation_name.as_deref()).ok()?;
    let (runnable, weighed) = weighed(limits, &document, operation, &asked.variables).ok()?;
    if !open::is_open(&runnable) {
        return None;
    }
    let request = Request::new(String::new()).data(ctx.clone());
    Some(Ready { document: runnable, request, operation: OperationType::Mutation, cost: weighed.cost })
}
