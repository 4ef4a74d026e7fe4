use authority::{Caller, Ctx, Fault, Reason};
use axum::http::HeaderMap;

use super::{presented_token, presented_token_or_password};

/// Returns the caller to whom the token of a request belongs.
///
/// # Errors
/// As [`presented_token`] and [`Caller::from_presented`]; [`Fault::Unauthenticated`] without a token.
pub async fn token_caller(ctx: &Ctx, headers: &HeaderMap) -> Result<Caller, Fault> {
    let presented = presented_token(headers)?.ok_or(Fault::Unauthenticated(Reason::Missing))?;
    Caller::from_presented(ctx, &presented).await
}

/// The caller behind the token of a request, which may also be the password of basic authentication.
///
/// # Errors
/// As [`token_caller`].
pub async fn token_or_password_caller(ctx: &Ctx, headers: &HeaderMap) -> Result<Caller, Fault> {
    let presented = presented_token_or_password(headers)?.ok_or(Fault::Unauthenticated(Reason::Missing))?;
    Caller::from_presented(ctx, &presented).await
}
