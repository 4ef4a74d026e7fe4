//! Revoking all tokens that match a condition, if they are those that were shown.

use input::scopes;
use model::entities::{AccessToken, GrantKind, RevocationReason};
use model::query::{Condition, Literal, Query, QueryError};
use model::{Record as _, Uuid};
use store::RevokedGrant;

use super::revoke::end_with_made;
use crate::registry::audit::note_revoked;
use crate::{Caller, Ctx, Fault};

/// Maximum number of tokens that are revoked at once.
pub const MAX_TOKENS: usize = 1000;

/// The tokens that match a condition, and the revoked ones.
pub struct Matching {
    /// The identifiers of the matching tokens that are not revoked yet.
    pub ids: Vec<Uuid>,
    /// The confirmation that revokes exactly these tokens.
    pub confirmation: String,
    /// The revoked tokens, with their descendants.
    pub revoked: Vec<RevokedGrant>,
}

/// Finds the unrevoked tokens that match a condition and that the caller may see.
///
/// # Errors
/// [`Fault::Query`] if there are more than the maximum.
pub async fn find_matching(ctx: &Ctx, caller: &Caller, condition: &Condition) -> Result<Matching, Fault> {
    let question = Question::new(ctx, caller, condition)?;
    let ids = ctx.store().read(move |read| question.ids(read)).await?;
    Ok(Matching { confirmation: confirmation(ctx, caller, &ids), ids, revoked: Vec::new() })
}

/// Revokes the tokens that match a condition, in one transaction, if they are those that were shown.
///
/// # Errors
/// [`Fault::Conflict`] if other tokens match now: nothing is revoked.
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

/// A bound query of tokens.
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
        bound.top = Some(MAX_TOKENS as u64);
        Ok(Self(bound))
    }

    /// Returns the tokens, ordered by identifier.
    fn ids(&self, read: &store::Read<'_>) -> Result<Vec<Uuid>, Fault> {
        let page = read.page(&self.0)?;
        if page.next.is_some() {
            return Err(QueryError::LimitExceeded { what: "the number of tokens", limit: MAX_TOKENS }.into());
        }
        let mut ids: Vec<Uuid> = page.objects.iter().map(|object| object.id).collect();
        ids.sort_unstable();
        Ok(ids)
    }
}

/// Returns the confirmation for these tokens and this caller.
fn confirmation(ctx: &Ctx, caller: &Caller, ids: &[Uuid]) -> String {
    let mut text = caller.user.id.as_bytes().to_vec();
    ids.iter().for_each(|id| text.extend_from_slice(id.as_bytes()));
    let mac = ctx.authenticate("tokens to revoke", &text);
    format!("{}-{}", ids.len(), token::digest::base64url(mac.get(..16).unwrap_or(&mac)))
}
