use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use grant_state::cache::GrantCache;
use grant_state::catalogue::KnownCatalogue;
use model::Timestamp;
use store::{Location, Store};
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
use crate::tokens::seen_proofs::{SHOWN_FACT, SeenProofs};
use crate::{Authority, Fault, Settings};

/// Options with which an authority is opened.
pub struct AuthorityOptions {
    /// The location of the registry.
    pub location: Location,
    /// The keys for encryption at rest.
    pub keyring: Keyring,
    /// The prefix of opaque tokens; used at the first start only.
    pub prefix: Prefix,
    /// The file of the keys, if an earlier start created it: the registry must not be empty then.
    pub earlier_keys: Option<PathBuf>,
    /// The source of randomness.
    pub random: Arc<dyn Random>,
    /// Reads the clock.
    pub clock: fn() -> Timestamp,
    /// The settings.
    pub settings: Settings,
    /// The list of breached passwords.
    pub breach_list: Option<Box<dyn BreachList>>,
    /// The trusted authorities of client certificates.
    pub client_authorities: Option<Authorities>,
}

const PREFIX_FACT: &str = "token_prefix";
/// A text that was sealed at the first start, to check the keys.
const SEAL_FACT: &str = "sealed_probe";
/// The secret of pairwise subject identifiers, generated at the first start.
const PAIRWISE_FACT: &str = "pairwise_secret";

/// Returns the associated data of a sealed fact.
pub(crate) fn place(fact: &str) -> Vec<u8> {
    format!("grantor_facts/{fact}").into_bytes()
}

impl Authority {
    /// Opens the registry and checks the keys. At the first start, writes the facts of the instance.
    pub async fn open(options: AuthorityOptions, now: Timestamp) -> Result<Arc<Self>, Fault> {
        let grant_cache = Arc::new(GrantCache::default());
        let cache = Arc::clone(&grant_cache);
        let (changes, _) = tokio::sync::watch::channel(());
        let notify_changes = changes.clone();
        let outbox_notify = Arc::new(OutboxNotify::default());
        let notify = Arc::clone(&outbox_notify);
        let on_commit = move |touched: &[store::ChangedRow]| {
            cache.invalidate(touched);
            notify.notify(touched);
            notify_changes.send_replace(());
        };
        let store = Store::open(&options.location, Arc::new(on_commit)).await?;
        let InstanceFacts { prefix, pairwise_secret } = init_facts(&store, &options).await?;
        let proofs_were_shown = store.read(|read| read.find_fact(SHOWN_FACT)).await?.is_some();
        let decoy_password = token::password::PasswordHash::decoy(options.settings.password_params)?;
        let authority = Arc::new(Self {
            grant_cache,
            catalogue: KnownCatalogue::default(),
            changes,
            prefix,
            pairwise_secret,
            keyring: options.keyring,
            random: options.random,
            clock: options.clock,
            settings: options.settings,
            last_uses: LastUses::new(),
            last_seen: LastSeen::default(),
            signing: SigningKeys::default(),
            polls: DevicePolls::new(),
            seen_proofs: SeenProofs::new(now, proofs_were_shown),
            readiness: Readiness::default(),
            attempts_counted: AtomicU64::default(),
            client_authorities: options.client_authorities,
            outbox_notify,
            password_slots: Slots::new(),
            decoy_password,
            breach_list: options.breach_list,
            store,
        });
        let ctx = authority.own_ctx(now);
        crate::catalogue::scopes::seed_catalogue(&ctx).await?;
        crate::oidc::keys::maintain(&ctx).await?;
        Ok(authority)
    }
}

/// Facts that are fixed at the first start.
struct InstanceFacts {
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

/// Writes the facts of a new instance at the first start, and returns those that the registry has.
async fn init_facts(store: &Store, options: &AuthorityOptions) -> Result<InstanceFacts, Fault> {
    let prefix = options.prefix.as_str().to_owned();
    let probe = options.keyring.seal(b"grantor", &place(SEAL_FACT), options.random.as_ref())?;
    let secret = token::random::bytes::<32>(options.random.as_ref())?;
    let secret = options.keyring.seal(secret.as_slice(), &place(PAIRWISE_FACT), options.random.as_ref())?;
    let earlier_keys = options.earlier_keys.clone();
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
    options.keyring.open(&probe, &place(SEAL_FACT)).map_err(|error| {
        Fault::Internal(format!(
            "the keys do not match the database, which was sealed with other keys: {error}"
        ))
    })?;
    Ok(InstanceFacts {
        prefix: Prefix::parse(&prefix).map_err(|error| Fault::Internal(error.to_string()))?,
        pairwise_secret: options.keyring.open(&secret, &place(PAIRWISE_FACT))?,
    })
}
