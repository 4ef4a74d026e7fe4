use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use model::{Timestamp, Uuid};
use store::{Store, Tx};
use token::seal::Keyring;
use token::{PlainToken, TokenKind};

use crate::pending::Pending;
use crate::principal::Principal;
use crate::tokens::pending_proof::PendingProof;
use crate::tokens::request_proofs::RequestProofs;
use crate::{Authority, Catalogue, ClientAddress, Fault, Settings};

/// The context of a request, the first argument of every verb: the authority, the time and the client address.
#[derive(Clone)]
pub struct Ctx {
    authority: Arc<Authority>,
    /// The time at which the request arrived.
    pub now: Timestamp,
    /// The client address.
    pub address: ClientAddress,
    shown: Option<Arc<RequestProofs>>,
    resource: Option<&'static str>,
    agent: Option<Arc<str>>,
    proof: Option<Arc<PendingProof>>,
    principal: Option<Principal>,
    pending: Option<Pending>,
}

impl Ctx {
    /// Creates the context of a request.
    pub fn new(authority: Arc<Authority>, now: Timestamp, address: impl Into<ClientAddress>) -> Self {
        Self {
            authority,
            now,
            address: address.into(),
            shown: None,
            resource: None,
            agent: None,
            proof: None,
            principal: None,
            pending: None,
        }
    }

    /// Returns the context at the current time. For use after a wait, such as for another server or the hash of a password:
    /// values that are stored or compared then must not have the time at which the request arrived.
    #[must_use]
    pub fn at_present(&self) -> Self {
        let present = (self.authority.clock)();
        self.clone().at(self.now.max(present))
    }

    /// Returns the context at another time.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Self { now, ..self }
    }

    /// Adds the proofs that the request has in addition to its token.
    #[must_use]
    pub fn showing(self, shown: RequestProofs) -> Self {
        Self { shown: Some(Arc::new(shown)), ..self }
    }

    /// Sets the interface that is requested, by its path.
    #[must_use]
    pub fn serving(self, resource: Option<&'static str>) -> Self {
        Self { resource, ..self }
    }

    /// Sets the `User-Agent` of the client.
    #[must_use]
    pub fn with_agent(self, agent: Option<&str>) -> Self {
        Self { agent: agent.map(Arc::from), ..self }
    }

    /// Adds the DPoP proof of a request, which its first transaction consumes.
    #[must_use]
    pub(crate) fn proving(self, proof: PendingProof) -> Self {
        Self { proof: Some(Arc::new(proof)), ..self }
    }

    /// Sets the caller or client on whose behalf the request writes. Each transaction checks it again.
    #[must_use]
    pub(crate) fn by(&self, principal: impl Into<Principal>) -> Self {
        Self { principal: Some(principal.into()), ..self.clone() }
    }

    /// Removes the principal, for work that continues even if the principal has ended.
    #[must_use]
    pub(crate) fn by_itself(&self) -> Self {
        Self { principal: None, ..self.clone() }
    }

    /// Adds writes that are not committed. Queries of this context see them.
    #[must_use]
    pub fn with_pending(&self, pending: Pending) -> Self {
        Self { pending: Some(pending), ..self.clone() }
    }

    /// Returns the context without pending writes: its queries see what was committed.
    #[must_use]
    pub fn committed(&self) -> Self {
        Self { pending: None, ..self.clone() }
    }

    pub(crate) fn pending(&self) -> Option<&Pending> {
        self.pending.as_ref()
    }

    /// Consumes the DPoP proof of the request, unless one of its transactions did.
    ///
    /// # Errors
    /// [`Fault::InvalidDpopProof`] if another request used it.
    pub async fn consume_proof(&self) -> Result<(), Fault> {
        match &self.proof {
            Some(proof) if !proof.is_consumed() => self.transaction(|_, _| Ok(())).await,
            _ => Ok(()),
        }
    }

    pub(crate) fn agent(&self) -> Option<&str> {
        self.agent.as_deref()
    }

    /// Returns the resource indicator of the requested interface (RFC 8707).
    pub(crate) fn resource(&self) -> Option<String> {
        self.resource.map(|path| format!("{}{path}", self.settings().public_url))
    }

    pub(crate) fn shown(&self) -> Option<&RequestProofs> {
        self.shown.as_deref()
    }

    /// Returns the authority.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Returns the settings.
    pub fn settings(&self) -> &Settings {
        &self.authority.settings
    }

    /// Returns the latest known catalogue. It is at least as new as the rows that this request has read.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.authority.catalogue.get()
    }

    /// Returns the registry on disk.
    pub fn store(&self) -> &Store {
        &self.authority.store
    }

    /// Returns the keys that seal values of the registry.
    pub fn keyring(&self) -> &Keyring {
        &self.authority.keyring
    }

    /// Returns the source of randomness.
    pub fn random(&self) -> &dyn token::Random {
        self.authority.random.as_ref()
    }

    /// Returns a new identifier (UUID version 7).
    pub fn new_id(&self) -> Result<Uuid, Fault> {
        let random = token::random::bytes::<10>(self.random())?;
        let millis = u64::try_from(self.now.millis()).unwrap_or(0);
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    pub(crate) fn new_token(&self, kind: TokenKind) -> Result<PlainToken, Fault> {
        Ok(PlainToken::generate(&self.authority.prefix, kind, self.random())?)
    }

    /// Returns a message authentication code for data that a client returns later, such as the token of a next page.
    pub fn authenticate(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        self.authority.keyring.authenticate(purpose, data)
    }

    /// Returns whether `code` is one of [`Self::authenticate`], also of a former key.
    pub fn is_authentic(&self, purpose: &str, data: &[u8], code: &[u8]) -> bool {
        self.authority.keyring.is_authentic(purpose, data, code)
    }

    /// Runs a verb's work in one transaction, which also checks the principal of the request and consumes its DPoP proof. When
    /// this returns, the transaction has been committed. A verb with a caller uses [`Caller::transaction`](crate::Caller::transaction).
    pub async fn transaction<T: Send + 'static>(
        &self,
        work: impl Fn(&Self, &mut Tx<'_>) -> Result<T, Fault> + Send + Sync + 'static,
    ) -> Result<T, Fault> {
        let ctx = self.clone();
        let done = self.store().write(move |tx| {
            ctx.principal.as_ref().map_or(Ok(()), |principal| principal.check(&ctx, tx))?;
            ctx.proof.as_ref().map_or(Ok(()), |proof| proof.consume_in(tx))?;
            work(&ctx, tx)
        });
        let done = done.await?;
        if let Some(proof) = &self.proof {
            proof.set_consumed();
        }
        Ok(done)
    }

    /// Sets method and URL of another request, to which the proofs of this one belong (forward auth).
    #[must_use]
    pub fn on_behalf_of(self, method: String, url: String) -> Self {
        let shown =
            self.shown.map(|shown| Arc::new(RequestProofs { method, url, ..RequestProofs::clone(&shown) }));
        Self { shown, ..self }
    }
}

impl Authority {
    /// Returns the context of work without a request.
    pub fn own_ctx(self: &Arc<Self>, now: Timestamp) -> Ctx {
        Ctx::new(Arc::clone(self), now, IpAddr::V4(Ipv4Addr::LOCALHOST))
    }
}
