//! The state of grants in SQL: as a condition and as a derived column. The crate `grant-state` decides the state of one grant;
//! a test compares both.

use model::entities::{AccessToken, GrantState, TrustedApplication, User};
use model::{Attribute, Column, DataType, Entity, Field as _, Timestamp};
use sea_query::{Alias, CaseStatement, Condition, Expr, ExprTrait, Query};

use crate::cell::bound;
use crate::origins::has_disabled_in;
use crate::revocations::is_open;

/// Returns the condition that the rows of a table of grants have one of these states or, if `holds` is false, none of them.
pub(crate) fn is_one_of(table: &str, states: &[GrantState], now: Timestamp, holds: bool) -> Expr {
    let wanted = GrantState::ALL.iter().filter(|state| states.contains(state) == holds);
    wanted.fold(Condition::any().add(never()), |any, state| any.add(is(table, *state, now))).into()
}

/// Returns the state of a row of grants, as the code of a [`GrantState`].
pub(crate) fn derived(entity: &'static Entity, now: Timestamp) -> Expr {
    let case = reasons(entity.table, now)
        .into_iter()
        .fold(CaseStatement::new(), |case, (state, reason)| case.case(reason, Expr::val(state.code())));
    case.finally(Expr::val(GrantState::Live.code())).into()
}

fn never() -> Expr {
    Expr::val(1_i64).eq(0_i64)
}

/// Returns the condition that a row has a state: none of the stronger reasons applies, and its own does.
fn is(table: &str, state: GrantState, now: Timestamp) -> Expr {
    let mut all = Condition::all();
    for (of, reason) in reasons(table, now) {
        if of == state {
            return all.add(reason).into();
        }
        all = all.add(reason.not());
    }
    all.into()
}

/// Returns why a grant cannot be used, the strongest reason first. No condition is ever null.
fn reasons(table: &str, now: Timestamp) -> [(GrantState, Expr); 4] {
    let column = |column: Column| Expr::col((Alias::new(table), column.0));
    let end = || column(AccessToken::ExpireTimestamp);
    [
        (GrantState::Revoked, column(AccessToken::RevokedTimestamp).is_not_null().or(is_open(table))),
        (GrantState::Used, column(AccessToken::ConsumedTimestamp).is_not_null()),
        (GrantState::Expired, end().is_not_null().and(end().lte(now.micros()))),
        (GrantState::Disabled, is_disabled(table)),
    ]
}

/// Returns the condition that the client of a grant, its user or a client from whose tokens it came is disabled.
fn is_disabled(table: &str) -> Expr {
    let client = related::<TrustedApplication>(
        table,
        AccessToken::TrustedApplication,
        TrustedApplication::IsEnabled,
        true,
    );
    let user = related::<User>(table, AccessToken::User, User::Active, false);
    client.not().or(user).or(has_disabled_in(table))
}

/// Returns the condition that the row to which a grant refers exists and has a value. Its identifier is looked up: there may
/// be many such rows.
fn related<R: model::Record>(table: &str, reference: Column, column: Column, value: bool) -> Expr {
    let target = R::entity().table;
    let own = Expr::col((target, Attribute::ID_COLUMN));
    let rows = Query::select()
        .expr(Expr::val(1_i64))
        .from(target)
        .and_where(own.eq(Expr::col((Alias::new(table), reference.0))))
        .and_where(Expr::col((target, column.0)).eq(bound(&value.to_value(), DataType::Bool)))
        .to_owned();
    Expr::exists(rows)
}
