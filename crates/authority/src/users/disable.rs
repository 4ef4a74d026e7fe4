//! Disabling and enabling users, with a preview of what ends.

use input::scopes;
use model::entities::{AccessToken, GrantKind, GrantState, User};
use model::query::{Actor, Comparison, Condition, Literal, Query};
use model::{Record as _, Uuid};
use store::Read;

use super::change::{UpdateUser, update_in};
use super::manage::find;
use crate::tokens::{Made, made_in};
use crate::{Caller, Ctx, Fault};

/// What ends when a user is disabled, and what does not.
#[derive(Clone, Debug)]
pub struct DisableEffects {
    /// The user.
    pub user: User,
    /// The number of sessions that end.
    pub sessions: usize,
    /// The number of grants that end, by kind.
    pub grants: Vec<(GrantKind, u64)>,
    /// Service access tokens that the user created. They stay valid: hand them over, or revoke them.
    pub to_hand_over: Vec<Made>,
}

/// Returns what would end if the user were disabled now; for administrators.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such user.
pub async fn preview_disable(ctx: &Ctx, caller: &Caller, login: &str) -> Result<DisableEffects, Fault> {
    caller.require(ctx, scopes::READ)?;
    let user = find(ctx, caller, login).await?;
    let ctx_of_read = ctx.clone();
    ctx.store().read(move |read| effects(&ctx_of_read, read, user)).await
}

/// Disables a user, and ends what [`Occasion::UserDisabled`](crate::endings::Occasion::UserDisabled) ends; for
/// administrators. Returns what ended. Nothing of it comes back when the user is enabled.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such user; [`Fault::Conflict`] if the user is the caller.
pub async fn disable(ctx: &Ctx, caller: &Caller, login: &str) -> Result<DisableEffects, Fault> {
    set_active(ctx, caller, login, false).await
}

/// Enables a user; for administrators.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such user.
pub async fn enable(ctx: &Ctx, caller: &Caller, login: &str) -> Result<User, Fault> {
    Ok(set_active(ctx, caller, login, true).await?.user)
}

async fn set_active(ctx: &Ctx, caller: &Caller, login: &str, active: bool) -> Result<DisableEffects, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let id = find(ctx, caller, login).await?.id;
    let by = caller.clone();
    caller
        .transaction(ctx, move |ctx, tx| {
            let gone = || Fault::NotFound("there is no user with this login".to_owned());
            let before: User = tx.find_exclusive(id)?.ok_or_else(gone)?;
            if before.active == active {
                return Ok(DisableEffects {
                    user: before,
                    sessions: 0,
                    grants: Vec::new(),
                    to_hand_over: Vec::new(),
                });
            }
            let mut effects = effects(ctx, tx, before)?;
            let asked = UpdateUser { active: Some(active), ..UpdateUser::default() };
            effects.user = update_in(ctx, tx, &by, &effects.user, &asked)?;
            Ok(effects)
        })
        .await
}

pub(super) fn effects(ctx: &Ctx, read: &Read<'_>, user: User) -> Result<DisableEffects, Fault> {
    let sessions = read.list_sessions(user.id, ctx.now, ctx.settings().idle_since(ctx.now))?.len();
    let mut grants = Vec::new();
    for kind in GrantKind::ALL.iter().filter(|kind| **kind != GrantKind::ServiceAccessToken) {
        let query = Query { filter: Some(live(user.id, *kind)), ..Query::default() };
        let count = read.count(&query.bind(AccessToken::entity(), Actor::SYSTEM.at(ctx.now))?)?;
        if count > 0 {
            grants.push((*kind, count));
        }
    }
    Ok(DisableEffects { sessions, grants, to_hand_over: made_in(read, user.id, ctx.now)?, user })
}

/// The grants of a user that have not ended.
fn live(user: Uuid, kind: GrantKind) -> Condition {
    let and = |left, right| Condition::And(Box::new(left), Box::new(right));
    let equals = |name: &str, value| Condition::Compare(vec![name.to_owned()], Comparison::Eq, value);
    let member = |name: &str| Literal::Member(name.to_owned());
    let states = [GrantState::Live, GrantState::Disabled].map(|state| member(state.name())).to_vec();
    let states = Condition::In(vec!["State".to_owned()], states);
    and(and(equals("User", Literal::Guid(user)), equals("Kind", member(kind.name()))), states)
}

#[cfg(test)]
mod tests;
