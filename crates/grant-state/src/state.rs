//! State of a grant. No other file reads the timestamps of a grant to refuse it; the test below scans the sources.

use model::Timestamp;
use model::entities::{AccessToken, TrustedApplication, User};
use store::{Change, GrantParties};

use crate::Reason;

/// State of a grant at a moment. If several apply, the first one counts.
///
/// Codes and requests that wait for a decision are live, and so are consents. A lock by failed sign-ins changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantState {
    /// It was revoked.
    Revoked,
    /// It is a one-time grant and was consumed.
    Used,
    /// It has expired.
    Expired,
    /// Its client or its user is disabled, or a client from whose tokens it came. It is live again if they are enabled.
    Disabled(Reason),
    /// It can be used.
    Live,
}

impl GrantState {
    /// Returns why the grant cannot be used, if so.
    pub const fn check(self) -> Result<(), Reason> {
        match self {
            Self::Revoked => Err(Reason::Revoked),
            Self::Used => Err(Reason::Consumed),
            Self::Expired => Err(Reason::Expired),
            Self::Disabled(reason) => Err(reason),
            Self::Live => Ok(()),
        }
    }

    /// Returns why the grant can never be used again, if so. A disabled grant can be changed: it may be enabled again.
    pub const fn check_not_ended(self) -> Result<(), &'static str> {
        match self {
            Self::Revoked => Err("the token is revoked"),
            Self::Used => Err("the token was used"),
            Self::Expired => Err("the token has expired"),
            Self::Disabled(_) | Self::Live => Ok(()),
        }
    }
}

impl From<GrantState> for model::entities::GrantState {
    fn from(state: GrantState) -> Self {
        match state {
            GrantState::Revoked => Self::Revoked,
            GrantState::Used => Self::Used,
            GrantState::Expired => Self::Expired,
            GrantState::Disabled(_) => Self::Disabled,
            GrantState::Live => Self::Live,
        }
    }
}

/// A grant and the rows on which its state depends.
pub struct Parties<'a> {
    /// The grant.
    pub grant: &'a AccessToken,
    /// Its client.
    pub client: Option<&'a TrustedApplication>,
    /// Its user.
    pub user: Option<&'a User>,
    /// Whether another client, from whose tokens it came, is disabled or was removed.
    pub has_disabled_origin: bool,
    /// Whether it belongs to a confirmed revocation whose rows follow.
    pub is_marked: bool,
}

impl<'a> From<&'a GrantParties> for Parties<'a> {
    fn from(parties: &'a GrantParties) -> Self {
        Self {
            grant: &parties.grant,
            client: parties.application.as_ref(),
            user: parties.user.as_ref(),
            has_disabled_origin: parties.has_disabled_origin,
            is_marked: parties.is_marked,
        }
    }
}

/// Returns the state of a grant.
pub fn state<'a>(parties: impl Into<Parties<'a>>, now: Timestamp) -> GrantState {
    let parties = parties.into();
    if parties.is_marked {
        return GrantState::Revoked;
    }
    if let Some(ended) = ended(parties.grant, now) {
        return ended;
    }
    if !parties.client.is_some_and(|client| client.is_enabled) || parties.has_disabled_origin {
        return GrantState::Disabled(Reason::ApplicationDisabled);
    }
    match parties.user.map_or(Ok(()), check_user) {
        Ok(()) => GrantState::Live,
        Err(reason) => GrantState::Disabled(reason),
    }
}

/// Returns how a grant ended, if it did, from its row alone.
pub fn ended(grant: &AccessToken, now: Timestamp) -> Option<GrantState> {
    if is_revoked(grant) {
        Some(GrantState::Revoked)
    } else if is_consumed(grant) {
        Some(GrantState::Used)
    } else if has_expired(grant, now) {
        Some(GrantState::Expired)
    } else {
        None
    }
}

/// Returns whether a grant was revoked.
pub const fn is_revoked(grant: &AccessToken) -> bool {
    grant.revoked_timestamp.is_some()
}

/// Returns whether a one-time grant was consumed, in whatever state it is now.
pub const fn is_consumed(grant: &AccessToken) -> bool {
    grant.consumed_timestamp.is_some()
}

/// Returns whether a grant has expired, in whatever state it is.
pub fn has_expired(grant: &AccessToken, now: Timestamp) -> bool {
    grant.expire_timestamp.is_some_and(|expires| expires <= now)
}

/// Returns whether a grant expires before a moment.
pub fn expires_before(grant: &AccessToken, moment: Timestamp) -> bool {
    grant.expire_timestamp.is_some_and(|expires| expires < moment)
}

/// Restricts a change to a grant that has not ended. Of concurrent changes that end it, one matches.
pub fn if_not_ended(change: Change, now: Timestamp) -> Change {
    if_not_revoked(change).if_null(AccessToken::ConsumedTimestamp).if_after(AccessToken::ExpireTimestamp, now)
}

/// Restricts a change to a grant that was not revoked, and that no open revocation marks.
pub fn if_not_revoked(change: Change) -> Change {
    change.if_null(AccessToken::RevokedTimestamp).unless_marked()
}

/// Checks that the user is active. States that unauthenticated requests can cause, such as a lockout after wrong
/// passwords, have no effect here (see `sign_in/guessing.rs` in `authority`).
pub fn check_user(user: &User) -> Result<(), Reason> {
    if user.active { Ok(()) } else { Err(Reason::UserInactive) }
}

#[cfg(test)]
mod tests;
