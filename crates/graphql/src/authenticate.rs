//! Authentication of a GraphQL request: by an access token, or by the session cookie of the pages.

use authority::sign_in::session::find_session;
use authority::{Caller, Ctx, Fault, Reason};
use axum::http::HeaderMap;
use web::App;
use web::http::cookies::{cookie, cookie_name};
use web::http::csrf::is_value_of;
use web::http::{presented_token, token_caller};

use super::context::ResolverContext;

/// The header in which a page sends the value of its forms.
const CSRF_HEADER: &str = "x-csrf-token";

/// Authenticates a request by its token, or else by the cookie of the pages, which needs the CSRF value as well.
///
/// # Errors
/// As [`token_caller`]; [`Fault::Forbidden`] where the cookie comes alone.
pub(super) async fn authenticate(app: &App, ctx: Ctx, headers: &HeaderMap) -> Result<ResolverContext, Fault> {
    let secret = match presented_token(headers)? {
        None => cookie(headers, cookie_name(app)),
        Some(_) => None,
    };
    let caller = match secret {
        Some(secret) => session_caller(app, &ctx, headers, secret).await?,
        None => token_caller(&ctx, headers).await?,
    };
    Ok(ResolverContext::new(ctx, caller))
}

async fn session_caller(app: &App, ctx: &Ctx, headers: &HeaderMap, secret: &str) -> Result<Caller, Fault> {
    let caller = find_session(ctx, secret).await.map_err(|fault| match fault {
        // Without a token, the challenge has no error (RFC 6750, section 3.1).
        Fault::Unauthenticated(_) => Fault::Unauthenticated(Reason::Missing),
        other => other,
    })?;
    let sent = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !is_value_of(app, ctx, headers, caller.user.id, sent) {
        let message =
            "a request with the cookie of the pages needs the page's value in the header X-CSRF-Token";
        return Err(Fault::Forbidden(message.to_owned()));
    }
    Ok(caller)
}
