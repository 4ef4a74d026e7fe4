use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{Timestamp, Uuid};
use store::LastUse;

/// Gathers when, from where and for what grants are used, so that no request waits for a write.
///
/// What was gathered is written in batches; a crash loses at most the last seconds of it, never a grant.
pub(crate) struct LastUses {
    shards: Vec<Mutex<HashMap<Uuid, LastUse>>>,
}

const SHARDS: usize = 16;

impl LastUses {
    pub(crate) fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }

    /// Notes a use, and where it is known from which address and for which permission.
    pub(crate) fn note(&self, id: Uuid, time: Timestamp, address: Option<IpAddr>, scope: Option<&str>) {
        let mut uses = self.shard(id);
        let last = uses.entry(id).or_insert_with(|| LastUse { id, time, address: None, scopes: Vec::new() });
        last.time = last.time.max(time);
        if address.is_some() {
            last.address = address;
        }
        if let Some(scope) = scope
            && !last.scopes.iter().any(|own| own == scope)
        {
            // Once between two writes, not once a request.
            last.scopes.push(scope.to_owned());
        }
    }

    /// Takes a gathered use back, because it could not be written.
    pub(crate) fn add(&self, last: &LastUse) {
        self.note(last.id, last.time, last.address, None);
        last.scopes.iter().for_each(|scope| self.note(last.id, last.time, None, Some(scope)));
    }

    fn shard(&self, id: Uuid) -> MutexGuard<'_, HashMap<Uuid, LastUse>> {
        let index = usize::from(id.as_bytes()[15]) % SHARDS;
        self.shards[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what was gathered since the last time.
    pub(crate) fn take(&self) -> Vec<LastUse> {
        let take = |shard: &Mutex<HashMap<_, _>>| {
            std::mem::take(&mut *shard.lock().unwrap_or_else(PoisonError::into_inner))
        };
        self.shards.iter().flat_map(|shard| take(shard).into_values()).collect()
    }
}
