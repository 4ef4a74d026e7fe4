//! Set-based revocation: every grant that matches a filter, in one step, and only what was shown.
//!
//! [`prepare()`] collects the members in steps that have no effect. [`confirm()`] switches the revocation on in one commit: from
//! then on each look-up refuses the members. Then their rows follow ([`finish_open`]), also after a crash. See decision 63.

mod confirm;
mod finish;
mod pace;
mod prepare;
mod receipt;

use model::Uuid;
use model::entities::{AccessToken, GrantState};
use model::query::{BoundQuery, Condition, Literal, Query};
use model::{Record as _, Value};

use crate::tokens::revoke::whole_of;
use crate::{Caller, Ctx, Fault, scopes};

pub use confirm::confirm;
pub(crate) use finish::finish_open;
pub use prepare::{Counted, Prepared, prepare};
pub use receipt::{members, receipt};

/// How long a prepared revocation can be confirmed, in seconds.
const CONFIRMABLE: i64 = 900;
/// How many grants one step reads.
const BATCH: u64 = 500;
/// How many previews of a user can wait for their confirmation. A further one replaces the oldest.
const MOST_PREVIEWS: usize = 10;
/// Maximum length of a reason, in characters.
const MAX_REASON: usize = 256;

/// A filter of grants that have not ended.
#[derive(Clone)]
struct Matching(BoundQuery);

/// A grant that matches.
struct Matched {
    /// What is revoked for it: the grant, or the first grant of its sign-in.
    root: Uuid,
    object: model::query::Object,
}

impl Matching {
    /// Binds a filter to what the caller may see.
    ///
    /// # Errors
    /// [`Fault::Query`] for a filter that does not fit the model.
    fn bind(ctx: &Ctx, caller: &Caller, condition: &Condition) -> Result<Self, Fault> {
        caller.require(ctx, scopes::READ)?;
        caller.require(ctx, scopes::UPDATE)?;
        let states = [GrantState::Live, GrantState::Disabled];
        let states = states.map(|state| Literal::Member(state.name().to_owned())).to_vec();
        let lives = Condition::In(vec!["State".to_owned()], states);
        let filter = Some(Condition::And(Box::new(lives), Box::new(condition.clone())));
        let shown =
            ["Kind", "Parent", "User", "Actor", "TrustedApplication", "Client", "Scopes", "Description"];
        let select = shown.iter().chain(&["LastUsedTimestamp"]).map(|name| (*name).to_owned()).collect();
        let mut bound =
            Query { filter, select, ..Query::default() }.bind(AccessToken::entity(), caller.actor(ctx))?;
        bound.top = Some(BATCH);
        Ok(Self(bound))
    }

    /// Reads the next grants, and the position of those after them.
    async fn next(
        &self,
        ctx: &Ctx,
        after: Option<Vec<Value>>,
    ) -> Result<(Vec<Matched>, Option<Vec<Value>>), Fault> {
        let query = match after {
            Some(after) => self.0.clone().continued(after),
            None => self.0.clone(),
        };
        let page = ctx.store().read(move |read| read.page(&query)).await?;
        let matched = |object: model::query::Object| {
            let kind = object.text("Kind").and_then(|name| model::entities::GrantKind::from_name(&name));
            let root = kind.map_or(object.id, |kind| whole_of(kind, object.id, object.guid("Parent")));
            Matched { root, object }
        };
        Ok((page.objects.into_iter().map(matched).collect(), page.next))
    }
}

#[cfg(test)]
mod tests;
