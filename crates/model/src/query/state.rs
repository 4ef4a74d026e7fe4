//! The state of grants as a condition on their rows. The crate `grant-state` decides the state of one grant; a random test
//! compares both.

use super::{Comparison, Expr};
use crate::entities::{AccessToken, GrantState, TrustedApplication, User};
use crate::{Column, Entity, Property, Record as _, Reference, Timestamp, Value};

/// Returns the condition that a grant has one of these states.
pub(super) fn is_one_of(states: &[GrantState], now: Timestamp) -> Expr {
    let mut conditions = states.iter().map(|state| is(*state, now));
    match (conditions.next(), conditions.next()) {
        (None, _) => Expr::Const(false),
        (Some(only), None) => only,
        (Some(first), Some(second)) => conditions.fold(first.or(second), Expr::or),
    }
}

/// Returns the condition that a grant has a state at a time.
pub fn is(state: GrantState, now: Timestamp) -> Expr {
    let not_revoked = || is_null(AccessToken::RevokedTimestamp);
    let not_used = || is_null(AccessToken::ConsumedTimestamp);
    let expired = || Expr::Compare(attribute(AccessToken::ExpireTimestamp), Comparison::Le, Value::Time(now));
    let not_ended = || not_revoked().and(not_used()).and(expired().negated());
    match state {
        GrantState::Revoked => not_revoked().negated(),
        GrantState::Used => not_revoked().and(not_used().negated()),
        GrantState::Expired => not_revoked().and(not_used()).and(expired()),
        GrantState::Disabled => not_ended().and(is_disabled()),
        GrantState::Live => not_ended().and(is_disabled().negated()),
    }
}

/// Returns the condition that the client of a grant, its user or a client from whose tokens it came is disabled.
fn is_disabled() -> Expr {
    let enabled = equals(TrustedApplication::entity(), TrustedApplication::IsEnabled, true);
    let inactive = equals(User::entity(), User::Active, false);
    let client = through(AccessToken::TrustedApplication, enabled).negated();
    client.or(through(AccessToken::User, inactive)).or(Expr::HasDisabledOrigin)
}

fn is_null(column: Column) -> Expr {
    Expr::IsNull(attribute(column))
}

fn equals(entity: &'static Entity, column: Column, value: bool) -> Expr {
    Expr::Compare(property(entity, column), Comparison::Eq, Value::Bool(value))
}

fn through(column: Column, condition: Expr) -> Expr {
    let reference: &'static Reference = match property(AccessToken::entity(), column) {
        Property::Reference(reference) => reference,
        Property::Attribute(_) => return Expr::Const(false),
    };
    Expr::Through(reference, Box::new(condition))
}

fn attribute(column: Column) -> Property {
    property(AccessToken::entity(), column)
}

fn property(entity: &'static Entity, column: Column) -> Property {
    let found = entity.columns().find(|(name, _)| *name == column.0);
    found.map_or(Property::Attribute(entity.id()), |(_, property)| property)
}
