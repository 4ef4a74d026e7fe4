//! The endpoints over HTTP that are no pages for people, as the reference and `OpenAPI` have them.
//!
//! A test holds them against the routers: what is served is declared, and the other way round.

/// The form of an application: what it asks, and how it proves who it is.
macro_rules! application_form {
    ($($field:expr),* $(,)?) => {
        Some(Body::form(&[
            $($field,)*
            super::CLIENT_ID,
            super::CLIENT_SECRET,
            super::CLIENT_ASSERTION_TYPE,
            super::CLIENT_ASSERTION,
        ]))
    };
}

/// What an application is answered: what it asked for, and why not; the reasons besides those of every request stand
/// behind a semicolon.
macro_rules! application_answers {
    ($($answer:expr),* $(,)?; $($more:expr),*) => {
        &[
            $($answer,)*
            super::BAD_REQUEST,
            super::BAD_CLIENT,
            super::TOO_SLOW,
            super::TOO_LONG,
            $($more,)*
            super::UNAVAILABLE,
        ]
    };
}

mod descriptions;
mod discovery;
mod forward_auth;
mod oauth;
mod registration;
mod registry;
mod sign_in;
#[cfg(test)]
mod tests;

use reference::http::{Answer, Body, Endpoint, Field, Kind};

/// Every endpoint.
pub(super) fn all() -> Vec<Endpoint> {
    [
        sign_in::ALL,
        oauth::ALL,
        registration::ALL,
        discovery::ALL,
        registry::ALL,
        forward_auth::ALL,
        descriptions::ALL,
    ]
    .concat()
}

/// A refusal in the words of OAuth (RFC 6749, section 5.2).
const OAUTH_ERROR: Body = Body::json(&[
    Field::required("error", Kind::Text, "The code of the error."),
    Field::new("error_description", Kind::Text, "What is wrong, for people."),
]);

const BAD_REQUEST: Answer = Answer::new(400, "The request is refused; the code says why.", OAUTH_ERROR);
const BAD_CLIENT: Answer =
    Answer::new(401, "The application did not prove who it is: `invalid_client`.", OAUTH_ERROR);
const TOO_SLOW: Answer = Answer::new(408, "The body did not arrive in time.", OAUTH_ERROR);
const TOO_LONG: Answer = Answer::new(413, "The body is longer than 256 KiB.", OAUTH_ERROR);
const TOO_MANY: Answer = Answer::new(429, "Too many attempts: `temporarily_unavailable`.", OAUTH_ERROR);
const UNAVAILABLE: Answer = Answer::new(503, "The registry cannot be reached now.", OAUTH_ERROR);

/// A refusal of the interfaces over the registry.
const API_ERROR: Body = Body::json(&[Field::required(
    "error",
    Kind::Object(&[
        Field::required("code", Kind::Text, "The code of the error."),
        Field::required("message", Kind::Text, "What is wrong, for people."),
        Field::new("target", Kind::Text, "What it is about."),
    ]),
    "The error.",
)]);

const NEEDS_TOKEN: Answer =
    Answer::new(401, "A valid token is needed; `WWW-Authenticate` says what is wanted.", API_ERROR);
const NOT_ALLOWED: Answer =
    Answer::new(403, "The token lacks a scope, or its user may not do this.", API_ERROR);
const NOT_THERE: Answer =
    Answer::new(404, "There is no such thing, or none that the caller may see.", API_ERROR);

/// How an application proves who it is in the body of a request (RFC 6749, section 2.3; RFC 7523, section 2.2).
const CLIENT_ID: Field =
    Field::new("client_id", Kind::Text, "The application, where it does not authenticate by a header.");
const CLIENT_SECRET: Field = Field::new("client_secret", Kind::Text, "Its secret (`client_secret_post`).");
const CLIENT_ASSERTION_TYPE: Field = Field::new(
    "client_assertion_type",
    Kind::OneOf(&["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]),
    "That a signed assertion authenticates the application.",
);
const CLIENT_ASSERTION: Field =
    Field::new("client_assertion", Kind::Text, "The assertion (`private_key_jwt`, `client_secret_jwt`).");
