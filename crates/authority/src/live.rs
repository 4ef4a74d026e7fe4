//! The one lookup that decides whether a grant is valid.
//!
//! Nobody else asks whether a grant was revoked, has expired, or belongs to somebody who left. Where this
//! program alone writes to the registry, grants that were looked up stay in memory until a transaction touches
//! them; a transaction is acknowledged only after they were forgotten, so what was revoked is refused at once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::entities::{AccessToken, AuditEvent, GrantKind, User};
use model::{Record, Timestamp, Uuid};
use quick_cache::sync::Cache;
use store::{ChangedRow, GrantParties, Outbox};
use token::{PlainToken, TokenHash};

use crate::applications::Client;
use crate::binding::Binding;
use crate::{AllowedAddresses, Catalogue, ClientAddress, Contents, Ctx, Fault, Reason, Scopes, catalogue};

/// A grant that was looked up, with what is derived from it once.
#[derive(Debug)]
pub struct Live {
    /// The grant.
    pub grant: AccessToken,
    /// The application that it was given to.
    pub application: Option<Client>,
    /// The user as whom it acts.
    pub user: Option<User>,
    /// What it may be used for, as far as the catalogue has it.
    pub scopes: Scopes,
    /// From where it may be used.
    pub allowed: AllowedAddresses,
    /// What has to be shown with it.
    pub binding: Option<Binding>,
    /// What is sealed in it, where it is an access token.
    pub contents: Contents,
    /// Whether another application from whose tokens it came is disabled or was removed.
    has_disabled_origin: bool,
}

impl Live {
    pub(crate) fn new(ctx: &Ctx, catalogue: &Catalogue, parties: GrantParties) -> Result<Self, Fault> {
        let allowed = parties.grant.allowed_ip_addresses.as_deref().unwrap_or_default();
        let sealed = parties.grant.data.as_deref().filter(|_| is_access_token(parties.grant.kind));
        Ok(Self {
            contents: Contents::open(ctx, parties.grant.id, sealed)?,
            scopes: catalogue.effective(
                &Scopes::stored(parties.grant.scopes.as_deref()),
                parties.application.as_ref(),
                parties.user.as_ref(),
            ),
            allowed: AllowedAddresses::parse(allowed)?,
            binding: parties.grant.confirmation.as_deref().map(Binding::stored).transpose()?,
            has_disabled_origin: parties.has_disabled_origin,
            grant: parties.grant,
            application: parties.application.map(|row| Client::new(row, catalogue)).transpose()?,
            user: parties.user,
        })
    }

    /// Whether the grant is one that requests can carry.
    pub const fn is_access_token(&self) -> bool {
        is_access_token(self.grant.kind)
    }

    /// When and from where a person authorized it.
    pub(crate) fn authorized(&self) -> Option<(Timestamp, ClientAddress)> {
        let address = ClientAddress::stored(self.grant.authorized_ip_address.as_deref());
        self.grant.authorized_timestamp.map(|time| (time, address))
    }

    /// Whether the grant is valid at a moment, and if not, why.
    pub fn check(&self, now: Timestamp) -> Result<(), Reason> {
        if self.grant.revoked_timestamp.is_some() {
            return Err(Reason::Revoked);
        }
        if self.grant.consumed_timestamp.is_some() {
            return Err(Reason::Consumed);
        }
        if self.grant.expire_timestamp.is_some_and(|expires| expires <= now) {
            return Err(Reason::Expired);
        }
        let is_enabled = self.application.as_ref().is_some_and(|application| application.is_enabled);
        if !is_enabled || self.has_disabled_origin {
            return Err(Reason::ApplicationDisabled);
        }
        self.user.as_ref().map_or(Ok(()), check_user)
    }

    /// Whether requests from an address may carry the grant.
    pub fn check_address(&self, address: ClientAddress) -> Result<(), Reason> {
        if self.allowed.allows(address) { Ok(()) } else { Err(Reason::WrongAddress) }
    }
}

pub(crate) const fn is_access_token(kind: GrantKind) -> bool {
    matches!(kind, GrantKind::PersonalAccessToken | GrantKind::ServiceAccessToken | GrantKind::ReferenceToken)
}

/// Returns why a user may not act, where an administrator decided so. What strangers can cause, such as many wrong
/// passwords, is no reason: see `guessing.rs`.
pub fn check_user(user: &User) -> Result<(), Reason> {
    if user.active { Ok(()) } else { Err(Reason::UserInactive) }
}

/// The hash of a secret that somebody presented; a string that cannot be one of ours is refused without a lookup.
pub fn hash_presented(ctx: &Ctx, presented: &str) -> Result<TokenHash, Reason> {
    let is_jwt = presented.starts_with("eyJ") && presented.len() <= token::jose::MAX_TOKEN_LENGTH;
    if is_jwt {
        // A signed token is looked up like every other: only the very string that was issued has this hash.
        return Ok(TokenHash::new(presented));
    }
    let opaque = PlainToken::parse(&ctx.authority().prefix, presented).map_err(|_| Reason::Malformed)?;
    Ok(opaque.hash())
}

/// Finds a grant by its secret, valid or not; surfaces that may say why use this one.
pub(crate) async fn find(ctx: &Ctx, hash: TokenHash) -> Result<Option<Arc<Live>>, Fault> {
    let live = &ctx.authority().live;
    if let Some(found) = live.get(&hash) {
        return Ok(Some(found));
    }
    let epoch = live.epoch();
    let key = hash.to_string();
    let found = ctx.store().read(move |read| read.find_grant(&key)).await?;
    let Some(found) = found else { return Ok(None) };
    let catalogue = catalogue::at(ctx, found.catalogue).await?;
    let found = Arc::new(Live::new(ctx, &catalogue, found)?);
    if ctx.store().is_exclusive() {
        live.remember(hash, &found, epoch);
    }
    Ok(Some(found))
}

/// A grant that was found by its identifier, if it is valid.
///
/// # Errors
/// [`Fault::InvalidGrant`] with the reason why it is not.
pub(crate) fn check_parties(ctx: &Ctx, found: Option<GrantParties>) -> Result<Live, Fault> {
    let found = found.ok_or(Fault::InvalidGrant(Reason::Unknown))?;
    let live = Live::new(ctx, &ctx.catalogue(), found)?;
    live.check(ctx.now).map_err(Fault::InvalidGrant)?;
    Ok(live)
}

/// The one way in: the valid grant behind a secret that somebody presented.
///
/// # Errors
/// [`Fault::Unauthenticated`] with the reason why it is not valid.
pub async fn live_grant(ctx: &Ctx, presented: &str) -> Result<Arc<Live>, Fault> {
    let hash = hash_presented(ctx, presented).map_err(Fault::Unauthenticated)?;
    let found = find(ctx, hash).await?.ok_or(Fault::Unauthenticated(Reason::Unknown))?;
    found.check(ctx.now).map_err(Fault::Unauthenticated)?;
    Ok(found)
}

/// What is remembered of the registry.
pub(crate) struct LiveGrants {
    /// A grant's key never changes, so this is never wrong.
    ids: Cache<TokenHash, Uuid>,
    grants: Cache<Uuid, Arc<Live>>,
    /// None for a client_id that no application has: it costs no more to ask for than one that is known.
    applications: Cache<String, Option<Arc<Client>>>,
    /// Counts what was forgotten: what was read before may be outdated and is not remembered.
    epoch: AtomicU64,
    remembering: Mutex<()>,
}

const REMEMBERED: usize = 100_000;
const REMEMBERED_APPLICATIONS: usize = 1000;

impl LiveGrants {
    pub(crate) fn new() -> Self {
        Self {
            ids: Cache::new(REMEMBERED),
            grants: Cache::new(REMEMBERED),
            applications: Cache::new(REMEMBERED_APPLICATIONS),
            epoch: AtomicU64::new(0),
            remembering: Mutex::new(()),
        }
    }

    fn get(&self, hash: &TokenHash) -> Option<Arc<Live>> {
        self.grants.get(&self.ids.get(hash)?)
    }

    pub(crate) fn application(&self, client_id: &str) -> Option<Option<Arc<Client>>> {
        self.applications.get(client_id)
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    fn remember(&self, hash: TokenHash, found: &Arc<Live>, epoch: u64) {
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
