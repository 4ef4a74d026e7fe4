//! Streams of audit events: those that a caller may see, written by any program.

use std::collections::VecDeque;

use model::entities::AuditEvent;
use model::query::{Comparison, Condition, Literal, Object, OrderBy, Query};
use model::{Record as _, Timestamp, Uuid};

use super::query;
use crate::{Caller, Ctx, Fault, Reason};

/// Maximum time from the timestamp of an event to its visibility, in seconds: the duration of its transaction.
const LATE: i64 = 10;
/// How many events are returned at once.
const AT_ONCE: u64 = 500;
/// How many returned events are remembered.
const REMEMBERED: usize = 2000;

/// A caller who receives events.
pub struct Follower {
    caller: Caller,
    condition: Option<Condition>,
    properties: &'static [&'static str],
    begun: Timestamp,
    seen: VecDeque<Uuid>,
}

impl Follower {
    /// Starts a stream of events that match a condition, with some properties.
    pub fn new(
        ctx: &Ctx,
        caller: Caller,
        condition: Option<Condition>,
        properties: &'static [&'static str],
    ) -> Self {
        Self { caller, condition, properties, begun: ctx.now, seen: VecDeque::new() }
    }

    /// Returns the next events that the caller may see.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] if the caller has ended or was restricted: the caller is checked again at each call.
    pub async fn next(&mut self, ctx: &Ctx) -> Result<Vec<Object>, Fault> {
        let since = ctx.now.plus_seconds(-LATE).max(self.begun);
        let time = vec!["TimeUtc".to_owned()];
        let recent = Condition::Compare(time, Comparison::Ge, Literal::Time(since));
        let filter = match &self.condition {
            Some(condition) => Condition::And(Box::new(recent), Box::new(condition.clone())),
            None => recent,
        };
        let question = Query {
            filter: Some(filter),
            order_by: vec![OrderBy { name: "TimeUtc".to_owned(), descending: false }],
            select: self.properties.iter().map(|name| (*name).to_owned()).collect(),
            top: Some(AT_ONCE),
            ..Query::default()
        };
        let mut found = query::page(ctx, &self.caller, AuditEvent::entity(), &question).await?.objects;
        // Checked after the read, so that a caller who has ended receives none of these events.
        let caller = self.caller.renewed(ctx).await?;
        if caller.sees_all() != self.caller.sees_all() {
            return Err(Fault::Unauthenticated(Reason::UserInactive));
        }
        found.retain(|event| !self.seen.contains(&event.id));
        for event in &found {
            self.seen.push_back(event.id);
        }
        while self.seen.len() > REMEMBERED {
            self.seen.pop_front();
        }
        self.caller = caller;
        Ok(found)
    }
}
