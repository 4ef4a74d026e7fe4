//! What can be followed: events as they happen. Who follows is judged anew before anything is told, so a token that is
//! revoked ends its streams.

use std::pin::Pin;
use std::time::Duration;

use async_graphql::{Context, ID, Subscription};
use authority::registry::follow::Follower;
use authority::{Ctx, Fault, scopes};
use futures_util::{Stream, stream};
use model::entities::AuditEvent as AuditEventRow;
use model::query::{Comparison, Condition, Literal};
use tokio::sync::watch;

use super::context::ResolverContext;
use super::id::decode_grant;
use super::model_types::Filter;
use super::row::{FromRow as _, Row};
use super::scope::requires_scope;
use super::types::AuditEvent;

/// The root of subscriptions.
pub(crate) struct Events;

/// What somebody follows.
type EventStream = Pin<Box<dyn Stream<Item = async_graphql::Result<AuditEvent>> + Send>>;

/// How long after it was written another program's event is told at the latest.
const LOOK: Duration = Duration::from_secs(1);

/// What can be followed
#[Subscription(name = "Subscription")]
impl Events {
    /// What happens from now on, to those whom it concerns: administrators all, others what they do or what concerns them
    #[graphql(directive = requires_scope::apply(scopes::READ.to_owned()))]
    async fn viewer_events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which events")] filter: Option<Filter<AuditEventRow>>,
    ) -> async_graphql::Result<EventStream> {
        Ok(follow(ResolverContext::from_context(context)?, filter.map(|filter| filter.condition)))
    }

    /// What happens from now on to grants: they are made, changed, rotated, revoked, authorized, denied or found where they do not belong
    #[graphql(directive = requires_scope::apply(scopes::READ.to_owned()))]
    async fn grant_changed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The grant; all that the caller may see, where it is left out")] id: Option<ID>,
    ) -> async_graphql::Result<EventStream> {
        let compare =
            |name: &str, literal| Condition::Compare(vec![name.to_owned()], Comparison::Eq, literal);
        let condition = match id {
            Some(id) => compare("Grant", Literal::Guid(decode_grant(&id)?)),
            None => compare("Subject", Literal::Member("Grant".to_owned())),
        };
        Ok(follow(ResolverContext::from_context(context)?, Some(condition)))
    }
}

/// A stream of events.
struct Following {
    ctx: Ctx,
    follower: Follower,
    changes: watch::Receiver<()>,
    waiting: std::vec::IntoIter<model::query::Object>,
    ended: bool,
}

fn follow(resolver: &ResolverContext, condition: Option<Condition>) -> EventStream {
    let ctx = resolver.ctx.clone();
    let follower = Follower::new(&ctx, resolver.caller.clone(), condition, AuditEvent::PROPERTIES);
    let changes = ctx.authority().changes();
    let state = Following { ctx, follower, changes, waiting: Vec::new().into_iter(), ended: false };
    Box::pin(stream::unfold(state, |mut state| async move {
        let next = state.next().await?;
        Some((next.map_err(Into::into), state))
    }))
}

impl Following {
    /// The next event; nothing once the stream has ended.
    async fn next(&mut self) -> Option<Result<AuditEvent, Fault>> {
        loop {
            if let Some(row) = self.waiting.next() {
                return Some(AuditEvent::from_row(&Row::from_object(row)));
            }
            if self.ended {
                return None;
            }
            // Of what this program writes we are told at once; what others write is looked for.
            let _ = tokio::time::timeout(LOOK, self.changes.changed()).await;
            match self.follower.next(&self.ctx.clone().at(clock::now())).await {
                Ok(found) => self.waiting = found.into_iter(),
                Err(Fault::Unavailable(what)) => {
                    tracing::warn!(what, "a stream of events waits for the registry");
                }
                Err(fault) => {
                    self.ended = true;
                    return Some(Err(fault));
                }
            }
        }
    }
}
