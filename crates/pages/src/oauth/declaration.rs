//! The declarations of the endpoints for browsers: parameters of authorization requests, and responses.

use reference::http::{Answer, Body, Field, Kind};

pub(super) const PAGE: Answer =
    Answer::new(200, "A page for the user, or the form that sends the response.", Body::text("text/html"));
pub(super) const REDIRECT: Answer =
    Answer::empty(303, "Redirects to the next page, or to the client with the response.");
pub(super) const REFUSED: Answer = Answer::new(
    400,
    "A page that explains why the request is refused or why the user is not redirected.",
    Body::text("text/html"),
);

/// The parameters of an authorization request.
pub(super) const AUTHORIZATION_FIELDS: &[Field; 19] = &[
    Field::new("client_id", Kind::Text, "The client."),
    Field::new("response_type", Kind::OneOf(&["code"]), "The response type."),
    Field::new("redirect_uri", Kind::Uri, "The registered address to which the response is sent."),
    Field::new("scope", Kind::Text, "The requested scopes, separated by spaces."),
    Field::new("state", Kind::Text, "A value that the response repeats."),
    Field::new("nonce", Kind::Text, "A value that the ID token repeats."),
    Field::new("code_challenge", Kind::Text, "The hash of the code verifier (RFC 7636)."),
    Field::new("code_challenge_method", Kind::OneOf(&["S256"]), "The hash method of the code challenge."),
    Field::new(
        "response_mode",
        Kind::Text,
        "How the response is sent; the metadata list the supported modes.",
    ),
    Field::new(
        "prompt",
        Kind::Text,
        "The pages that the user has to see: `none`, `login`, `consent`, `select_account`.",
    ),
    Field::new("max_age", Kind::Integer, "The maximum age of the sign-in in seconds."),
    Field::new("login_hint", Kind::Text, "The expected login of the user."),
    Field::new("id_token_hint", Kind::Text, "An ID token of the user who has to sign in."),
    Field::new("acr_values", Kind::Text, "The accepted authentication levels."),
    Field::new("claims", Kind::Text, "The requested claims, as JSON."),
    Field::new(
        "resource",
        Kind::Uri,
        "A resource server for which tokens are requested (RFC 8707); can be repeated.",
    ),
    Field::new(
        "authorization_details",
        Kind::Text,
        "The requested authorization details, as JSON (RFC 9396).",
    ),
    Field::new("request", Kind::Text, "The request as a signed object (RFC 9101)."),
    Field::new("request_uri", Kind::Text, "The reference of a pushed request (RFC 9126)."),
];
