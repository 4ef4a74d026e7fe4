//! Revoking many tokens in one step: those that were shown, and no others.

use input::scopes;
use model::entities::{AccessToken, GrantKind, RevocationReason};
use model::query::{Condition, Literal, Query, QueryError};
use model::{Record as _, Uuid};
use store::RevokedGrant;

use super::revoke::end_with_made;
use crate::registry::audit::note_revoked;
use crate::{Caller, Ctx, Fault};

/// How many tokens are revoked in one step.
pub const MOST: usize = 1000;

/// The tokens that a condition means, and what was done with them.
pub struct Matching {
    /// The tokens that are not revoked yet, by their identifiers.
    pub ids: Vec<Uuid>,
    /// What has to be sent to revoke them, and no others.
    pub confirmation: String,
    /// What was revoked: the tokens, and what came from them.
    pub revoked: Vec<RevokedGrant>,
}

/// Tells which tokens a condition means, of those that the caller may see and that are not revoked yet.
///
/// # Errors
/// [`Fault::Query`] where they are more than are revoked in one step.
pub async fn find_matching(ctx: &Ctx, caller: &Caller, condition: &Condition) -> Result<Matching, Fault> {
    let question = Question::new(ctx, caller, condition)?;
    let ids = ctx.store().read(move |read| question.ids(read)).await?;
    Ok(Matching { confirmation: confirmation(ctx, caller, &ids), ids, revoked: Vec::new() })
}

/// Revokes the tokens that a condition means, in one transaction, if they are those that were shown.
///
/// # Errors
/// [`Fault::Conflict`] where other tokens are meant now than were shown: nothing is revoked.
pub async fn revoke_matching(
    ctx: &Ctx,
    caller: &Caller,
    condition: &Condition,
    confirmed: &str,
) -> Result<Matching, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let question = Question::new(ctx, caller, condition)?;
    let (by, confirmed) = (caller.clone(), confirmed.to_owned());
    caller
        .transaction(ctx, move |ctx, tx| {
            let ids = question.ids(tx)?;
            let confirmation = confirmation(ctx, &by, &ids);
            if !token::digest::same(confirmation.as_bytes(), confirmed.as_bytes()) {
                let message = "other tokens are meant now than were shown; look at them once more";
                return Err(Fault::Conflict(message.to_owned()));
            }
            let mut revoked = Vec::new();
            for id in &ids {
                let Some(token) = tx.find::<AccessToken>(*id)? else { continue };
                let mut ended = end_with_made(ctx, tx, &token, RevocationReason::Requested)?;
                note_revoked(ctx, tx, &by, *id, &ended)?;
                revoked.append(&mut ended);
            }
            Ok(Matching { ids, confirmation, revoked })
        })
        .await
}

/// A condition on tokens, checked and limited to what the caller may see.
#[derive(Clone)]
struct Question(model::query::BoundQuery);

impl Question {
    fn new(ctx: &Ctx, caller: &Caller, condition: &Condition) -> Result<Self, Fault> {
        caller.require(ctx, scopes::READ)?;
        let kinds =
            [GrantKind::PersonalAccessToken, GrantKind::ServiceAccessToken, GrantKind::ReferenceToken];
        let kinds = kinds.map(|kind| Literal::Member(kind.name().to_owned())).to_vec();
        let tokens = Condition::In(vec!["Kind".to_owned()], kinds);
        let filter = Some(Condition::And(Box::new(tokens), Box::new(condition.clone())));
        let query = Query { filter, select: vec!["RevokedTimestamp".to_owned()], ..Query::default() };
        let bound = query.bind(AccessToken::entity(), caller.actor(ctx))?;
        let mut bound = bound.without_value("RevokedTimestamp");
        bound.top = Some(MOST as u64);
        Ok(Self(bound))
    }

    /// The tokens in the order of their identifiers.
    fn ids(&self, read: &store::Read<'_>) -> Result<Vec<Uuid>, Fault> {
        let page = read.page(&self.0)?;
        if page.next.is_some() {
            return Err(QueryError::LimitExceeded { what: "the number of tokens", limit: MOST }.into());
        }
        let mut ids: Vec<Uuid> = page.objects.iter().map(|object| object.id).collect();
        ids.sort_unstable();
        Ok(ids)
    }
}

/// What stands for these tokens, shown to this caller.
fn confirmation(ctx: &Ctx, caller: &Caller, ids: &[Uuid]) -> String {
    let mut text = caller.user.id.as_bytes().to_vec();
    ids.iter().for_each(|id| text.extend_from_slice(id.as_bytes()));
    let mac = ctx.authenticate("tokens to revoke", &text);
    format!("{}-{}", ids.len(), token::digest::base64url(mac.get(..16).unwrap_or(&mac)))
}
