use axum::http::StatusCode;
use axum::response::Response;
use flows::device;
use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Tag};
use serde::Serialize;
use web::http::RequestCtx;

use super::answer::{OAuthRejection, uncached};
use super::client::ClientRequest;
use super::declaration::{TOO_MANY, client_answers, client_form};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    description: "RFC 8628, section 3.1. A user approves the code on the page `/device`.",
    access: Access::Client,
    body: client_form![
        Field::new("scope", Kind::Text, "The requested scopes."),
        Field::new("description", Kind::Text, "The purpose of the login, which the page shows to the user."),
        Field::new("nonce", Kind::Text, "A value that the ID token repeats."),
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
    ],
    answers: client_answers![
        Answer::new(
            200,
            "The codes.",
            Body::json(&[
                Field::required("device_code", Kind::Text, "The code that the device exchanges for a token."),
                Field::required("user_code", Kind::Text, "The code that the user enters."),
                Field::required("verification_uri", Kind::Uri, "The page where the user enters the code."),
                Field::required("verification_uri_complete", Kind::Uri, "The same page, with the code."),
                Field::required("expires_in", Kind::Integer, "The lifetime of the codes in seconds."),
                Field::required("interval", Kind::Integer, "The minimum seconds between two token requests."),
            ]),
        );
        TOO_MANY
    ],
    ..Endpoint::new(
        Method::Post,
        "/id/connect/deviceauthorization",
        Tag::Tokens,
        "deviceAuthorization",
        "Starts a device login",
    )
};

/// RFC 8628, section 3.2.
#[derive(Serialize)]
struct DeviceAnswer<'a> {
    device_code: &'a str,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: i64,
    interval: i64,
}

/// The device authorization endpoint (RFC 8628), with the extension parameter `description`.
pub(super) async fn device_authorization(
    RequestCtx(ctx): RequestCtx,
    request: ClientRequest,
) -> Result<Response, OAuthRejection> {
    let started = device::start(&ctx, &request.credentials, &request.params).await?;
    let verification_uri = format!("{}/device", ctx.settings().public_url);
    let answer = DeviceAnswer {
        device_code: started.device_code.expose(),
        user_code: started.user_code.to_string(),
        verification_uri_complete: format!("{verification_uri}?user_code={}", started.user_code),
        verification_uri,
        expires_in: started.expires_in,
        interval: started.interval,
    };
    Ok(uncached(StatusCode::OK, &answer))
}
