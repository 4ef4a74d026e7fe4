use axum::http::StatusCode;
use axum::response::Response;
use flows::ciba;
use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Tag};
use serde::Serialize;
use web::http::RequestCtx;

use super::answer::{OAuthRejection, uncached};
use super::client::ClientRequest;
use super::declaration::{TOO_MANY, client_answers, client_form};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    description: "OpenID Connect Client-Initiated Backchannel Authentication 1.0, section 7. The user decides on the page `/requests`.",
    access: Access::Client,
    body: client_form![
        Field::required("scope", Kind::Text, "The requested scopes, including `openid`."),
        Field::new("login_hint", Kind::Text, "The login of the user."),
        Field::new(
            "id_token_hint",
            Kind::Text,
            "Alternatively, an ID token that the client received earlier."
        ),
        Field::new("binding_message", Kind::Text, "A text that the user sees on both devices."),
        Field::new("requested_expiry", Kind::Integer, "The seconds within which the user can decide."),
        Field::new("acr_values", Kind::Text, "The preferred authentication levels."),
        Field::new("request", Kind::Text, "The whole request as a signed object."),
    ],
    answers: client_answers![
        Answer::new(
            200,
            "The identifier of the request.",
            Body::json(&[
                Field::required("auth_req_id", Kind::Text, "The identifier that the client exchanges for tokens."),
                Field::required("expires_in", Kind::Integer, "The lifetime of the identifier in seconds."),
                Field::required("interval", Kind::Integer, "The minimum seconds between two token requests."),
            ]),
        );
        TOO_MANY
    ],
    ..Endpoint::new(
        Method::Post,
        "/id/connect/backchannelauthentication",
        Tag::Tokens,
        "backchannelAuthentication",
        "Requests the consent of a user on another device",
    )
};

/// OpenID CIBA, section 7.3.
#[derive(Serialize)]
struct Acknowledgement<'a> {
    auth_req_id: &'a str,
    expires_in: i64,
    interval: i64,
}

/// The backchannel authentication endpoint (OpenID CIBA, section 7).
pub(super) async fn backchannel_authentication(
    RequestCtx(ctx): RequestCtx,
    request: ClientRequest,
) -> Result<Response, OAuthRejection> {
    let started = ciba::start(&ctx, &request.credentials, &request.params).await?;
    let answer = Acknowledgement {
        auth_req_id: started.auth_req_id.expose(),
        expires_in: started.expires_in,
        interval: started.interval,
    };
    Ok(uncached(StatusCode::OK, &answer))
}
