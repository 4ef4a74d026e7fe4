use std::collections::BTreeSet;

use grant_state::state::{has_expired, is_consumed, is_revoked};
use input::scopes;
use model::Uuid;
use model::entities::{AccessToken, AuditEventType, GrantKind, RevocationReason, TrustedApplication};
use store::{DeliveryState, LogoutRow, SessionRow, Tx};

use crate::registry::audit::{Actor, Event};
use crate::tokens::revoke;
use crate::{Client, Ctx, Fault, Scopes};

/// The result of ending a session.
#[derive(Debug, Default)]
pub struct Ended {
    /// The clients that the browser of the session has to notify.
    pub front_channel: Vec<FrontChannel>,
}

/// A client with front-channel logout (Front-Channel Logout, section 3).
#[derive(Debug)]
pub struct FrontChannel {
    /// Its logout address.
    pub uri: String,
    /// The session that ended, as ID tokens name it (`sid`).
    pub session: String,
}

/// How long the delivery of a logout token is retried, in seconds.
const RETRIED_FOR: i64 = 24 * 3600;
/// How many expired sessions one transaction ends.
const AT_ONCE: usize = 50;

/// Ends a session, in a transaction of its own.
pub(crate) async fn end_now(ctx: &Ctx, by: Option<Actor>, id: Uuid) -> Result<Ended, Fault> {
    ctx.transaction(move |ctx, tx| end(ctx, tx, by, id)).await
}

/// Ends a session. If called concurrently, one call does.
pub(crate) fn end(ctx: &Ctx, tx: &mut Tx<'_>, by: Option<Actor>, id: Uuid) -> Result<Ended, Fault> {
    let taken = tx.take_session(id)?;
    taken.map_or_else(|| Ok(Ended::default()), |session| follow(ctx, tx, &session, signed_out(&session, by)))
}

/// Ends all sessions of a user, except `but`. Returns how many.
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

/// Ends expired sessions.
pub(crate) async fn end_expired_sessions(ctx: &Ctx) -> Result<(), Fault> {
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

/// Revokes the grants that depend on an ended session, and queues its logout tokens.
fn follow(ctx: &Ctx, tx: &mut Tx<'_>, session: &SessionRow, event: Event) -> Result<Ended, Fault> {
    event.note(ctx, tx)?;
    let codes = tx.list_of_session(&session.id.to_string(), GrantKind::AuthorizationCode)?;
    for code in codes.iter().filter(|code| !is_revoked(code) && ends_with_session(code)) {
        revoke::end(ctx, tx, code.id, RevocationReason::SignedOut)?;
    }
    let mut ended = Ended::default();
    for application in signed_in_to(ctx, &codes) {
        if let Some(application) = tx.find::<TrustedApplication>(application)? {
            notify(ctx, tx, &Client::new(application, &ctx.catalogue())?, session, &mut ended)?;
        }
    }
    Ok(ended)
}

/// Returns whether the grants of a code depend on the session: no offline access was granted (OpenID Connect Core,
/// section 11), or the code was not exchanged yet.
fn ends_with_session(code: &AccessToken) -> bool {
    let is_offline = Scopes::stored(code.scopes.as_deref()).contains(scopes::OFFLINE_ACCESS);
    !is_offline || !is_consumed(code)
}

/// Returns the clients that may have an ID token of the session. Codes that can still be exchanged count: a concurrent
/// exchange may succeed.
fn signed_in_to(ctx: &Ctx, codes: &[AccessToken]) -> BTreeSet<Uuid> {
    let usable = |code: &&AccessToken| is_consumed(code) || !has_expired(code, ctx.now);
    let by_openid = |code: &&AccessToken| Scopes::stored(code.scopes.as_deref()).contains(scopes::OPENID);
    let signed_in = codes.iter().filter(usable).filter(by_openid);
    signed_in.filter_map(|code| code.trusted_application_id).collect()
}

fn notify(
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
            state: DeliveryState::from_now(ctx.new_id()?, ctx.now, ctx.now.plus_seconds(RETRIED_FOR)),
            application_id: application.id,
            user_id: session.user_id,
            session: session.id.to_string(),
        })?;
    }
    Ok(())
}
