use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::entities::{AccessToken, AuditEvent};
use model::{Record, Uuid};
use quick_cache::sync::Cache;
use store::{ChangedRow, Outbox};
use token::TokenHash;

use super::resolved::ResolvedGrant;
use crate::Client;

/// What is remembered of the registry.
pub(crate) struct GrantCache {
    /// A grant's key never changes, so this is never wrong.
    ids: Cache<TokenHash, Uuid>,
    grants: Cache<Uuid, Arc<ResolvedGrant>>,
    /// None for a client_id that no application has: it costs no more to ask for than one that is known.
    applications: Cache<String, Option<Arc<Client>>>,
    /// Counts what was forgotten: what was read before may be outdated and is not remembered.
    epoch: AtomicU64,
    remembering: Mutex<()>,
}

const REMEMBERED: usize = 100_000;
const REMEMBERED_APPLICATIONS: usize = 1000;

impl GrantCache {
    pub(crate) fn new() -> Self {
        Self {
            ids: Cache::new(REMEMBERED),
            grants: Cache::new(REMEMBERED),
            applications: Cache::new(REMEMBERED_APPLICATIONS),
            epoch: AtomicU64::new(0),
            remembering: Mutex::new(()),
        }
    }

    pub(super) fn get(&self, hash: &TokenHash) -> Option<Arc<ResolvedGrant>> {
        self.grants.get(&self.ids.get(hash)?)
    }

    pub(crate) fn application(&self, client_id: &str) -> Option<Option<Arc<Client>>> {
        self.applications.get(client_id)
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    pub(super) fn remember(&self, hash: TokenHash, found: &Arc<ResolvedGrant>, epoch: u64) {
        self.if_current(epoch, || {
            self.ids.insert(hash, found.grant.id);
            self.grants.insert(found.grant.id, Arc::clone(found));
        });
    }

    pub(crate) fn remember_application(&self, client_id: &str, found: Option<&Arc<Client>>, epoch: u64) {
        self.if_current(epoch, || self.applications.insert(client_id.to_owned(), found.cloned()));
    }

    fn if_current(&self, epoch: u64, remember: impl FnOnce()) {
        let _alone = self.remembering.lock().unwrap_or_else(PoisonError::into_inner);
        if self.epoch() == epoch {
            remember();
        }
    }

    /// Forgets what a committed transaction touched; called before the transaction is acknowledged.
    pub(crate) fn forget(&self, touched: &[ChangedRow]) {
        // What is written down of a change decides nothing, nor does what waits to be sent.
        let decides = |row: &&ChangedRow| {
            row.table != AuditEvent::entity().table
                && Outbox::ALL.iter().all(|outbox| row.table != outbox.table())
        };
        let mut touched = touched.iter().filter(decides).peekable();
        if touched.peek().is_none() {
            return;
        }
        let _alone = self.remembering.lock().unwrap_or_else(PoisonError::into_inner);
        self.epoch.fetch_add(1, Ordering::AcqRel);
        let grants = AccessToken::entity().table;
        if touched.clone().all(|row| row.table == grants) {
            touched.for_each(|row| drop(self.grants.remove(&row.id)));
        } else {
            self.grants.clear();
            self.applications.clear();
        }
    }
}
