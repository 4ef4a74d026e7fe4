use std::collections::BTreeSet;

use grant_state::state::{has_expired, is_consumed, is_revoked};
use input::scopes;
use model::Uuid;
use model::entities::{AccessToken, AuditEventType, GrantKind, RevocationReason, TrustedApplication};
use store::{DeliveryState, LogoutRow, SessionRow, Tx};

use crate::registry::audit::{Actor, Event};
use crate::tokens::revoke;
use crate::{Client, Ctx, Fault, Scopes};

/// What is left to do where a session has ended.
#[derive(Debug, Default)]
pub struct Ended {
    /// Whom the browser of the session has to tell.
    pub front_channel: Vec<FrontChannel>,
}

/// An application that a browser tells (Front-Channel Logout, section 3).
#[derive(Debug)]
pub struct FrontChannel {
    /// The address that it registered.
    pub uri: String,
    /// The session that ended, as ID tokens name it (`sid`).
    pub session: String,
}

/// For how long an application that does not answer is told again, in seconds.
const TOLD_FOR: i64 = 24 * 3600;
/// How many sessions are ended at once where nobody waits for it.
const AT_ONCE: usize = 50;

/// Ends a session, in a transaction of its own.
pub(crate) async fn end_now(ctx: &Ctx, by: Option<Actor>, id: Uuid) -> Result<Ended, Fault> {
    ctx.transaction(move |ctx, tx| end(ctx, tx, by, id)).await
}

/// Ends a session; of several who end the same, one does.
pub(crate) fn end(ctx: &Ctx, tx: &mut Tx<'_>, by: Option<Actor>, id: Uuid) -> Result<Ended, Fault> {
    let taken = tx.take_session(id)?;
    taken.map_or_else(|| Ok(Ended::default()), |session| follow(ctx, tx, &session, signed_out(&session, by)))
}

/// Ends every session of a user, used or not, but for one where one is named. Gives how many.
pub(crate) fn end_all_of(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: Option<Actor>,
    user: Uuid,
    but: Option<Uuid>,
) -> Result<usize, Fault> {
    let taken = tx.take_sessions_of(user, but)?;
    taken.iter().try_for_each(|session| follow(ctx, tx, session, signed_out(session, by)).map(drop))?;
    Ok(taken.len())
}

/// Ends the sessions whose time is over.
pub(crate) async fn end_what_is_over(ctx: &Ctx) -> Result<(), Fault> {
    while ctx.transaction(end_expired).await? == AT_ONCE {}
    Ok(())
}

fn end_expired(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let taken = tx.take_expired_sessions(ctx.now, AT_ONCE as u64)?;
    for session in &taken {
        follow(ctx, tx, session, signed_out(session, None).with("reason", "expired"))?;
    }
    Ok(taken.len())
}

fn signed_out(session: &SessionRow, by: Option<Actor>) -> Event {
    let event = Event::for_user(AuditEventType::SignedOut, session.user_id);
    event.by(by.unwrap_or_default())
}

/// What follows where a session has ended: what applications may do only while the person is there ends with it, and it is noted who
/// is to be told.
fn follow(ctx: &Ctx, tx: &mut Tx<'_>, session: &SessionRow, event: Event) -> Result<Ended, Fault> {
    event.note(ctx, tx)?;
    let codes = tx.list_of_session(&session.id.to_string(), GrantKind::AuthorizationCode)?;
    for code in codes.iter().filter(|code| !is_revoked(code) && ends_with_session(code)) {
        revoke::end(ctx, tx, code.id, RevocationReason::SignedOut)?;
    }
    let mut ended = Ended::default();
    for application in signed_in_to(ctx, &codes) {
        if let Some(application) = tx.find::<TrustedApplication>(application)? {
            tell(ctx, tx, &Client::new(application, &ctx.catalogue())?, session, &mut ended)?;
        }
    }
    Ok(ended)
}

/// Whether what came from a code, or could still come from it, was meant for while the person is there (OpenID Connect
/// Core, section 11).
fn ends_with_session(code: &AccessToken) -> bool {
    let goes_on = Scopes::stored(code.scopes.as_deref()).contains(scopes::OFFLINE_ACCESS);
    !goes_on || !is_consumed(code)
}

/// The applications that may have got an ID token of the session. A code that is about to be exchanged counts: nobody
/// knows which of both comes first.
fn signed_in_to(ctx: &Ctx, codes: &[AccessToken]) -> BTreeSet<Uuid> {
    let usable = |code: &&AccessToken| is_consumed(code) || !has_expired(code, ctx.now);
    let by_openid = |code: &&AccessToken| Scopes::stored(code.scopes.as_deref()).contains(scopes::OPENID);
    let signed_in = codes.iter().filter(usable).filter(by_openid);
    signed_in.filter_map(|code| code.trusted_application_id).collect()
}

fn tell(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    application: &Client,
    session: &SessionRow,
    ended: &mut Ended,
) -> Result<(), Fault> {
    if !application.is_enabled {
        return Ok(());
    }
    if let Some(uri) = &application.metadata.frontchannel_logout_uri {
        ended.front_channel.push(FrontChannel { uri: uri.clone(), session: session.id.to_string() });
    }
    if application.metadata.backchannel_logout_uri.is_some() {
        tx.insert_logout(&LogoutRow {
            state: DeliveryState::from_now(ctx.new_id()?, ctx.now, ctx.now.plus_seconds(TOLD_FOR)),
            application_id: application.id,
            user_id: session.user_id,
            session: session.id.to_string(),
        })?;
    }
    Ok(())
}
