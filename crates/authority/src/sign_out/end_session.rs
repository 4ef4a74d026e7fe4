//! Sign-outs that clients request (OpenID Connect RP-Initiated Logout 1.0).

use std::sync::Arc;

use input::Params;

use super::{Ended, end_now};
use crate::clients::find::find_application;
use crate::oidc::id_token::read_hint;
use crate::{Caller, Client, Ctx, Fault, RedirectUri};

/// A request to sign out.
pub struct EndSession {
    /// The client, if known.
    pub application: Option<Arc<Client>>,
    /// The redirect URI after the sign-out.
    pub return_to: Option<String>,
    /// The `state` for the redirect.
    pub state: Option<String>,
    /// The session that the ID token names.
    session: Option<String>,
}

/// Reads the request (section 2).
///
/// # Errors
/// [`Fault::InvalidRequest`] if the hint is not an ID token of this issuer, or the redirect URI is not registered.
pub async fn read(ctx: &Ctx, params: &Params) -> Result<EndSession, Fault> {
    let hint = params.get("id_token_hint").map(|hint| read_hint(ctx, hint)).transpose()?;
    let hinted = hint.as_ref().map(|hint| hint.aud.as_str());
    let named = params.get("client_id");
    if let (Some(hinted), Some(named)) = (hinted, named)
        && hinted != named
    {
        return Err(Fault::InvalidRequest(
            "client_id is not the application of the id_token_hint".to_owned(),
        ));
    }
    let application = match hinted.or(named) {
        Some(client_id) => find_application(ctx, client_id).await?,
        None => None,
    };
    let return_to = params.get("post_logout_redirect_uri");
    let return_to = return_to.map(|uri| registered(application.as_deref(), uri)).transpose()?;
    let session = hint.and_then(|hint| hint.sid);
    Ok(EndSession { application, return_to, state: params.get("state").map(str::to_owned), session })
}

/// Returns the redirect URI if the client has registered it (section 3).
fn registered(application: Option<&Client>, asked: &str) -> Result<String, Fault> {
    let own = application.filter(|own| own.is_enabled).and_then(|own| own.impersonate_logout_url.as_deref());
    if !RedirectUri::stored(own).iter().any(|uri| uri.matches(asked)) {
        let message = "the post_logout_redirect_uri is not one of those that the application registered";
        return Err(Fault::InvalidRequest(message.to_owned()));
    }
    Ok(asked.to_owned())
}

impl EndSession {
    /// Returns whether the client registered itself, so that its redirect URI is unverified.
    pub fn is_unverified(&self) -> bool {
        self.application.as_ref().is_some_and(|application| application.metadata.registered_itself)
    }

    /// Returns whether no confirmation is needed: the ID token names the session of the caller.
    pub fn is_certain(&self, caller: &Caller) -> bool {
        caller.session().is_some_and(|session| self.session.as_ref() == Some(&session.id.to_string()))
    }
}

/// Ends the session of the caller and the grants that depend on it. Returns the clients that the browser has to notify.
pub async fn end_session(ctx: &Ctx, caller: &Caller) -> Result<Ended, Fault> {
    match caller.session() {
        Some(session) => end_now(ctx, Some(caller.into()), session.id).await,
        None => Ok(Ended::default()),
    }
}
