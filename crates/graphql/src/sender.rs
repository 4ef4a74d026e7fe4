//! Who sends an operation, what it may run, and what it costs.

use authority::{Ctx, Fault, Reason};
use axum::http::HeaderMap;
use web::App;
use web::rate_limit::Meter;

use super::answer::Cost;
use super::authenticate::authenticate;
use super::caller::Asking;
use super::execute::{Allowed, Asked, Ready, Refused, prepare, prepare_open};
use super::limits::Limits;
use super::reading::Requests;
use super::refusal::Refusal;

/// Who sends an operation.
pub(super) enum Sender {
    /// A caller that is known.
    Known(Box<Asking>),
    /// A request without credentials.
    Nobody(Ctx),
}

const MISSING: Fault = Fault::Unauthenticated(Reason::Missing);

impl Sender {
    /// Who sends a request.
    ///
    /// # Errors
    /// As [`authenticate`], but for a request without credentials.
    pub(super) async fn of(app: &App, ctx: Ctx, headers: &HeaderMap) -> Result<Self, Fault> {
        match authenticate(app, ctx.clone(), headers).await {
            Ok(asking) => Ok(Self::Known(Box::new(asking))),
            Err(Fault::Unauthenticated(Reason::Missing)) => Ok(Self::Nobody(ctx)),
            Err(fault) => Err(fault),
        }
    }

    /// What is read of a request. Without credentials, nothing is told but that they are missing.
    pub(super) fn admit(&self, requests: Result<Requests, Refusal>) -> Result<Requests, Refusal> {
        match (self, requests) {
            (Self::Known(_), requests) => requests,
            (Self::Nobody(_), Ok(Requests::One(asked))) => Ok(Requests::One(asked)),
            (Self::Nobody(_), _) => Err(MISSING.into()),
        }
    }

    /// Prepares an operation, and takes what it costs from the rate limits.
    #[allow(clippy::needless_pass_by_value, reason = "a request is prepared once")]
    pub(super) fn prepare(
        &self,
        limits: &Limits,
        meter: &Meter,
        asked: Asked,
        allowed: Allowed,
    ) -> Result<Ready, Refused> {
        let ready = match self {
            Self::Known(asking) => prepare(limits, asking, &asked, allowed)?,
            Self::Nobody(ctx) => {
                let may_change = matches!(allowed, Allowed::Once | Allowed::All);
                let open = may_change.then(|| prepare_open(limits, ctx, &asked)).flatten();
                open.ok_or(Refused::Fault(MISSING))?
            }
        };
        let points = ready.cost.max(1);
        let charged = match self {
            Self::Known(asking) => meter.charge(&asking.caller, points, asking.ctx.now),
            Self::Nobody(ctx) => meter.charge_network(points, ctx.now),
        };
        charged.map_err(Refused::Fault)?;
        Ok(ready)
    }

    /// What an operation cost, and what is left.
    pub(super) fn cost(&self, meter: &Meter, requested: u64) -> Cost {
        let budget = match self {
            Self::Known(asking) => meter.left(asking.ctx.now),
            Self::Nobody(_) => None,
        };
        Cost { requested, budget: budget.map(Into::into) }
    }
}
