use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use model::Timestamp;
use store::{Location, Outbox, Store};
use token::certificate::Authorities;
use token::seal::Keyring;
use token::{Prefix, Random};
use zeroize::Zeroizing;

use crate::catalogue::KnownCatalogue;
use crate::grants::DevicePolls;
use crate::keys::SigningKeys;
use crate::last_seen::LastSeen;
use crate::last_use::LastUses;
use crate::live::LiveGrants;
use crate::outbox::Bells;
use crate::passwords::{BreachList, Slots};
use crate::readiness::Readiness;
use crate::used_once::{SHOWN_FACT, SeenProofs};
use crate::{Ctx, Fault, Settings};

/// What the verbs share: the registry, the keys, what is remembered of the registry, and the settings.
pub struct Authority {
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    pub(crate) prefix: Prefix,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) clock: fn() -> Timestamp,
    pub(crate) settings: Settings,
    pub(crate) live: Arc<LiveGrants>,
    pub(crate) catalogue: KnownCatalogue,
    pub(crate) changes: tokio::sync::watch::Sender<()>,
    pub(crate) last_uses: LastUses,
    pub(crate) last_seen: LastSeen,
    pub(crate) signing: SigningKeys,
    pub(crate) polls: DevicePolls,
    pub(crate) seen_proofs: SeenProofs,
    readiness: Readiness,
    /// How many attempts this program has counted.
    pub(crate) attempts_counted: AtomicU64,
    pub(crate) client_authorities: Option<Authorities>,
    bells: Arc<Bells>,
    pub(crate) password_slots: Slots,
    pub(crate) decoy_password: token::password::PasswordHash,
    pub(crate) breach_list: Option<Box<dyn BreachList>>,
    pub(crate) pairwise_secret: Zeroizing<Vec<u8>>,
}

/// What an authority is opened with.
pub struct Opening {
    /// Where the registry is.
    pub location: Location,
    /// The keys that seal what is encrypted at rest.
    pub keyring: Keyring,
    /// The prefix of opaque tokens; it counts at the first start alone.
    pub prefix: Prefix,
    /// The file of the keys, where an earlier start made it: then the registry is not empty.
    pub earlier_keys: Option<PathBuf>,
    /// Where randomness comes from.
    pub random: Arc<dyn Random>,
    /// Reads the clock.
    pub clock: fn() -> Timestamp,
    /// What the operator set.
    pub settings: Settings,
    /// The passwords that are known to be known.
    pub breach_list: Option<Box<dyn BreachList>>,
    /// Whose word is believed about the certificates of applications.
    pub client_authorities: Option<Authorities>,
}

/// How many rows of what expired are removed in one transaction, of each table.
const REMOVED_AT_ONCE: u64 = 500;
/// For how long links that ended are remembered, in seconds: how many somebody was sent lately stands beside them.
const ENDED_LINKS: i64 = 24 * 3600;

const PREFIX_FACT: &str = "token_prefix";
/// Something sealed at the first start, which only the right keys open.
const SEAL_FACT: &str = "sealed_probe";
/// A secret made at the first start, of which the names are made under which applications know people by themselves.
const PAIRWISE_FACT: &str = "pairwise_secret";

/// The associated data that a sealed fact is sealed with.
pub(crate) fn place(fact: &str) -> Vec<u8> {
    format!("grantor_facts/{fact}").into_bytes()
}

impl Authority {
    /// Opens the registry, checks that the keys are the right ones, and makes at the first start what is missing.
    pub async fn open(opening: Opening, now: Timestamp) -> Result<Arc<Self>, Fault> {
        let live = Arc::new(LiveGrants::new());
        let told = Arc::clone(&live);
        let (changes, _) = tokio::sync::watch::channel(());
        let tell = changes.clone();
        let bells = Arc::new(Bells::default());
        let ring = Arc::clone(&bells);
        let on_commit = move |touched: &[store::ChangedRow]| {
            told.forget(touched);
            ring.ring(touched);
            tell.send_replace(());
        };
        let store = Store::open(&opening.location, Arc::new(on_commit)).await?;
        let Settled { prefix, pairwise_secret } = settle(&store, &opening).await?;
        let proofs_were_shown = store.read(|read| read.find_fact(SHOWN_FACT)).await?.is_some();
        let decoy_password = token::password::PasswordHash::decoy(opening.settings.password_params)?;
        let authority = Arc::new(Self {
            live,
            catalogue: KnownCatalogue::default(),
            changes,
            prefix,
            pairwise_secret,
            keyring: opening.keyring,
            random: opening.random,
            clock: opening.clock,
            settings: opening.settings,
            last_uses: LastUses::new(),
            last_seen: LastSeen::default(),
            signing: SigningKeys::default(),
            polls: DevicePolls::new(),
            seen_proofs: SeenProofs::new(now, proofs_were_shown),
            readiness: Readiness::default(),
            attempts_counted: AtomicU64::default(),
            client_authorities: opening.client_authorities,
            bells,
            password_slots: Slots::new(),
            decoy_password,
            breach_list: opening.breach_list,
            store,
        });
        let ctx = authority.own_ctx(now);
        crate::actions::scopes::settle(&ctx).await?;
        crate::keys::maintain(&ctx).await?;
        Ok(authority)
    }

    /// Is told whenever this program has changed something.
    pub fn changes(&self) -> tokio::sync::watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// The context of what the program does by itself.
    pub fn own_ctx(self: &Arc<Self>, now: Timestamp) -> Ctx {
        Ctx::new(Arc::clone(self), now, IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    /// What the operator set.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The prefix of opaque tokens.
    pub const fn prefix(&self) -> &Prefix {
        &self.prefix
    }

    /// The keys by which others check our signatures, as a JWK set (RFC 7517).
    pub fn jwks(&self, now: Timestamp) -> serde_json::Value {
        self.signing.jwks(now)
    }

    /// From when on clients make proofs of keys that are taken, where those of before the start are refused.
    pub fn proofs_taken_from(&self) -> Option<Timestamp> {
        self.seen_proofs.taken_from()
    }

    /// Returns whether the registry can be read and written.
    pub async fn is_ready(&self, now: Timestamp) -> bool {
        self.readiness.check(&self.store, now).await
    }

    /// How much this program has written to the registry since it was started.
    pub fn store_stats(&self) -> &store::StoreStats {
        self.store.stats()
    }

    /// How much waits in an outbox of the registry.
    pub async fn waiting(&self, outbox: Outbox) -> Result<i64, Fault> {
        Ok(self.store.read(move |read| read.count_undelivered(outbox)).await?)
    }

    /// Waits until this program puts something into an outbox: a mail (see [`mail`](crate::mail)), or an application that is to be told
    /// of a sign-out (see [`sign_out`](crate::sign_out)).
    pub async fn filled(&self, outbox: Outbox) {
        self.bells.rung(outbox).await;
    }

    /// Writes what was gathered about last uses, of grants and of sessions.
    pub async fn write_last_uses(&self) -> Result<(), Fault> {
        self.write_last_seen().await?;
        let taken = self.last_uses.take();
        if taken.uses.is_empty() {
            return Ok(());
        }
        let uses = Arc::clone(&taken.uses);
        self.store.write(move |tx| tx.note_last_uses(&uses)).await?;
        taken.written();
        Ok(())
    }

    async fn write_last_seen(&self) -> Result<(), Fault> {
        let seen = self.last_seen.take();
        if seen.is_empty() {
            return Ok(());
        }
        // What is lost here is noted again with the next request of the session.
        Ok(self.store.write(move |tx| tx.note_sessions_seen(&seen)).await?)
    }

    /// Does what is due from time to time: rotates signing keys, ends sessions whose time is over, removes ended codes.
    pub async fn maintain(self: &Arc<Self>, now: Timestamp) -> Result<(), Fault> {
        crate::sign_out::end_what_is_over(&self.own_ctx(now)).await?;
        crate::endings::end_for_disabled(&self.own_ctx(now)).await?;
        crate::keys::maintain(&self.own_ctx(now)).await?;
        self.store.write(move |tx| tx.remove_mail_links(now.plus_seconds(-ENDED_LINKS))).await?;
        // A few at a time: whoever else writes gets their turn in between.
        while self.store.write(move |tx| tx.remove_expired_rows(now, REMOVED_AT_ONCE)).await?
            == REMOVED_AT_ONCE
        {}
        self.polls.forget_before(now);
        self.seen_proofs.forget_before(&self.store, now).await?;
        Ok(())
    }

    /// Writes what is still in memory and closes the registry.
    pub async fn close(&self) {
        if let Err(fault) = self.write_last_uses().await {
            tracing::warn!(?fault, "the last uses of the last seconds are lost");
        }
        self.store.close().await;
    }
}

/// What was stated at the first start.
struct Settled {
    prefix: Prefix,
    pairwise_secret: Zeroizing<Vec<u8>>,
}

fn emptied(keys: &Path) -> String {
    format!(
        "the registry is empty, but its keys in {} exist: restore the registry from a backup; if this is a new \
         installation whose first start was interrupted, remove that file",
        keys.display()
    )
}

/// States at the first start what never changes afterwards; gives what holds.
async fn settle(store: &Store, opening: &Opening) -> Result<Settled, Fault> {
    let prefix = opening.prefix.as_str().to_owned();
    let probe = opening.keyring.seal(b"grantor", &place(SEAL_FACT), opening.random.as_ref())?;
    let secret = token::random::bytes::<32>(opening.random.as_ref())?;
    let secret = opening.keyring.seal(secret.as_slice(), &place(PAIRWISE_FACT), opening.random.as_ref())?;
    let earlier_keys = opening.earlier_keys.clone();
    let facts = store.write(move |tx| {
        if let (Some(file), None) = (&earlier_keys, tx.find_fact(SEAL_FACT)?) {
            return Err(Fault::Internal(emptied(file)));
        }
        tx.add_fact(PREFIX_FACT, &prefix)?;
        tx.add_fact(SEAL_FACT, &probe)?;
        tx.add_fact(PAIRWISE_FACT, &secret)?;
        let fact = |name| Ok::<_, Fault>(tx.find_fact(name)?.unwrap_or_default());
        Ok::<_, Fault>((fact(PREFIX_FACT)?, fact(SEAL_FACT)?, fact(PAIRWISE_FACT)?))
    });
    let (prefix, probe, secret) = facts.await?;
    opening.keyring.open(&probe, &place(SEAL_FACT)).map_err(|error| {
        Fault::Internal(format!(
            "the keys do not fit the database, whose contents were sealed with other keys: {error}"
        ))
    })?;
    Ok(Settled {
        prefix: Prefix::parse(&prefix).map_err(|error| Fault::Internal(error.to_string()))?,
        pairwise_secret: opening.keyring.open(&secret, &place(PAIRWISE_FACT))?,
    })
}
