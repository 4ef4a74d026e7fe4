//! The sender of an operation: with its credentials, its rights and its rate limits.

use authority::{Ctx, Fault, Reason};
use axum::http::HeaderMap;
use web::App;
use web::rate_limit::Meter;

use super::authenticate::authenticate;
use super::context::ResolverContext;
use super::execute::{AllowedOperations, PreparedOperation, prepare, prepare_anonymous};
use super::limits::Limits;
use super::rejection::{GraphqlRejection, PrepareError};
use super::request::{GraphqlRequest, Requests};
use super::response::CostReport;

/// The sender of an operation.
pub(super) enum Requester {
    /// A caller with valid credentials.
    Authenticated(Box<ResolverContext>),
    /// A request without credentials.
    Anonymous(Ctx),
}

const MISSING: Fault = Fault::Unauthenticated(Reason::Missing);

impl Requester {
    /// Authenticates a request.
    ///
    /// # Errors
    /// As [`authenticate`], but for a request without credentials.
    pub(super) async fn authenticate(app: &App, ctx: Ctx, headers: &HeaderMap) -> Result<Self, Fault> {
        match authenticate(app, ctx.clone(), headers).await {
            Ok(resolver) => Ok(Self::Authenticated(Box::new(resolver))),
            Err(Fault::Unauthenticated(Reason::Missing)) => Ok(Self::Anonymous(ctx)),
            Err(fault) => Err(fault),
        }
    }

    /// Passes the requests on. Without credentials, every error is replaced by the error about missing credentials.
    pub(super) fn admit(
        &self,
        requests: Result<Requests, GraphqlRejection>,
    ) -> Result<Requests, GraphqlRejection> {
        match (self, requests) {
            (Self::Authenticated(_), requests) => requests,
            (Self::Anonymous(_), Ok(Requests::One(request))) => Ok(Requests::One(request)),
            (Self::Anonymous(_), _) => Err(MISSING.into()),
        }
    }

    /// Prepares an operation, and takes what it costs from the rate limits.
    #[allow(clippy::needless_pass_by_value, reason = "a request is prepared once")]
    pub(super) fn prepare(
        &self,
        limits: &Limits,
        meter: &Meter,
        request: GraphqlRequest,
        allowed: AllowedOperations,
    ) -> Result<PreparedOperation, PrepareError> {
        let operation = match self {
            Self::Authenticated(resolver) => prepare(limits, resolver, &request, allowed)?,
            Self::Anonymous(ctx) => {
                let may_change =
                    matches!(allowed, AllowedOperations::QueriesAndMutations | AllowedOperations::All);
                let open = may_change.then(|| prepare_anonymous(limits, ctx, &request)).flatten();
                open.ok_or(PrepareError::Fault(MISSING))?
            }
        };
        let points = operation.cost.max(1);
        let charged = match self {
            Self::Authenticated(resolver) => meter.charge(&resolver.caller, points, resolver.ctx.now),
            Self::Anonymous(ctx) => meter.charge_network(points, ctx.now),
        };
        charged.map_err(PrepareError::Fault)?;
        Ok(operation)
    }

    /// Reports the cost of an operation and the rest of the rate limit.
    pub(super) fn cost(&self, meter: &Meter, requested: u64) -> CostReport {
        let budget = match self {
            Self::Authenticated(resolver) => meter.left(resolver.ctx.now),
            Self::Anonymous(_) => None,
        };
        CostReport { requested, budget: budget.map(Into::into) }
    }
}
