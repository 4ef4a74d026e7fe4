//! Last uses of grants, collected in memory.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::entities::{AccessToken, GrantKind};
use model::{Timestamp, Uuid};
use store::{LastUse, UsedAddress};

use super::recent_addresses::RecentAddresses;
use crate::{Ctx, Fault};

/// Collects the last uses of grants: time, address and scopes. No request waits for their write.
///
/// They are written in batches. A crash loses those of the last seconds.
pub struct LastUses {
    shards: Vec<Mutex<HashMap<Uuid, LastUse>>>,
    /// Batches that are being written.
    taken: Mutex<Vec<Arc<Vec<LastUse>>>>,
    recent: RecentAddresses,
}

const SHARDS: usize = 16;
/// Maximum number of new addresses of a grant between two writes.
const MOST_ADDRESSES: usize = 64;

/// Records that a request used a token.
///
/// The addresses of tokens that can be rotated are recorded one by one: they are the evidence that a successor is in use.
pub fn note_use(ctx: &Ctx, token: &AccessToken) -> Result<(), Fault> {
    let uses = &ctx.authority().last_uses;
    let address = ctx.address.known();
    uses.note(token.id, ctx.now, address, None);
    let is_evidence = matches!(token.kind, GrantKind::PersonalAccessToken | GrantKind::ServiceAccessToken);
    if let Some(address) = address.filter(|_| is_evidence)
        // Each use of a replaced token counts.
        && (uses.recent.is_due(token.id, address, ctx.now) || token.successor_id.is_some())
    {
        uses.note_address(token.id, ctx.now, UsedAddress { id: ctx.new_id()?, address });
    }
    Ok(())
}

impl LastUses {
    pub(crate) fn new() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { shards, taken: Mutex::default(), recent: RecentAddresses::default() }
    }

    /// Records a use, with address and scope if known.
    pub fn note(&self, id: Uuid, time: Timestamp, address: Option<IpAddr>, scope: Option<&str>) {
        let mut uses = self.shard(id);
        let last = uses.entry(id).or_insert_with(|| unused(id, time));
        last.time = last.time.max(time);
        if address.is_some() {
            last.address = address;
        }
        if let Some(scope) = scope
            && !last.scopes.iter().any(|own| own == scope)
        {
            // Once between two writes, not once per request.
            last.scopes.push(scope.to_owned());
        }
    }

    /// Records an address from which a grant was used.
    fn note_address(&self, id: Uuid, time: Timestamp, used: UsedAddress) {
        let mut uses = self.shard(id);
        let addresses = &mut uses.entry(id).or_insert_with(|| unused(id, time)).addresses;
        if addresses.len() < MOST_ADDRESSES && !addresses.iter().any(|own| own.address == used.address) {
            addresses.push(used);
        }
    }

    fn shard(&self, id: Uuid) -> MutexGuard<'_, HashMap<Uuid, LastUse>> {
        let index = usize::from(id.as_bytes()[15]) % SHARDS;
        self.shards[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether a use of a grant is not written yet. Call this before reading the written uses, so that none is missed.
    pub fn is_noted(&self, id: Uuid) -> bool {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        self.shard(id).contains_key(&id)
            || taken.iter().flat_map(|uses| uses.iter()).any(|last| last.id == id)
    }

    /// Takes the collected uses. They count as noted until they are written.
    pub(crate) fn take(&self) -> Taken<'_> {
        // Locked until the end, so that `is_noted` finds each use in one of both places.
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let take = |shard: &Mutex<HashMap<_, _>>| {
            std::mem::take(&mut *shard.lock().unwrap_or_else(PoisonError::into_inner))
        };
        let uses: Arc<Vec<_>> =
            Arc::new(self.shards.iter().flat_map(|shard| take(shard).into_values()).collect());
        if !uses.is_empty() {
            taken.push(Arc::clone(&uses));
        }
        Taken { all: self, uses, is_written: false }
    }
}

fn unused(id: Uuid, time: Timestamp) -> LastUse {
    LastUse { id, time, address: None, addresses: Vec::new(), scopes: Vec::new() }
}

/// A batch of uses. If it is dropped before it was written, its uses are collected again.
pub(crate) struct Taken<'a> {
    all: &'a LastUses,
    pub(crate) uses: Arc<Vec<LastUse>>,
    is_written: bool,
}

impl Taken<'_> {
    /// Marks the batch as written.
    pub(crate) fn written(mut self) {
        self.is_written = true;
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let all = self.all;
        if !self.is_written {
            for last in self.uses.iter() {
                all.note(last.id, last.time, last.address, None);
                last.addresses.iter().for_each(|used| all.note_address(last.id, last.time, *used));
                last.scopes.iter().for_each(|scope| all.note(last.id, last.time, None, Some(scope)));
            }
        }
        let mut taken = all.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.retain(|uses| !Arc::ptr_eq(uses, &self.uses));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_noted_until_it_is_written() {
        let uses = LastUses::new();
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        uses.note(one, Timestamp::from_seconds(1), None, Some("read"));
        assert!(uses.is_noted(one) && !uses.is_noted(other));
        let taken = uses.take();
        assert!(uses.is_noted(one), "it is not written yet");
        drop(taken);
        assert!(uses.is_noted(one), "it was not written");
        let taken = uses.take();
        assert_eq!(taken.uses[0].scopes, ["read"], "nothing of it was lost");
        taken.written();
        assert!(!uses.is_noted(one));
        assert!(uses.take().uses.is_empty());
    }
}
