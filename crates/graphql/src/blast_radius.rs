//! The blast radius of a grant, user or application.

use async_graphql::{ID, SimpleObject};
use authority::Fault;
use authority::registry::trace::{Subject, Trace, TracedAddress, TracedGrant, trace};
use model::Uuid;

use super::context::ResolverContext;
use super::date_time::DateTime;
use super::id::{self, NodeType};
use super::row::{FromRow as _, Row};
use super::types::{AuditEvent, Grant};

/// What a grant, user or application made, what it touched, and from where
#[derive(SimpleObject)]
pub(super) struct BlastRadius {
    /// The grants, each followed by those that it made
    grants: Vec<TracedNode>,
    /// The events that they caused, the newest first
    events: Vec<AuditEvent>,
    /// The addresses from which they acted, the latest first
    addresses: Vec<AddressUse>,
    /// Whether there are more grants or events than are shown
    is_truncated: bool,
}

/// A grant in a tree of grants
#[derive(SimpleObject)]
pub(super) struct TracedNode {
    /// The grant
    grant: Grant,
    /// The number of grants above it
    depth: i32,
    /// The uuid of the grant above it: its parent, or the token with which it was created
    made_by: Option<ID>,
}

/// An address from which grants acted
#[derive(SimpleObject)]
pub(super) struct AddressUse {
    /// The IP address
    address: String,
    /// The number of grants that acted from it
    grant_count: i32,
    /// The time of the last use
    last_used_at: DateTime,
}

/// Traces the object with this global id; for a grant, its uuid can be given instead.
pub(super) async fn find(resolver: &ResolverContext, id: &ID) -> Result<Option<BlastRadius>, Fault> {
    let found = trace(&resolver.ctx, &resolver.caller, subject(id)?).await?;
    BlastRadius::try_from(found).map(Some)
}

fn subject(id: &ID) -> Result<Subject, Fault> {
    if let Ok(uuid) = Uuid::try_parse(id) {
        return Ok(Subject::Grant(uuid));
    }
    Ok(match id::decode(id)? {
        (NodeType::User, uuid) => Subject::User(uuid),
        (NodeType::Application, uuid) => Subject::Client(uuid),
        _ => Subject::Grant(id::decode_grant(id)?),
    })
}

impl TryFrom<Trace> for BlastRadius {
    type Error = Fault;

    fn try_from(found: Trace) -> Result<Self, Fault> {
        let event = |event| AuditEvent::from_row(&Row::from_record(&event));
        Ok(Self {
            grants: found.grants.into_iter().map(TracedNode::try_from).collect::<Result<_, _>>()?,
            events: found.events.into_iter().map(event).collect::<Result<_, _>>()?,
            addresses: found.addresses.into_iter().map(AddressUse::from).collect(),
            is_truncated: found.is_truncated,
        })
    }
}

impl TryFrom<TracedGrant> for TracedNode {
    type Error = Fault;

    fn try_from(traced: TracedGrant) -> Result<Self, Fault> {
        let depth = i32::try_from(traced.depth).unwrap_or(i32::MAX);
        let made_by = traced.made_by.map(ID::from);
        Ok(Self { grant: Grant::from_row(&Row::from_record(&traced.grant))?, depth, made_by })
    }
}

impl From<TracedAddress> for AddressUse {
    fn from(traced: TracedAddress) -> Self {
        Self {
            address: traced.address,
            grant_count: i32::try_from(traced.grants).unwrap_or(i32::MAX),
            last_used_at: DateTime(traced.last_used),
        }
    }
}
