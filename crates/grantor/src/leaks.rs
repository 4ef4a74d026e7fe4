//! The endpoint for reports of leaked secrets.

use authority::Fault;
use authority::tokens::leaks::{Found, Outcome, report_leaks};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use web::http::{self, RequestCtx, api_code};

/// Receives a report. The sender needs no authentication.
pub(crate) async fn report(
    RequestCtx(ctx): RequestCtx,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let found = match http::body(body) {
        Ok(body) => parse(&headers, &body),
        Err(error) => return error.status().into_response(),
    };
    let outcomes = match found {
        Ok(found) => report_leaks(&ctx, &found).await,
        Err(fault) => Err(fault),
    };
    match outcomes {
        Ok(outcomes) => {
            let revoked = outcomes.iter().filter(|outcome| **outcome == Outcome::Revoked).count();
            let results: Vec<_> = outcomes.into_iter().map(word).collect();
            let body = json!({ "received": results.len(), "revoked": revoked, "results": results });
            Json(body).into_response()
        }
        Err(fault) => refuse(&fault),
    }
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Revoked => "revoked",
        Outcome::Inactive => "inactive",
        Outcome::NotOurs => "not_ours",
    }
}

/// Requires JSON, which a page of another site cannot make a browser send.
fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Vec<Found>, Fault> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Fault::InvalidRequest("the body must be application/json".to_owned()));
    }
    Ok(Found::list(body)?)
}

fn refuse(fault: &Fault) -> Response {
    let (status, code) = api_code(fault);
    if status.is_server_error() {
        tracing::error!(?fault, "a report of leaked secrets failed");
    }
    let body = json!({ "error": { "code": code, "message": fault.to_string() } });
    http::refused((status, Json(body)).into_response(), fault, code)
}
