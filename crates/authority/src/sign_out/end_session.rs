//! Signing somebody out at the wish of an application (OpenID Connect RP-Initiated Logout 1.0).

use std::sync::Arc;

use input::Params;

use super::{Ended, end_now};
use crate::clients::find::find_application;
use crate::oidc::id_token::read_hint;
use crate::{Caller, Client, Ctx, Fault, RedirectUri};

/// What an application wishes.
pub struct EndSession {
    /// The application, where it is known.
    pub application: Option<Arc<Client>>,
    /// Where the browser goes afterwards.
    pub return_to: Option<String>,
    /// What it takes along.
    pub state: Option<String>,
    /// The session that the application has in mind.
    session: Option<String>,
}

/// Reads the request (section 2).
///
/// # Errors
/// [`Fault::InvalidRequest`] where the hint is none of ours, or the way back is not registered.
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

/// The way back, which is one of those that the application registered (section 3).
fn registered(application: Option<&Client>, asked: &str) -> Result<String, Fault> {
    let own = application.filter(|own| own.is_enabled).and_then(|own| own.impersonate_logout_url.as_deref());
    if !RedirectUri::stored(own).iter().any(|uri| uri.matches(asked)) {
        let message = "the post_logout_redirect_uri is not one of those that the application registered";
        return Err(Fault::InvalidRequest(message.to_owned()));
    }
    Ok(asked.to_owned())
}

impl EndSession {
    /// Whether nobody but the application said that the way back is its own.
    pub fn is_of_a_stranger(&self) -> bool {
        self.application.as_ref().is_some_and(|application| application.metadata.registered_itself)
    }

    /// Whether the person need not be asked: the application proved that it means this very session.
    pub fn is_certain(&self, caller: &Caller) -> bool {
        caller.session().is_some_and(|session| self.session.as_ref() == Some(&session.id.to_string()))
    }
}

/// Signs somebody out: the session ends, and with it what applications may do only while the person is there. Gives whom
/// the browser has to tell.
pub async fn end_session(ctx: &Ctx, caller: &Caller) -> Result<Ended, Fault> {
    match caller.session() {
        Some(session) => end_now(ctx, Some(caller.into()), session.id).await,
        None => Ok(Ended::default()),
    }
}
