use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use model::{Timestamp, Uuid};
use store::{Store, Tx};
use token::seal::Keyring;
use token::{PlainToken, TokenKind};

use crate::principal::Principal;
use crate::tokens::pending_proof::PendingProof;
use crate::tokens::request_proofs::RequestProofs;
use crate::{Authority, Catalogue, ClientAddress, Fault, Settings};

/// What every verb is given first: the authority, the moment and the address of the request.
#[derive(Clone)]
pub struct Ctx {
    authority: Arc<Authority>,
    /// The moment at which the request arrived.
    pub now: Timestamp,
    /// The address from which the request came.
    pub address: ClientAddress,
    shown: Option<Arc<RequestProofs>>,
    resource: Option<&'static str>,
    agent: Option<Arc<str>>,
    proof: Option<Arc<PendingProof>>,
    principal: Option<Principal>,
}

impl Ctx {
    /// The context of one request.
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
        }
    }

    /// The same at the present moment. For use after a wait, such as for another server or for a password to be hashed:
    /// what is stored or compared then must not carry the moment at which the request arrived.
    #[must_use]
    pub fn at_present(&self) -> Self {
        let present = (self.authority.clock)();
        self.clone().at(self.now.max(present))
    }

    /// The same at another moment.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Self { now, ..self }
    }

    /// The same, of a request that shows something besides its token.
    #[must_use]
    pub fn showing(self, shown: RequestProofs) -> Self {
        Self { shown: Some(Arc::new(shown)), ..self }
    }

    /// The same, of a request to one of our interfaces, by its path.
    #[must_use]
    pub fn serving(self, resource: Option<&'static str>) -> Self {
        Self { resource, ..self }
    }

    /// The same, of a client that calls itself something.
    #[must_use]
    pub fn with_agent(self, agent: Option<&str>) -> Self {
        Self { agent: agent.map(Arc::from), ..self }
    }

    /// The same, of a request that shows the proof of a key, which its first transaction uses up.
    #[must_use]
    pub(crate) fn proving(self, proof: PendingProof) -> Self {
        Self { proof: Some(Arc::new(proof)), ..self }
    }

    /// The same, of a request on behalf of a caller or a client, whom each transaction checks again.
    #[must_use]
    pub(crate) fn by(&self, principal: impl Into<Principal>) -> Self {
        Self { principal: Some(principal.into()), ..self.clone() }
    }

    /// The same, of what follows from a request and goes on whatever became of its principal.
    #[must_use]
    pub(crate) fn by_itself(&self) -> Self {
        Self { principal: None, ..self.clone() }
    }

    /// Uses up the proof that the request shows, where no transaction of it did.
    ///
    /// # Errors
    /// [`Fault::InvalidDpopProof`] where another request used it.
    pub(crate) async fn use_proof(&self) -> Result<(), Fault> {
        match &self.proof {
            Some(proof) if !proof.is_used() => self.transaction(|_, _| Ok(())).await,
            _ => Ok(()),
        }
    }

    pub(crate) fn agent(&self) -> Option<&str> {
        self.agent.as_deref()
    }

    /// The address of the interface that is asked, as tokens name it (RFC 8707).
    pub(crate) fn resource(&self) -> Option<String> {
        self.resource.map(|path| format!("{}{path}", self.settings().public_url))
    }

    pub(crate) fn shown(&self) -> Option<&RequestProofs> {
        self.shown.as_deref()
    }

    /// The authority itself.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// What the operator set.
    pub fn settings(&self) -> &Settings {
        &self.authority.settings
    }

    /// The catalogue as whatever this request read was read with.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.authority.catalogue.get()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.authority.store
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.authority.keyring
    }

    /// The source of randomness.
    pub fn random(&self) -> &dyn token::Random {
        self.authority.random.as_ref()
    }

    /// A new identifier: ordered by time, otherwise random (UUID version 7).
    pub fn new_id(&self) -> Result<Uuid, Fault> {
        let random = token::random::bytes::<10>(self.random())?;
        let millis = u64::try_from(self.now.millis()).unwrap_or(0);
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    pub(crate) fn new_token(&self, kind: TokenKind) -> Result<PlainToken, Fault> {
        Ok(PlainToken::generate(&self.authority.prefix, kind, self.random())?)
    }

    /// An authentication code over something that is given out to be brought back, such as the token of a next page.
    pub fn authenticate(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        self.authority.keyring.authenticate(purpose, data)
    }

    /// Returns whether `code` was given out by [`Self::authenticate`], also under a key that was replaced since.
    pub fn is_authentic(&self, purpose: &str, data: &[u8], code: &[u8]) -> bool {
        self.authority.keyring.is_authentic(purpose, data, code)
    }

    /// Runs a verb's work on one transaction, which also checks the principal of the request and uses up the proof that it
    /// shows; what it gives has been committed. A verb with a caller uses [`Caller::transaction`](crate::Caller::transaction).
    pub(crate) async fn transaction<T: Send + 'static>(
        &self,
        work: impl Fn(&Self, &mut Tx<'_>) -> Result<T, Fault> + Send + Sync + 'static,
    ) -> Result<T, Fault> {
        let ctx = self.clone();
        let done = self.store().write(move |tx| {
            ctx.principal.as_ref().map_or(Ok(()), |principal| principal.check(&ctx, tx))?;
            ctx.proof.as_ref().map_or(Ok(()), |proof| proof.use_in(tx))?;
            work(&ctx, tx)
        });
        let done = done.await?;
        if let Some(proof) = &self.proof {
            proof.was_used();
        }
        Ok(done)
    }

    /// The same, of another request that somebody describes: what is shown counts for that one.
    #[must_use]
    pub fn on_behalf_of(self, method: String, url: String) -> Self {
        let shown =
            self.shown.map(|shown| Arc::new(RequestProofs { method, url, ..RequestProofs::clone(&shown) }));
        Self { shown, ..self }
    }
}

impl Authority {
    /// The context of what the program does by itself.
    pub fn own_ctx(self: &Arc<Self>, now: Timestamp) -> Ctx {
        Ctx::new(Arc::clone(self), now, IpAddr::V4(Ipv4Addr::LOCALHOST))
    }
}
