//! The state of grants as a derived column.

use model::entities::GrantState;
use model::query::state::is;
use model::{Entity, Timestamp};
use sea_query::{CaseStatement, Expr};

use crate::expr::condition;

/// Returns the state of a grant, as the code of a [`GrantState`].
pub(crate) fn derived(entity: &'static Entity, now: Timestamp) -> Expr {
    let ended = [GrantState::Revoked, GrantState::Used, GrantState::Expired, GrantState::Disabled];
    let case = ended.into_iter().fold(CaseStatement::new(), |case, state| {
        case.case(condition(entity, &is(state, now)), Expr::val(state.code()))
    });
    case.finally(Expr::val(GrantState::Live.code())).into()
}
