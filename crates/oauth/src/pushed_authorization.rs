use axum::http::StatusCode;
use axum::response::Response;
use flows::authorization::push;
use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Tag};
use serde::Serialize;
use web::http::RequestCtx;

use super::answer::{OAuthRejection, uncached};
use super::client::ClientRequest;
use super::declaration::{TOO_MANY, client_answers, client_form};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    description: "RFC 9126. The fields are those of the authorization request.",
    access: Access::Client,
    body: client_form![
        Field::new("response_type", Kind::OneOf(&["code"]), "The response type."),
        Field::new("redirect_uri", Kind::Uri, "The registered address to which the response is sent."),
        Field::new("scope", Kind::Text, "The requested scopes."),
        Field::new("code_challenge", Kind::Text, "The hash of the code verifier (RFC 7636)."),
        Field::new("code_challenge_method", Kind::OneOf(&["S256"]), "The hash method of the code challenge."),
        Field::new("request", Kind::Text, "The request as a signed object (RFC 9101)."),
    ],
    answers: client_answers![
        Answer::new(
            201,
            "The request was stored.",
            Body::json(&[
                Field::required("request_uri", Kind::Text, "The value of `request_uri` for the authorization request."),
                Field::required("expires_in", Kind::Integer, "The lifetime of the stored request in seconds."),
            ]),
        );
        TOO_MANY
    ],
    ..Endpoint::new(
        Method::Post,
        "/id/connect/par",
        Tag::SignIn,
        "pushAuthorizationRequest",
        "Stores an authorization request before the browser is redirected",
    )
};

/// RFC 9126, section 2.2.
#[derive(Serialize)]
struct PushedAnswer {
    request_uri: String,
    expires_in: i64,
}

/// The pushed authorization request endpoint (RFC 9126).
pub(super) async fn pushed_authorization(
    RequestCtx(ctx): RequestCtx,
    request: ClientRequest,
) -> Result<Response, OAuthRejection> {
    let pushed = push(&ctx, &request.credentials, &request.params).await?;
    let answer = PushedAnswer { request_uri: pushed.request_uri, expires_in: pushed.expires_in };
    Ok(uncached(StatusCode::CREATED, &answer))
}
