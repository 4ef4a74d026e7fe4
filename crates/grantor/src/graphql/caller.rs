//! Who asks: the bearer of a token, or somebody who is signed in to the pages.

use std::sync::Arc;

use async_graphql::Context;
use authority::sign_in::session::find_session;
use authority::{Caller, Ctx, Fault, Reason};
use axum::http::HeaderMap;

use super::question::Loaders;
use crate::app::App;
use crate::pages::forms::is_value_of;
use crate::pages::session::{cookie, cookie_name};
use crate::{clock, http};

/// What every resolver needs: the context of the request, who sent it, and what gathers its reading.
#[derive(Clone)]
pub(super) struct Asking {
    pub(super) ctx: Ctx,
    pub(super) caller: Caller,
    pub(super) loaders: Arc<Loaders>,
}

impl Asking {
    pub(super) fn new(ctx: Ctx, caller: Caller) -> Self {
        let loaders = Arc::new(Loaders::new(ctx.clone(), caller.clone()));
        Self { ctx, caller, loaders }
    }

    /// The same for another operation, of which nothing is gathered with those of this one.
    pub(super) fn anew(&self) -> Self {
        Self::new(self.ctx.clone(), self.caller.clone())
    }

    /// The same now, for what lasts longer than a request.
    ///
    /// # Errors
    /// As [`Caller::renewed`].
    pub(super) async fn renewed(&self) -> Result<Self, Fault> {
        let ctx = self.ctx.clone().at(clock::now());
        let caller = self.caller.renewed(&ctx).await?;
        Ok(Self::new(ctx, caller))
    }

    /// The context of a request, whether or not it is known who sent it.
    pub(super) fn ctx_of<'a>(context: &Context<'a>) -> Result<&'a Ctx, Fault> {
        context.data_opt::<Ctx>().map_or_else(|| Self::of(context).map(|asking| &asking.ctx), Ok)
    }

    /// Who sent the request that a resolver answers.
    pub(super) fn of<'a>(context: &Context<'a>) -> Result<&'a Self, Fault> {
        context.data_opt().ok_or(Fault::Unauthenticated(Reason::Missing))
    }
}

/// The header in which a page sends the value of its forms.
const CSRF_HEADER: &str = "x-csrf-token";

/// Who sends a request: by its token, or else by the cookie of the pages, which counts only together with the
/// value that no other site can know.
///
/// # Errors
/// As [`http::token_caller`]; [`Fault::Forbidden`] where the cookie comes alone.
pub(super) async fn authenticate(app: &App, ctx: Ctx, headers: &HeaderMap) -> Result<Asking, Fault> {
    let secret = match http::presented_token(headers)? {
        None => cookie(headers, cookie_name(app)),
        Some(_) => None,
    };
    let caller = match secret {
        Some(secret) => session_caller(app, &ctx, headers, secret).await?,
        None => http::token_caller(&ctx, headers).await?,
    };
    Ok(Asking::new(ctx, caller))
}

async fn session_caller(app: &App, ctx: &Ctx, headers: &HeaderMap, secret: &str) -> Result<Caller, Fault> {
    let caller = find_session(ctx, secret).await.map_err(|fault| match fault {
        // No token was presented, so none is said to be wrong (RFC 6750, section 3.1).
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
