use authority::grants::redeem;
use authority::{AccessSecret, AuthorizationDetails};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use web::http::RequestCtx;

use super::answer::{Refused, uncached};
use super::client::ClientRequest;

/// RFC 6749, section 5.1.
#[derive(Serialize)]
struct TokenAnswer<'a> {
    access_token: &'a str,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<i64>,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "AuthorizationDetails::is_empty")]
    authorization_details: &'a AuthorizationDetails,
}

/// The token endpoint.
pub(super) async fn token(RequestCtx(ctx): RequestCtx, request: ClientRequest) -> Result<Response, Refused> {
    let redeemed = redeem(&ctx, &request.credentials, request.params).await?;
    let issued = &redeemed.access;
    let expires_in = issued.grant.expire_timestamp.map(|expires| expires.seconds() - ctx.now.seconds());
    let answer = TokenAnswer {
        access_token: issued.secret.expose(),
        token_type: issued.token_type(),
        expires_in,
        scope: issued.scopes.to_string(),
        refresh_token: redeemed.refresh_token.as_ref().map(AccessSecret::expose),
        id_token: redeemed.id_token.as_deref(),
        issued_token_type: redeemed.issued_token_type,
        authorization_details: &redeemed.details,
    };
    Ok(uncached(StatusCode::OK, &answer))
}
