use authority::{AccessSecret, AuthorizationDetails};
use axum::http::StatusCode;
use axum::response::Response;
use flows::grants::redeem;
use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Tag};
use serde::Serialize;
use web::http::RequestCtx;

use super::answer::{OAuthRejection, uncached};
use super::client::ClientRequest;
use super::declaration::{TOO_MANY, client_answers, client_form};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    description: "RFC 6749, section 3.2. The required fields depend on the grant type. Tokens can be bound to a key by a \
                  DPoP proof (RFC 9449) or to a certificate (RFC 8705).",
    access: Access::Client,
    parameters: &[Field::new(
        "DPoP",
        Kind::Text,
        "The proof of the key to which the tokens are bound (RFC 9449).",
    )
    .in_header()],
    body: client_form![
        Field::required("grant_type", Kind::Text, "The grant type; the metadata list the supported ones."),
        Field::new(
            "scope",
            Kind::Text,
            "The requested scopes, separated by spaces. If absent: all that the client may be granted.",
        ),
        Field::new(
            "resource",
            Kind::Uri,
            "A resource server for which the token is requested (RFC 8707); can be repeated.",
        ),
        Field::new("audience", Kind::Text, "The same for a token exchange (RFC 8693); can be repeated."),
        Field::new("code", Kind::Text, "The code of `authorization_code`."),
        Field::new("redirect_uri", Kind::Uri, "The redirect URI of the authorization request."),
        Field::new("code_verifier", Kind::Text, "The secret of the code challenge (RFC 7636)."),
        Field::new("refresh_token", Kind::Text, "The token of `refresh_token`."),
        Field::new(
            "device_code",
            Kind::Text,
            "The code of `urn:ietf:params:oauth:grant-type:device_code` (RFC 8628).",
        ),
        Field::new(
            "assertion",
            Kind::Text,
            "The assertion of `urn:ietf:params:oauth:grant-type:jwt-bearer` (RFC 7523).",
        ),
        Field::new("subject_token", Kind::Text, "The token to exchange (RFC 8693)."),
        Field::new("subject_token_type", Kind::Text, "The type of the subject token."),
        Field::new("actor_token", Kind::Text, "The token of the acting party."),
        Field::new("actor_token_type", Kind::Text, "The type of the actor token."),
        Field::new("requested_token_type", Kind::Text, "The type of the requested token."),
    ],
    answers: client_answers![
        Answer::new(
            200,
            "The token.",
            Body::json(&[
                Field::required("access_token", Kind::Text, "The access token. It is not shown again."),
                Field::required(
                    "token_type",
                    Kind::OneOf(&["Bearer", "DPoP", "N_A"]),
                    "How the token is presented.",
                ),
                Field::new(
                    "expires_in",
                    Kind::Integer,
                    "The lifetime in seconds. If absent, the token does not expire.",
                ),
                Field::required("scope", Kind::Text, "The granted scopes."),
                Field::new("refresh_token", Kind::Text, "The refresh token."),
                Field::new("id_token", Kind::Text, "The ID token (OpenID Connect Core, section 2)."),
                Field::new("issued_token_type", Kind::Text, "The type of a token issued by an exchange."),
                Field::new(
                    "authorization_details",
                    Kind::Objects(&[]),
                    "The granted authorization details (RFC 9396).",
                ),
            ]),
        );
        TOO_MANY
    ],
    ..Endpoint::new(Method::Post, "/id/connect/token", Tag::Tokens, "token", "Issues a token")
};

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
pub(super) async fn token(
    RequestCtx(ctx): RequestCtx,
    request: ClientRequest,
) -> Result<Response, OAuthRejection> {
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
