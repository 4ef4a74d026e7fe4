//! The declarations of the endpoints.

use reference::http::{Access, Answer, Endpoint, Field, Kind, Method, Tag, query};
use web::http::answers::OAUTH_ERROR;

pub(super) const VERIFY: Endpoint = Endpoint {
    description: "For proxies, with every method. The query has the policy.",
    access: Access::OptionalToken,
    parameters: &query(&[
        Field::new("scope", Kind::Text, "A required scope; all of several."),
        Field::new(
            "audience",
            Kind::Text,
            "The resource server for which the token has to be issued (RFC 8707); one of several.",
        ),
        Field::new("resource", Kind::Text, "The same as `audience`."),
        Field::new("acr_values", Kind::Text, "The accepted authentication levels (RFC 9470)."),
        Field::new("max_age", Kind::Integer, "The maximum age of the sign-in in seconds (RFC 9470)."),
    ]),
    answers: ANSWERS,
    ..Endpoint::new(
        Method::Any,
        "/verify",
        Tag::ForwardAuth,
        "verify",
        "Decides whether a proxy may forward a request",
    )
};

pub(super) const ENVOY: Endpoint = Endpoint {
    description: "For Envoy, which appends the path of the request to the policy; with every method.",
    access: Access::OptionalToken,
    parameters: &[Field::required(
        "demand",
        Kind::Text,
        "The policy, as in the query of `/verify`; `-` for an empty policy.",
    )
    .in_path()],
    answers: ANSWERS,
    ..Endpoint::new(
        Method::Any,
        "/verify/envoy/{*demand}",
        Tag::ForwardAuth,
        "verifyForEnvoy",
        "Decides whether Envoy may forward a request",
    )
};

const ANSWERS: &[Answer] = &[
    Answer::empty(200, "The request may pass. The headers `X-Grantor-…` identify its sender."),
    Answer::new(400, "The proxy is misconfigured: `misconfigured`.", OAUTH_ERROR),
    Answer::new(401, "No valid access token; see `WWW-Authenticate`.", OAUTH_ERROR),
    Answer::new(403, "The token lacks a scope.", OAUTH_ERROR),
    Answer::new(503, "The registry is unavailable; the proxy must not forward the request.", OAUTH_ERROR),
];
