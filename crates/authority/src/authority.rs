use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use grant_state::cache::GrantCache;
use grant_state::catalogue::KnownCatalogue;
use model::Timestamp;
use store::{Outbox, Store};
use token::certificate::Authorities;
use token::seal::Keyring;
use token::{Prefix, Random};
use zeroize::Zeroizing;

use crate::oidc::keys::SigningKeys;
use crate::outbox::OutboxNotify;
use crate::polls::DevicePolls;
use crate::registry::readiness::Readiness;
use crate::sign_in::last_seen::LastSeen;
use crate::sign_in::password_slots::{BreachList, Slots};
use crate::tokens::last_use::LastUses;
use crate::tokens::seen_proofs::SeenProofs;
use crate::{Fault, Settings};

/// The state that all verbs share: the registry, the keys, the caches and the settings.
pub struct Authority {
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    pub(crate) prefix: Prefix,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) clock: fn() -> Timestamp,
    pub(crate) settings: Settings,
    pub(crate) grant_cache: Arc<GrantCache>,
    pub(crate) catalogue: KnownCatalogue,
    pub(crate) changes: tokio::sync::watch::Sender<()>,
    pub(crate) last_uses: LastUses,
    pub(crate) last_seen: LastSeen,
    pub(crate) signing: SigningKeys,
    pub(crate) polls: DevicePolls,
    pub(crate) seen_proofs: SeenProofs,
    pub(crate) readiness: Readiness,
    /// The number of attempts that this program has counted.
    pub(crate) attempts_counted: AtomicU64,
    pub(crate) client_authorities: Option<Authorities>,
    pub(crate) outbox_notify: Arc<OutboxNotify>,
    pub(crate) password_slots: Slots,
    pub(crate) decoy_password: token::password::PasswordHash,
    pub(crate) breach_list: Option<Box<dyn BreachList>>,
    pub(crate) pairwise_secret: Zeroizing<Vec<u8>>,
}

impl Authority {
    /// Returns a receiver that is notified after each commit of this program.
    pub fn changes(&self) -> tokio::sync::watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Returns the settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns the polls of pending requests.
    pub const fn polls(&self) -> &DevicePolls {
        &self.polls
    }

    /// Returns the last uses that are not written yet.
    pub const fn last_uses(&self) -> &LastUses {
        &self.last_uses
    }

    /// Returns the signing keys.
    pub const fn signing(&self) -> &SigningKeys {
        &self.signing
    }

    /// Returns the prefix of opaque tokens.
    pub const fn prefix(&self) -> &Prefix {
        &self.prefix
    }

    /// Returns the published keys as a JWK set (RFC 7517).
    pub fn jwks(&self, now: Timestamp) -> serde_json::Value {
        self.signing.jwks(now)
    }

    /// Returns from which time on DPoP proofs are accepted, if those of before the start are refused.
    pub fn proofs_taken_from(&self) -> Option<Timestamp> {
        self.seen_proofs.taken_from()
    }

    /// Returns whether the registry can be read and written.
    pub async fn is_ready(&self, now: Timestamp) -> bool {
        self.readiness.check(&self.store, now).await
    }

    /// Returns the numbers of writes of this program since its start.
    pub fn store_stats(&self) -> &store::StoreStats {
        self.store.stats()
    }

    /// Returns the number of undelivered rows of an outbox.
    pub async fn waiting(&self, outbox: Outbox) -> Result<i64, Fault> {
        Ok(self.store.read(move |read| read.count_undelivered(outbox)).await?)
    }

    /// Waits until this program inserts a row into an outbox: a mail (see [`mail`](crate::mail)) or a logout token (see
    /// [`sign_out`](crate::sign_out)).
    pub async fn filled(&self, outbox: Outbox) {
        self.outbox_notify.notified(outbox).await;
    }
}
