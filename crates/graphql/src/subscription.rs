//! Subscriptions: events as they happen. The caller is authorized again before each event, so a revoked token ends its
//! streams.

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

/// The events of a subscription.
type EventStream = Pin<Box<dyn Stream<Item = async_graphql::Result<AuditEvent>> + Send>>;

/// The longest delay of an event that another program wrote.
const LOOK: Duration = Duration::from_secs(1);

/// The subscriptions
#[Subscription(name = "Subscription")]
impl Events {
    /// New events: for administrators all, for other users those of which they are the actor or the subject
    #[graphql(directive = requires_scope::apply(scopes::READ.to_owned()))]
    async fn viewer_events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The condition for the events")] filter: Option<Filter<AuditEventRow>>,
    ) -> async_graphql::Result<EventStream> {
        Ok(follow(ResolverContext::from_context(context)?, filter.map(|filter| filter.condition)))
    }

    /// New events of grants: created, changed, rotated, revoked, authorized, denied, or found in a leak
    #[graphql(directive = requires_scope::apply(scopes::READ.to_owned()))]
    async fn grant_changed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The grant; if left out, all grants that the caller may see")] id: Option<ID>,
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
            // Changes by this program are signalled at once; changes by other programs are polled.
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
