//! Signing somebody out at the wish of an application (OpenID Connect RP-Initiated Logout 1.0).

use std::sync::Arc;

use model::Uuid;
use model::entities::{AccessToken, AuditEventType, GrantKind, RevocationReason};

use super::revoke;
use crate::applications::find_application;
use crate::audit::Event;
use crate::grants::Params;
use crate::id_token::read_hint;
use crate::{Caller, Client, Ctx, Fault, RedirectUri, Scopes, scopes};

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
    let own = application.and_then(|own| own.impersonate_logout_url.as_deref());
    if !RedirectUri::stored(own).iter().any(|uri| uri.matches(asked)) {
        let message = "the post_logout_redirect_uri is not one of those that the application registered";
        return Err(Fault::InvalidRequest(message.to_owned()));
    }
    Ok(asked.to_owned())
}

impl EndSession {
    /// Whether the person need not be asked: the application proved that it means this very session.
    pub fn is_certain(&self, caller: &Caller) -> bool {
        caller.session().is_some_and(|session| self.session.as_ref() == Some(&session.id.to_string()))
    }
}

/// Signs somebody out: the session ends, and with it what applications may do only while the person is there.
pub async fn end_session(ctx: &Ctx, caller: &Caller) -> Result<(), Fault> {
    match caller.session() {
        Some(session) => end(ctx, caller, session.id).await,
        None => Ok(()),
    }
}

/// Ends a session, and with it what applications may do only while the person is there.
pub(crate) async fn end(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(), Fault> {
    let name = id.to_string();
    let begun =
        ctx.store().read(move |read| read.list_of_session(&name, GrantKind::AuthorizationCode)).await?;
    let attended: Vec<Uuid> = begun.iter().filter(|code| is_attended(code)).map(|code| code.id).collect();
    let user = caller.user.id;
    ctx.transaction(move |ctx, tx| {
        tx.remove_session(id)?;
        Event::of_user(AuditEventType::SignedOut, user).by_user(user).note(ctx, tx)?;
        attended
            .iter()
            .try_for_each(|code| revoke::end(ctx, tx, *code, RevocationReason::SignedOut).map(drop))
    })
    .await
}

/// Whether what came from a code was meant for while the person is there (OpenID Connect Core, section 11).
fn is_attended(code: &AccessToken) -> bool {
    !Scopes::stored(code.scopes.as_deref()).contains(scopes::OFFLINE_ACCESS)
}
