use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Tag};
use std::sync::Arc;

use authority::tokens::introspect;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use web::App;
use web::http::RequestCtx;
use web::http::negotiation::Accept;
use web::metrics::{ACTIVE, INACTIVE, Name};

use super::answer::{OAuthRejection, uncached};
use super::client::ClientRequest;
use super::declaration::{client_answers, client_form};

/// The media type of signed responses (RFC 9701, section 10.2.1).
const SIGNED: &str = "application/token-introspection+jwt";

pub(super) const ENDPOINT: Endpoint = Endpoint {
    description: "RFC 7662. With `Accept: application/token-introspection+jwt`, the response is signed (RFC 9701).",
    access: Access::Client,
    body: client_form![Field::required("token", Kind::Text, "The token.")],
    answers: client_answers![
        Answer::new(
            200,
            "The properties of the token. For a token that is invalid, or that the client may not introspect, only `active`: false.",
            Body::json(&[
                Field::required("active", Kind::Boolean, "Whether the token is valid."),
                Field::new("scope", Kind::Text, "The granted scopes."),
                Field::new("client_id", Kind::Text, "The client that holds the token."),
                Field::new("username", Kind::Text, "The login of the user on whose behalf the token acts."),
                Field::new("token_type", Kind::Text, "How the token is presented."),
                Field::new("exp", Kind::Integer, "The time of expiry, in seconds since 1970."),
                Field::new("iat", Kind::Integer, "The time of issue."),
                Field::new("nbf", Kind::Integer, "The time from which the token is valid."),
                Field::new("sub", Kind::Text, "The user on whose behalf the token acts."),
                Field::new("iss", Kind::Uri, "The issuer."),
                Field::new("jti", Kind::Text, "The id of the row in the registry."),
                Field::new("cnf", Kind::Object(&[]), "The key to which the token is bound (RFC 7800)."),
            ]),
        ),
        Answer::new(200, "The same, signed.", Body::text(SIGNED)),;
    ],
    ..Endpoint::new(
        Method::Post,
        "/id/connect/introspect",
        Tag::Tokens,
        "introspect",
        "Returns the properties of a token",
    )
};

/// The introspection endpoint (RFC 7662). The response is signed if the client accepts that (RFC 9701).
pub(super) async fn introspect(
    State(app): State<Arc<App>>,
    RequestCtx(ctx): RequestCtx,
    headers: HeaderMap,
    request: ClientRequest,
) -> Result<Response, OAuthRejection> {
    let accept = Accept::from_headers(&headers)?;
    let token = request.params.required("token")?;
    let introspected = introspect::introspect(&ctx, &request.credentials, token).await?;
    app.metrics.count(Name::Introspections, &[if introspected.is_some() { ACTIVE } else { INACTIVE }]);
    if accept.names(SIGNED) {
        let signed = introspect::sign(&ctx, &request.credentials.client_id, introspected.as_ref()).await?;
        let headers = [(header::CONTENT_TYPE, SIGNED), (header::CACHE_CONTROL, "no-store")];
        return Ok((headers, signed).into_response());
    }
    Ok(match introspected {
        Some(properties) => uncached(StatusCode::OK, &properties),
        None => uncached(StatusCode::OK, &json!({ "active": false })),
    })
}
