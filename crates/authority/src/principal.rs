//! Principal of a request: the caller or the client on whose behalf it writes.
//!
//! It was looked up before the request did its work, and may have ended since: a body can take seconds to arrive, a password
//! is hashed, another server is asked. Every transaction of [`Ctx::by`] therefore checks it again, in one statement.

use std::sync::Arc;

use grant_state::resolved::ResolvedGrant;
use grant_state::state::ended;
use model::Uuid;
use model::entities::AccessToken;
use store::Tx;

use crate::clients::authenticate::AuthenticatedClient;
use crate::{Caller, Credential, Ctx, Fault, Needed, Reason};

/// Principal that each transaction of a request checks.
#[derive(Clone)]
pub(crate) enum Principal {
    /// A user who is signed in to the pages: the session and the hash of its secret.
    Session(Uuid, String),
    /// A token that the request carried.
    Token(Arc<ResolvedGrant>),
    /// A client, as it authenticated.
    Client(AuthenticatedClient),
}

impl From<&Caller> for Principal {
    fn from(caller: &Caller) -> Self {
        match &caller.credential {
            Credential::Session(session) => Self::Session(session.id, session.secret_hash.clone()),
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
    /// Checks in a transaction that the principal is what it was when the request was authenticated.
    ///
    /// A session is held until the transaction ends, so whatever ends with it includes what the transaction adds. A token is
    /// not: what depends on it is added below it, which holds it in the order of the tree (see
    /// [`Lineage::check`](crate::tokens::lineage::Lineage::check)), and everything else counts as done before the token ended.
    ///
    /// # Errors
    /// [`Fault::InteractionNeeded`] where the session has ended or goes on under another secret; [`Fault::Unauthenticated`]
    /// where the token has ended, [`Fault::Conflict`] where it was restricted; [`Fault::InvalidClient`].
    pub(crate) fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
        match self {
            Self::Session(id, secret_hash) => {
                let is_live = tx.lock_session(*id, secret_hash, ctx.now)?;
                if is_live { Ok(()) } else { Err(Fault::InteractionNeeded(Needed::Login)) }
            }
            Self::Token(live) => check_token(ctx, &live.grant, tx.find(live.grant.id)?.as_ref()),
            Self::Client(client) => client.check(ctx, tx),
        }
    }
}

/// Checks that the row of a token, as it is now, is in force and allows what it allowed when it was looked up.
///
/// # Errors
/// [`Fault::Unauthenticated`] where it has ended, [`Fault::Conflict`] where it was restricted meanwhile.
pub(crate) fn check_token(ctx: &Ctx, known: &AccessToken, now: Option<&AccessToken>) -> Result<(), Fault> {
    let now = now.ok_or(Fault::Unauthenticated(Reason::Unknown))?;
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
