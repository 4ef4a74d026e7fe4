//! What proxies and finders of leaks ask.

use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Operation, Parameter};

use super::{API_ERROR, OAUTH_ERROR};

const TAG: &str = "Gate and leaks";

pub(super) const ALL: &[Endpoint] = &[
    Endpoint { path: "/verify", tag: TAG, operations: &[VERIFY] },
    Endpoint { path: "/verify/envoy/{demand}", tag: TAG, operations: &[ENVOY] },
    Endpoint { path: "/leaks", tag: TAG, operations: &[LEAKS] },
];

const ANSWERS: &[Answer] = &[
    Answer::empty(200, "It may pass; the headers `X-Grantor-…` say who it is from."),
    Answer::new(400, "The proxy asks wrongly: `misconfigured`.", OAUTH_ERROR),
    Answer::new(401, "No valid token; `WWW-Authenticate` says what is wanted.", OAUTH_ERROR),
    Answer::new(403, "The token lacks a permission.", OAUTH_ERROR),
    Answer::new(503, "The registry cannot be reached: let nothing pass.", OAUTH_ERROR),
];

const DEMANDS: &[Parameter] = &[
    Field::new("scope", Kind::Text, "This permission; several: all of them.").in_query(),
    Field::new(
        "audience",
        Kind::Text,
        "That the token is for this service (RFC 8707); several: for one of them.",
    )
    .in_query(),
    Field::new("resource", Kind::Text, "The same as `audience`.").in_query(),
    Field::new("acr_values", Kind::Text, "A sign-in of one of these levels (RFC 9470).").in_query(),
    Field::new("max_age", Kind::Integer, "A sign-in at most so many seconds ago (RFC 9470).").in_query(),
];

const VERIFY: Operation = Operation {
    description: "For proxies, with any method. The query says what is demanded.",
    access: Access::TokenOrNothing,
    parameters: DEMANDS,
    answers: ANSWERS,
    ..Operation::new("get", "verify", "Tells whether a request may pass")
};

const ENVOY: Operation = Operation {
    description: "For Envoy, which puts the path of the request behind the demand; any method.",
    access: Access::TokenOrNothing,
    parameters: &[Field::required(
        "demand",
        Kind::Text,
        "What is demanded, as in the query of `/verify`; `-` for nothing.",
    )
    .in_path()],
    answers: ANSWERS,
    ..Operation::new("get", "verifyForEnvoy", "Tells Envoy whether a request may pass")
};

const LEAKS: Operation = Operation {
    description: "Anybody may report up to 100 secrets in a request. What is valid is revoked at once.",
    body: Some(Body {
        media: "application/json",
        kind: Kind::Objects(&[
            Field::required("secret", Kind::Text, "The secret."),
            Field::new("url", Kind::Text, "Where it was found."),
            Field::new("source", Kind::Text, "Who or what found it."),
        ]),
    }),
    answers: &[
        Answer::new(
            200,
            "What became of each.",
            Body::json(&[
                Field::required("received", Kind::Integer, "How many were reported."),
                Field::required("revoked", Kind::Integer, "How many of them were revoked."),
                Field::required("results", Kind::Texts, "For each: `revoked`, `inactive` or `not_ours`."),
            ]),
        ),
        Answer::new(400, "The request is malformed.", API_ERROR),
        Answer::empty(413, "The body is longer than 256 KiB."),
        Answer::new(429, "Too many reports; `Retry-After` says when to go on.", API_ERROR),
        Answer::new(503, "The registry cannot be reached now.", API_ERROR),
    ],
    ..Operation::new("post", "reportLeaks", "Takes a report of leaked secrets")
};
