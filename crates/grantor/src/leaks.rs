//! Where finders of leaked secrets report them.

use authority::Fault;
use authority::actions::report_leaks::{Found, Outcome, report_leaks};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use crate::http::{self, RequestCtx, api_code};

/// How many secrets one report has at the most.
const MOST: usize = 100;

/// One thing that was found, as GitHub's secret scanning and we ourselves write it.
#[derive(Deserialize)]
struct Item {
    #[serde(alias = "token")]
    secret: String,
    url: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Report {
    Bare(Vec<Item>),
    Wrapped { secrets: Vec<Item> },
}

/// Takes a report, from anybody.
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

/// Only JSON is read: a page of somebody else cannot make a browser send that here.
fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Vec<Found>, Fault> {
    let invalid = |message: &str| Fault::InvalidRequest(message.to_owned());
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(invalid("the body is application/json"));
    }
    // The parser's own words could quote a secret.
    let report = serde_json::from_slice(body).map_err(|_| {
        invalid("the body is a JSON array of objects with the member secret, and perhaps url and source")
    })?;
    let (Report::Bare(items) | Report::Wrapped { secrets: items }) = report;
    if items.len() > MOST {
        return Err(Fault::InvalidRequest(format!("a report has at most {MOST} secrets")));
    }
    let found =
        |item: Item| Found { secret: Zeroizing::new(item.secret), url: item.url, source: item.source };
    Ok(items.into_iter().map(found).collect())
}

fn refuse(fault: &Fault) -> Response {
    let (status, code) = api_code(fault);
    if status.is_server_error() {
        tracing::error!(?fault, "a report of leaked secrets failed");
    }
    let body = json!({ "error": { "code": code, "message": fault.to_string() } });
    http::refused((status, Json(body)).into_response(), fault, code)
}
