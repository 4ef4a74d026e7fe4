//! Following what happens: the events that somebody may see, as they are written, by whichever program.

use std::collections::VecDeque;

use model::entities::AuditEvent;
use model::query::{Comparison, Condition, Literal, Object, OrderBy, Query};
use model::{Record as _, Timestamp, Uuid};

use super::query;
use crate::{Caller, Ctx, Fault, Reason};

/// How long after its moment an event may come to be seen, in seconds: as long as its transaction may take.
const LATE: i64 = 10;
/// How many events are told at once.
const AT_ONCE: u64 = 500;
/// How many events are remembered as told.
const REMEMBERED: usize = 2000;

/// Somebody who follows.
pub struct Follower {
    caller: Caller,
    condition: Option<Condition>,
    properties: &'static [&'static str],
    begun: Timestamp,
    told: VecDeque<Uuid>,
}

impl Follower {
    /// Follows from now on what meets a condition, with some properties of each event.
    pub fn new(
        ctx: &Ctx,
        caller: Caller,
        condition: Option<Condition>,
        properties: &'static [&'static str],
    ) -> Self {
        Self { caller, condition, properties, begun: ctx.now, told: VecDeque::new() }
    }

    /// The events that were not told yet, and that whoever follows may still see.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] where they may do nothing any more, or not the same: it is judged anew each time.
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
        // Judged behind the reading: whoever may not follow any more hears nothing of it, not even why.
        let caller = self.caller.renewed(ctx).await?;
        if caller.sees_all() != self.caller.sees_all() {
            return Err(Fault::Unauthenticated(Reason::UserInactive));
        }
        found.retain(|event| !self.told.contains(&event.id));
        for event in &found {
            self.told.push_back(event.id);
        }
        while self.told.len() > REMEMBERED {
            self.told.pop_front();
        }
        self.caller = caller;
        Ok(found)
    }
}
