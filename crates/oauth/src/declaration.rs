//! What the declarations of the endpoints have in common.

use reference::http::{Answer, Field, Kind};
use web::http::answers::OAUTH_ERROR;

/// The form of a client: the fields of the endpoint, and those of the client authentication.
macro_rules! client_form {
    ($($field:expr),* $(,)?) => {
        Some(::reference::http::Body::form(&[
            $($field,)*
            $crate::declaration::CLIENT_ID,
            $crate::declaration::CLIENT_SECRET,
            $crate::declaration::CLIENT_ASSERTION_TYPE,
            $crate::declaration::CLIENT_ASSERTION,
        ]))
    };
}

/// The responses to a client: those of the endpoint, and the refusals of every endpoint. Further refusals of the endpoint
/// follow after a semicolon.
macro_rules! client_answers {
    ($($answer:expr),* $(,)?; $($refusal:expr),*) => {
        &[
            $($answer,)*
            $crate::declaration::BAD_REQUEST,
            $crate::declaration::BAD_CLIENT,
            $crate::declaration::TOO_SLOW,
            $crate::declaration::TOO_LONG,
            $($refusal,)*
            $crate::declaration::UNAVAILABLE,
        ]
    };
}

pub(crate) use {client_answers, client_form};

pub(crate) const BAD_REQUEST: Answer =
    Answer::new(400, "The request is refused. The code gives the reason.", OAUTH_ERROR);
pub(crate) const BAD_CLIENT: Answer =
    Answer::new(401, "The client authentication failed: `invalid_client`.", OAUTH_ERROR);
pub(crate) const TOO_SLOW: Answer = Answer::new(408, "The body did not arrive in time.", OAUTH_ERROR);
pub(crate) const TOO_LONG: Answer = Answer::new(413, "The body is longer than 256 KiB.", OAUTH_ERROR);
pub(crate) const TOO_MANY: Answer =
    Answer::new(429, "Too many attempts: `temporarily_unavailable`.", OAUTH_ERROR);
pub(crate) const UNAVAILABLE: Answer =
    Answer::new(503, "The registry is unavailable at the moment.", OAUTH_ERROR);

// Client authentication in the body (RFC 6749, section 2.3; RFC 7523, section 2.2).
pub(crate) const CLIENT_ID: Field =
    Field::new("client_id", Kind::Text, "The client, if it does not authenticate by a header.");
pub(crate) const CLIENT_SECRET: Field =
    Field::new("client_secret", Kind::Text, "The secret of the client (`client_secret_post`).");
pub(crate) const CLIENT_ASSERTION_TYPE: Field = Field::new(
    "client_assertion_type",
    Kind::OneOf(&["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]),
    "The type of the assertion that authenticates the client.",
);
pub(crate) const CLIENT_ASSERTION: Field =
    Field::new("client_assertion", Kind::Text, "The assertion (`private_key_jwt`, `client_secret_jwt`).");
