use authority::oidc::user_info::{self, UserInfo};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Tag};
use web::http::{RequestCtx, api_code, challenge, oauth_code, refused, token_caller};

use super::answer::uncached;
use super::declaration::UNAVAILABLE;

pub(super) const ENDPOINT: Endpoint = Endpoint {
    description: "OpenID Connect Core, section 5.3. The token needs the scope `openid`. A client can register for signed responses.",
    access: Access::Token,
    answers: &[
        Answer::new(
            200,
            "The claims.",
            Body::json(&[Field::required("sub", Kind::Text, "The identifier of the user for this client.")]),
        ),
        Answer::new(200, "The same, signed.", Body::text("application/jwt")),
        Answer::empty(400, "The request has more than one token."),
        Answer::empty(401, "A valid access token is required; see `WWW-Authenticate`."),
        Answer::empty(403, "The token lacks the scope `openid`; see `WWW-Authenticate`."),
        UNAVAILABLE,
    ],
    ..Endpoint::new(
        Method::Get,
        "/id/connect/userinfo",
        Tag::SignIn,
        "userInfo",
        "Returns the claims of the user",
    )
};

pub(super) const BY_POST: Endpoint = Endpoint { method: Method::Post, id: "userInfoByPost", ..ENDPOINT };

/// The UserInfo endpoint (OpenID Connect Core, section 5.3).
pub(super) async fn user_info(RequestCtx(ctx): RequestCtx, headers: HeaderMap) -> Response {
    let claims = match token_caller(&ctx, &headers).await {
        Ok(caller) => user_info::user_info(&ctx, &caller),
        Err(fault) => Err(fault),
    };
    let fault = match claims {
        Ok(UserInfo::Plain(claims)) => return uncached(StatusCode::OK, &claims),
        Ok(UserInfo::Signed(token)) => {
            let headers = [(header::CONTENT_TYPE, "application/jwt"), (header::CACHE_CONTROL, "no-store")];
            return (headers, token).into_response();
        }
        Err(fault) => fault,
    };
    // RFC 6750, section 3: the challenge has the error.
    let (status, _) = api_code(&fault);
    let (_, error) = oauth_code(&fault);
    tracing::info!(?fault, error, "a UserInfo request was refused");
    let mut response = status.into_response();
    if let Some(challenge) = challenge(&fault) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    refused(response, &fault, error)
}
