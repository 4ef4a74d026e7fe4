//! The cache of grants and clients.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::entities::{AccessToken, AuditEvent};
use model::{Record, Uuid};
use quick_cache::sync::Cache;
use store::{ChangedRow, Outbox};
use token::TokenHash;

use crate::client::Client;
use crate::resolved::ResolvedGrant;

/// Grants and clients that were looked up, in memory.
pub struct GrantCache {
    /// The hash of a grant's secret never changes, so these entries stay valid.
    ids: Cache<TokenHash, Uuid>,
    grants: Cache<Uuid, Arc<ResolvedGrant>>,
    /// `None` for an unknown client_id, so that its look-up takes no longer than that of a known one.
    clients: Cache<String, Option<Arc<Client>>>,
    /// Incremented at each invalidation. Rows that were read in an earlier epoch may be outdated and are not cached.
    epoch: AtomicU64,
    inserting: Mutex<()>,
}

const MAX_GRANTS: usize = 100_000;
const MAX_CLIENTS: usize = 1000;

impl Default for GrantCache {
    /// Returns an empty cache.
    fn default() -> Self {
        Self {
            ids: Cache::new(MAX_GRANTS),
            grants: Cache::new(MAX_GRANTS),
            clients: Cache::new(MAX_CLIENTS),
            epoch: AtomicU64::new(0),
            inserting: Mutex::new(()),
        }
    }
}

impl GrantCache {
    /// Finds a grant by the hash of its secret.
    pub fn get(&self, hash: &TokenHash) -> Option<Arc<ResolvedGrant>> {
        self.grants.get(&self.ids.get(hash)?)
    }

    /// Finds a client; the inner `None` is a client_id that is known not to exist.
    pub fn client(&self, client_id: &str) -> Option<Option<Arc<Client>>> {
        self.clients.get(client_id)
    }

    /// Returns the current epoch. Read it before the rows that are inserted later.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Inserts a grant that was read in an epoch, if that has not ended.
    pub fn insert(&self, hash: TokenHash, found: &Arc<ResolvedGrant>, epoch: u64) {
        self.if_current(epoch, || {
            self.ids.insert(hash, found.grant.id);
            self.grants.insert(found.grant.id, Arc::clone(found));
        });
    }

    /// Inserts a client, or its absence, that was read in an epoch, if that has not ended.
    pub fn insert_client(&self, client_id: &str, found: Option<&Arc<Client>>, epoch: u64) {
        self.if_current(epoch, || self.clients.insert(client_id.to_owned(), found.cloned()));
    }

    fn if_current(&self, epoch: u64, insert: impl FnOnce()) {
        let _alone = self.inserting.lock().unwrap_or_else(PoisonError::into_inner);
        if self.epoch() == epoch {
            insert();
        }
    }

    /// Removes the rows that a transaction changed. Called after its commit and before its acknowledgement.
    pub fn invalidate(&self, touched: &[ChangedRow]) {
        // The state of a grant depends neither on audit events nor on outboxes.
        let is_relevant = |row: &&ChangedRow| {
            row.table != AuditEvent::entity().table
                && Outbox::ALL.iter().all(|outbox| row.table != outbox.table())
        };
        let mut touched = touched.iter().filter(is_relevant).peekable();
        if touched.peek().is_none() {
            return;
        }
        let _alone = self.inserting.lock().unwrap_or_else(PoisonError::into_inner);
        self.epoch.fetch_add(1, Ordering::AcqRel);
        let grants = AccessToken::entity().table;
        if touched.clone().all(|row| row.table == grants) {
            touched.for_each(|row| drop(self.grants.remove(&row.id)));
        } else {
            self.grants.clear();
            self.clients.clear();
        }
    }
}
