//! Prepares a request, from the text of its document to the operation that runs.

use apollo_compiler::Node;
use apollo_compiler::executable::Operation;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, Variables};
use authority::Ctx;

use super::context::ResolverContext;
use super::cost::{OperationCost, analyze};
use super::document::Document;
use super::executable::{kind, to_executable};
use super::limits::{Limit, Limits};
use super::rejection::PrepareError;
use super::request::GraphqlRequest;
use super::{anonymous, document, input};

/// Which operations a request may run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AllowedOperations {
    /// Those that are answered once.
    QueriesAndMutations,
    /// Those that change nothing and are answered once.
    Queries,
    /// Those that change nothing; a subscription is answered as long as it lasts.
    QueriesAndSubscriptions,
    /// All; a subscription is answered as long as it lasts.
    All,
}

impl AllowedOperations {
    /// The same where the answer may last.
    pub(super) const fn with_subscriptions(self) -> Self {
        match self {
            Self::Queries | Self::QueriesAndSubscriptions => Self::QueriesAndSubscriptions,
            Self::QueriesAndMutations | Self::All => Self::All,
        }
    }
}

/// An operation that may run.
pub(super) struct PreparedOperation {
    /// The operation as the executor takes it.
    pub(super) document: ExecutableDocument,
    /// What resolvers get of the request.
    pub(super) request: Request,
    /// The kind of the operation.
    pub(super) kind: OperationType,
    /// What it costs.
    pub(super) cost: u64,
}

/// Reads a request: validates the document, coerces the input values, and checks the cost and the scopes. What a
/// request is refused for is known before anything of it runs.
pub(super) fn prepare(
    limits: &Limits,
    resolver: &ResolverContext,
    request: &GraphqlRequest,
    allowed: AllowedOperations,
) -> Result<PreparedOperation, PrepareError> {
    let document = document::read(&request.query, limits)?;
    let operation = document.operation(request.operation_name.as_deref())?;
    let kind = kind(operation);
    let may_run = match (allowed, kind) {
        (AllowedOperations::All, _) | (_, OperationType::Query) => true,
        (AllowedOperations::QueriesAndMutations, kind) => kind == OperationType::Mutation,
        (AllowedOperations::QueriesAndSubscriptions, kind) => kind == OperationType::Subscription,
        (AllowedOperations::Queries, _) => false,
    };
    if !may_run {
        return Err(PrepareError::NotAllowed(kind));
    }
    let (executable, cost) = convert(limits, &document, operation, &request.variables)?;
    for scope in cost.scopes.keys() {
        resolver.caller.require(&resolver.ctx, scope).map_err(PrepareError::Fault)?;
    }
    let request = Request::new(String::new()).data(resolver.with_new_loaders());
    Ok(PreparedOperation { document: executable, request, kind, cost: cost.points })
}

/// Replaces variables by their values, and checks what the operation costs.
fn convert(
    limits: &Limits,
    document: &Document,
    operation: &Node<Operation>,
    variables: &Variables,
) -> Result<(ExecutableDocument, OperationCost), PrepareError> {
    let variables = input::coerce(document::schema(), &document.lines, operation, variables)?;
    let executable = to_executable(document, operation, &variables)?;
    let cost = analyze(&executable);
    let first = document.lines.position(operation.location());
    Limit::new("cost", "the cost of the operation", limits.cost).check(cost.points, first)?;
    Ok((executable, cost))
}

/// Prepares the document of a request without credentials; returns nothing if it needs credentials. Only a text that
/// names the anonymous field is parsed, and such a document is a mutation, which is not kept: requests without
/// credentials cost no validation and fill no cache.
pub(super) fn prepare_anonymous(
    limits: &Limits,
    ctx: &Ctx,
    request: &GraphqlRequest,
) -> Option<PreparedOperation> {
    if !request.query.contains(anonymous::FIELD) {
        return None;
    }
    let document = document::read(&request.query, limits).ok()?;
    let operation = document.operation(request.operation_name.as_deref()).ok()?;
    let (executable, cost) = convert(limits, &document, operation, &request.variables).ok()?;
    if !anonymous::is_allowed(&executable) {
        return None;
    }
    let request = Request::new(String::new()).data(ctx.clone());
    Some(PreparedOperation {
        document: executable,
        request,
        kind: OperationType::Mutation,
        cost: cost.points,
    })
}
