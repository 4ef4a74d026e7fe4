//! The declarations of responses that several endpoints have in common.

use reference::http::{Answer, Body, Field, Kind};

/// The body of an OAuth error (RFC 6749, section 5.2).
pub const OAUTH_ERROR: Body = Body::json(&[
    Field::required("error", Kind::Text, "The error code."),
    Field::new("error_description", Kind::Text, "The reason, for developers."),
]);

/// The body of an error of the APIs over the registry.
pub const API_ERROR: Body = Body::json(&[Field::required(
    "error",
    Kind::Object(&[
        Field::required("code", Kind::Text, "The error code."),
        Field::required("message", Kind::Text, "The reason, for developers."),
        Field::new("target", Kind::Text, "The part of the request that the error is about."),
    ]),
    "The error.",
)]);

/// The description of a response to a caller over its rate limit.
pub const LIMIT_REACHED: &str = "The rate limit is reached. `Retry-After` gives the time to wait.";

/// The rate limit of an API is reached.
pub const RATE_LIMITED: Answer = Answer::new(429, LIMIT_REACHED, API_ERROR);
/// A request to an API is malformed.
pub const MALFORMED: Answer =
    Answer::new(400, "The request is malformed. The code gives the reason.", API_ERROR);
/// An API requires an access token.
pub const UNAUTHENTICATED: Answer =
    Answer::new(401, "A valid access token is required; see `WWW-Authenticate`.", API_ERROR);
/// The access token does not suffice.
pub const FORBIDDEN: Answer =
    Answer::new(403, "The token lacks a scope, or its user lacks the permission.", API_ERROR);
/// There is no such thing, or the caller may not see it.
pub const NOT_FOUND: Answer = Answer::new(404, "It does not exist, or the caller may not see it.", API_ERROR);
