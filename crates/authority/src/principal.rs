//! Principal of a request: the caller or the client on whose behalf it writes.
//!
//! It was looked up when the request was authenticated, and may have ended since: a body takes seconds to arrive, a password
//! is hashed, another server is asked. Every transaction of [`Ctx::by`] therefore checks it again.

use std::sync::Arc;

use grant_state::resolved::ResolvedGrant;
use grant_state::state::{check_user, ended};
use model::Uuid;
use model::entities::{AccessToken, User};
use store::{Read, SessionRow, Tx};

use crate::clients::authenticate::AuthenticatedClient;
use crate::{Caller, Credential, Ctx, Fault, Needed, Reason};

/// Principal that each transaction of a request checks.
#[derive(Clone)]
pub(crate) enum Principal {
    /// A user who is signed in to the pages, and whether the user was an administrator.
    Session(Arc<SessionRow>, bool),
    /// The token of the request.
    Token(Arc<ResolvedGrant>),
    /// A client, with the credentials that it presented.
    Client(AuthenticatedClient),
}

impl From<&Caller> for Principal {
    fn from(caller: &Caller) -> Self {
        match &caller.credential {
            Credential::Session(session) => Self::Session(Arc::clone(session), caller.user.is_admin),
            Credential::Token(live) => Self::Token(Arc::clone(live)),
        }
    }
}

impl From<&Arc<ResolvedGrant>> for Principal {
    fn from(live: &Arc<ResolvedGrant>) -> Self {
        Self::Token(Arc::clone(live))
    }
}

impl Principal {
    /// Checks in a transaction that the principal is still valid, and that its user is active and has kept the rights of an
    /// administrator.
    ///
    /// A session is locked until the transaction ends: a concurrent end of the session also ends what the transaction adds.
    /// A token is not locked. Grants that depend on it are inserted below it, which locks it in the order of the tree (see
    /// [`Lineage::check`](crate::tokens::lineage::Lineage::check)); all other changes count as made before the token ended.
    /// The same holds for the user, whose row is not locked either.
    ///
    /// # Errors
    /// [`Fault::InteractionNeeded`] if the session has ended or was renewed; [`Fault::Unauthenticated`] if the token has ended
    /// or the user is disabled; [`Fault::Conflict`] if the token was restricted; [`Fault::Forbidden`] if the user is no
    /// administrator any more; [`Fault::InvalidClient`].
    pub(crate) fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
        match self {
            Self::Session(session, was_admin) => {
                if !tx.lock_session(session.id, &session.secret_hash, ctx.now)? {
                    return Err(Fault::InteractionNeeded(Needed::Login));
                }
                check_rights(tx, session.user_id, *was_admin)
            }
            Self::Token(live) => {
                check_token(ctx, tx, &live.grant, tx.find(live.grant.id)?.as_ref())?;
                let was_admin = live.user.as_ref().is_some_and(|user| user.is_admin);
                live.grant.user_id.map_or(Ok(()), |user| check_rights(tx, user, was_admin))
            }
            Self::Client(client) => client.check(ctx, tx),
        }
    }
}

/// Checks that a user exists and is active, and is an administrator if the request was authenticated as one.
fn check_rights(tx: &Tx<'_>, id: Uuid, was_admin: bool) -> Result<(), Fault> {
    let user = tx.find::<User>(id)?.ok_or(Fault::Unauthenticated(Reason::UserInactive))?;
    check_user(&user).map_err(Fault::Unauthenticated)?;
    if was_admin && !user.is_admin {
        return Err(Fault::Forbidden("the user is no administrator any more".to_owned()));
    }
    Ok(())
}

/// Checks that a token has not ended, that no open revocation marks it, and that its current row has the limits that were
/// looked up.
///
/// # Errors
/// [`Fault::Unauthenticated`] if it has ended; [`Fault::Conflict`] if it was restricted since.
pub fn check_token(
    ctx: &Ctx,
    read: &Read<'_>,
    known: &AccessToken,
    now: Option<&AccessToken>,
) -> Result<(), Fault> {
    let now = now.ok_or(Fault::Unauthenticated(Reason::Unknown))?;
    if read.is_marked(now.id)? {
        return Err(Fault::Unauthenticated(Reason::Revoked));
    }
    if let Some(ended) = ended(now, ctx.now) {
        return ended.check().map_err(Fault::Unauthenticated);
    }
    let limits = |grant: &AccessToken| {
        (grant.scopes.clone(), grant.expire_timestamp, grant.allowed_ip_addresses.clone(), grant.successor_id)
    };
    if limits(now) == limits(known) {
        return Ok(());
    }
    Err(Fault::Conflict("the token of this request was restricted meanwhile; try again".to_owned()))
}

#[cfg(test)]
mod tests;
