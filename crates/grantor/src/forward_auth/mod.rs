//! Forward auth: a proxy checks each request here before it forwards it to another service.
//!
//! nginx (`auth_request`), Traefik (ForwardAuth) and Caddy (`forward_auth`) request `/verify`; Envoy (`ext_authz` over
//! HTTP) adds a prefix to the path of the request, so it requests `/verify/envoy/{demand}/…`.

mod answer;
mod declaration;
mod demand;
mod original;

use authority::tokens::{self, Demand, Pass};
use authority::{Ctx, Fault, Reason};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use web::http::paths::VERIFY_ENVOY;
use web::http::{Endpoints, RequestCtx, presented_token};

use answer::{misconfigured, pass, refuse};
use demand::parse;
use original::{Original, OriginalError};

/// Returns the endpoints.
pub(crate) fn endpoints() -> Endpoints {
    Endpoints::default().add(&declaration::VERIFY, verify).add(&declaration::ENVOY, envoy)
}

/// Answers proxies that describe the request in headers. The query has the policy.
async fn verify(RequestCtx(ctx): RequestCtx, asked: Parts) -> Response {
    let query = asked.uri.query().unwrap_or_default();
    decide(ctx, query, &asked.headers, || original::from_headers(&asked.method, &asked.headers)).await
}

/// Answers Envoy, which sends method, path and query of the request itself. The first segment has the policy.
async fn envoy(RequestCtx(ctx): RequestCtx, asked: Parts) -> Response {
    let rest = asked.uri.path().strip_prefix(VERIFY_ENVOY).unwrap_or_default();
    let (demand, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    decide(ctx, demand, &asked.headers, || original::from_envoy(&asked.method, path, &asked.headers)).await
}

async fn decide(
    ctx: Ctx,
    demand: &str,
    headers: &HeaderMap,
    original: impl FnOnce() -> Result<Original, OriginalError>,
) -> Response {
    let demand = match parse(demand) {
        Ok(demand) => demand,
        Err(message) => return misconfigured(&message),
    };
    // Only a proof of a key depends on method and address.
    let ctx = if headers.contains_key("dpop") {
        match original() {
            Ok(Original { method, url }) => ctx.on_behalf_of(method, url),
            Err(OriginalError::Misconfigured(what)) => return misconfigured(what),
            Err(OriginalError::Ambiguous) => {
                return refuse(&Fault::InvalidRequest(original::AMBIGUOUS.to_owned()));
            }
        }
    } else {
        ctx
    };
    match judge(&ctx, headers, &demand).await {
        Ok(who) => pass(&who),
        Err(fault) => refuse(&fault),
    }
}

async fn judge(ctx: &Ctx, headers: &HeaderMap, demand: &Demand) -> Result<Pass, Fault> {
    let presented = presented_token(headers)?.ok_or(Fault::Unauthenticated(Reason::Missing))?;
    tokens::verify(ctx, &presented, demand).await
}
