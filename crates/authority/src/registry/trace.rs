//! The blast radius of a grant, user or client: what it made, what it touched, and from where.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use model::entities::{AccessToken, AuditEvent, GrantKind, TrustedApplication, User};
use model::{Column, Timestamp, Uuid, Value};
use store::{Read, StoreError};

use crate::{Caller, Ctx, Fault};

/// Maximum number of traced grants.
pub const MAX_GRANTS: usize = 500;
/// Maximum number of traced events.
pub const MAX_EVENTS: usize = 500;
/// How many rows one statement lists.
const AT_ONCE: u64 = 501;

/// What is traced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A grant, and what depends on it.
    Grant(Uuid),
    /// A user's grants, and the service access tokens that the user created.
    User(Uuid),
    /// The grants of a client.
    Client(Uuid),
}

/// A traced grant.
#[derive(Clone, Debug)]
pub struct TracedGrant {
    /// The grant.
    pub grant: AccessToken,
    /// The number of grants above it.
    pub depth: u32,
    /// The grant above it: its parent, or the token with which it was created.
    pub made_by: Option<Uuid>,
}

/// An address from which a traced grant was used or authorized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracedAddress {
    /// The address.
    pub address: String,
    /// The number of traced grants that were used from it, or caused an event.
    pub grants: usize,
    /// The last use.
    pub last_used: Timestamp,
}

/// The blast radius.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// The grants, each followed by those that it made.
    pub grants: Vec<TracedGrant>,
    /// The events that they caused, the newest first.
    pub events: Vec<AuditEvent>,
    /// The addresses from which they acted, the latest first.
    pub addresses: Vec<TracedAddress>,
    /// Whether there are more grants or events.
    pub is_truncated: bool,
}

/// Traces a grant, user or client.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such object or the caller may not see it.
pub async fn trace(ctx: &Ctx, caller: &Caller, of: Subject) -> Result<Trace, Fault> {
    let sees_all = caller.actor(ctx).sees_all;
    let user = caller.user.id;
    let may_see = move |owner: Option<Uuid>| sees_all || owner == Some(user);
    ctx.store()
        .read(move |read| {
            let mut tracer = Tracer { read, trace: Trace::default(), seen: BTreeSet::new() };
            for root in roots(read, of, &may_see)? {
                tracer.visit(root, 0, None, &may_see)?;
            }
            tracer.finish()
        })
        .await
}

fn roots(
    read: &Read<'_>,
    of: Subject,
    may_see: &impl Fn(Option<Uuid>) -> bool,
) -> Result<Vec<AccessToken>, Fault> {
    let missing = || Fault::NotFound("there is no such object".to_owned());
    let list = |column: Column, id| read.list_by::<AccessToken>(column, &Value::Guid(id), AT_ONCE);
    match of {
        Subject::Grant(id) => {
            let grant = read.find::<AccessToken>(id)?.filter(|grant| may_see(grant.user_id));
            Ok(vec![grant.ok_or_else(missing)?])
        }
        Subject::User(id) => {
            let user = read.find::<User>(id)?.filter(|user| may_see(Some(user.id)));
            let id = user.ok_or_else(missing)?.id;
            let made = |grant: &AccessToken| grant.kind == GrantKind::ServiceAccessToken;
            let mut grants = list(AccessToken::User, id)?;
            grants.extend(list(AccessToken::CreatedBy, id)?.into_iter().filter(made));
            Ok(tops(grants))
        }
        Subject::Client(id) => {
            let client = read.find::<TrustedApplication>(id)?.filter(|_| may_see(None));
            Ok(tops(list(AccessToken::TrustedApplication, client.ok_or_else(missing)?.id)?))
        }
    }
}

/// Returns the grants that do not depend on others of the list, the oldest first.
fn tops(mut grants: Vec<AccessToken>) -> Vec<AccessToken> {
    let ids: BTreeSet<_> = grants.iter().map(|grant| grant.id).collect();
    grants.retain(|grant| grant.parent_id.is_none_or(|parent| !ids.contains(&parent)));
    grants.sort_by_key(|grant| grant.id);
    grants
}

struct Tracer<'a, 'r> {
    read: &'a Read<'r>,
    trace: Trace,
    seen: BTreeSet<Uuid>,
}

impl Tracer<'_, '_> {
    fn visit(
        &mut self,
        grant: AccessToken,
        depth: u32,
        made_by: Option<Uuid>,
        may_see: &impl Fn(Option<Uuid>) -> bool,
    ) -> Result<(), Fault> {
        // An explicit stack: a tree of grants can be deep.
        let mut stack = vec![TracedGrant { grant, depth, made_by }];
        while let Some(next) = stack.pop() {
            if !self.seen.insert(next.grant.id) {
                continue;
            }
            if self.trace.grants.len() >= MAX_GRANTS {
                self.trace.is_truncated = true;
                return Ok(());
            }
            let (id, depth) = (next.grant.id, next.depth + 1);
            let mut made = self.made(id)?;
            made.retain(|grant| may_see(grant.user_id));
            made.sort_by_key(|grant| Reverse(grant.id));
            self.trace.grants.push(next);
            stack.extend(made.into_iter().map(|grant| TracedGrant { grant, depth, made_by: Some(id) }));
        }
        Ok(())
    }

    /// Lists the children of a grant and the tokens that were created with it. Notes the events that it caused.
    fn made(&mut self, id: Uuid) -> Result<Vec<AccessToken>, StoreError> {
        let mut made = self.read.list_by::<AccessToken>(AccessToken::Parent, &Value::Guid(id), AT_ONCE)?;
        let events = self.read.list_by::<AuditEvent>(AuditEvent::ActorGrant, &Value::Guid(id), AT_ONCE)?;
        self.trace.is_truncated |= made.len() > MAX_GRANTS || events.len() > MAX_EVENTS;
        let created =
            events.iter().filter(|event| event.event_type == model::entities::AuditEventType::TokenCreated);
        for id in created.filter_map(|event| event.grant_id) {
            if !made.iter().any(|grant| grant.id == id) {
                made.extend(self.read.find::<AccessToken>(id)?);
            }
        }
        self.trace.events.extend(events);
        Ok(made)
    }

    fn finish(mut self) -> Result<Trace, Fault> {
        self.trace.addresses = self.addresses()?;
        let events = &mut self.trace.events;
        events.sort_by_key(|event| Reverse((event.time_utc, event.id)));
        self.trace.is_truncated |= events.len() > MAX_EVENTS;
        events.truncate(MAX_EVENTS);
        Ok(self.trace)
    }

    fn addresses(&self) -> Result<Vec<TracedAddress>, StoreError> {
        let mut found = BTreeMap::<String, (BTreeSet<Uuid>, Timestamp)>::new();
        let mut note = |address: &str, grant: Uuid, time: Timestamp| {
            let (grants, last) = found.entry(address.to_owned()).or_insert_with(|| (BTreeSet::new(), time));
            grants.insert(grant);
            *last = time.max(*last);
        };
        for TracedGrant { grant, .. } in &self.trace.grants {
            for used in self.read.addresses_of(grant.id)? {
                note(&used.address, grant.id, used.last_used_timestamp);
            }
            let last = grant.last_used_ip_address.as_deref().zip(grant.last_used_timestamp);
            let authorized = grant.authorized_ip_address.as_deref().zip(grant.authorized_timestamp);
            last.into_iter().chain(authorized).for_each(|(address, time)| note(address, grant.id, time));
        }
        for event in &self.trace.events {
            if let (Some(address), Some(grant)) = (&event.ip_address, event.actor_grant_id) {
                note(address, grant, event.time_utc);
            }
        }
        let found = found.into_iter();
        let address = |(address, (grants, last_used)): (String, (BTreeSet<Uuid>, Timestamp))| TracedAddress {
            address,
            grants: grants.len(),
            last_used,
        };
        let mut all: Vec<_> = found.map(address).collect();
        all.sort_by_key(|used| Reverse(used.last_used));
        Ok(all)
    }
}

#[cfg(test)]
mod tests;
