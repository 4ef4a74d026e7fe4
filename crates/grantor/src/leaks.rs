//! The endpoint for reports of leaked secrets.

use authority::Fault;
use authority::tokens::leaks::{Found, Outcome, report_leaks};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use reference::http::{Answer, Body, Endpoint, Field, Kind, Method, Tag};
use serde_json::json;
use web::http::answers::{API_ERROR, MALFORMED};
use web::http::negotiation::{JSON, require_media_type};
use web::http::{self, RequestCtx, api_code};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    description: "Up to 100 secrets per request, without authentication. A valid secret is revoked immediately.",
    body: Some(Body {
        media: "application/json",
        kind: Kind::Objects(&[
            Field::required("secret", Kind::Text, "The secret."),
            Field::new("url", Kind::Text, "The address where it was found."),
            Field::new("source", Kind::Text, "The finder, or the kind of source."),
        ]),
    }),
    answers: &[
        Answer::new(
            200,
            "The result of each secret.",
            Body::json(&[
                Field::required("received", Kind::Integer, "The number of reported secrets."),
                Field::required("revoked", Kind::Integer, "The number of revoked secrets."),
                Field::required(
                    "results",
                    Kind::Texts,
                    "For each secret `revoked`, `inactive` or `not_ours`.",
                ),
            ]),
        ),
        MALFORMED,
        Answer::empty(413, "The body is longer than 256 KiB."),
        Answer::new(429, "Too many reports. `Retry-After` gives the time to wait.", API_ERROR),
        Answer::new(503, "The registry is unavailable at the moment.", API_ERROR),
    ],
    ..Endpoint::new(Method::Post, "/leaks", Tag::ForwardAuth, "reportLeaks", "Revokes reported secrets")
};

/// Revokes the reported secrets.
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

/// Reads a report. It has to be JSON, which pages of other sites cannot make a browser send.
fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Vec<Found>, Fault> {
    require_media_type(headers, JSON)?;
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
