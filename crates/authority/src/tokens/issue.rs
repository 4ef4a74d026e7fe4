//! Creating the rows of a grant.

use grant_state::binding::Binding;
use model::entities::{AccessToken, AccessTokenScope, GrantKind, TrustedApplication, User};
use model::{Timestamp, Uuid};
use token::{PlainToken, TokenHash, TokenKind};
use zeroize::Zeroizing;

use crate::validate::checked;
use crate::{AllowedAddresses, ClientAddress, Ctx, Fault, GrantPayload, Scopes};

/// A new secret. It is returned once, in the response to the request that created it.
pub enum AccessSecret {
    /// An opaque string.
    Opaque(PlainToken),
    /// A JWT (RFC 9068).
    Signed(Zeroizing<String>),
}

impl AccessSecret {
    /// Returns the text.
    pub fn expose(&self) -> &str {
        match self {
            Self::Opaque(token) => token.expose(),
            Self::Signed(token) => token,
        }
    }

    /// Parses a secret that was stored encrypted.
    pub fn kept(ctx: &Ctx, text: String) -> Result<Self, Fault> {
        let opaque = PlainToken::parse(ctx.authority().prefix(), &text);
        Ok(opaque.map_or_else(|_| Self::Signed(Zeroizing::new(text)), Self::Opaque))
    }

    fn hash(&self) -> TokenHash {
        TokenHash::new(self.expose())
    }
}

/// A new grant, with its secret.
pub struct Issued {
    /// The grant.
    pub grant: AccessToken,
    /// Its secret.
    pub secret: AccessSecret,
    /// Its scopes.
    pub scopes: Scopes,
    /// The key or certificate to which it is bound.
    pub binding: Option<Binding>,
}

impl Issued {
    /// Returns the `token_type` (RFC 6749, section 7.1).
    pub fn token_type(&self) -> &'static str {
        Binding::token_type(self.binding.as_ref())
    }
}

/// A grant to create. Absent fields stay empty.
#[derive(Clone)]
pub struct NewGrant<'a> {
    /// Its kind.
    pub kind: GrantKind,
    /// The client to which it is issued.
    pub application: &'a TrustedApplication,
    /// The user for whom it acts.
    pub user: Option<&'a User>,
    /// Its scopes.
    pub scopes: Scopes,
    /// Its description.
    pub description: Option<String>,
    /// Its expiry.
    pub expires: Option<Timestamp>,
    /// The networks from which it can be used.
    pub allowed: AllowedAddresses,
    /// Its sealed payload.
    pub payload: Option<GrantPayload>,
    /// The grant on which it depends.
    pub parent: Option<Uuid>,
    /// The user who created it.
    pub created_by: Option<Uuid>,
    /// The token that it replaces.
    pub predecessor: Option<Uuid>,
    /// The session in which it was authorized.
    pub session: Option<String>,
    /// When and from where it was authorized.
    pub authorized: Option<(Timestamp, ClientAddress)>,
    /// The key or certificate to which it is bound.
    pub binding: Option<Binding>,
}

impl<'a> NewGrant<'a> {
    /// Creates a grant without user, expiry and limits.
    pub fn new(kind: GrantKind, application: &'a TrustedApplication, scopes: Scopes) -> Self {
        Self {
            kind,
            application,
            user: None,
            scopes,
            description: None,
            expires: None,
            allowed: AllowedAddresses::default(),
            payload: None,
            parent: None,
            created_by: None,
            predecessor: None,
            session: None,
            authorized: None,
            binding: None,
        }
    }

    /// Limits the scopes to those that its user may have and its resource servers accept.
    ///
    /// # Errors
    /// [`Fault::InvalidScope`] if no scope remains.
    pub(crate) fn limited(mut self, ctx: &Ctx) -> Result<Self, Fault> {
        let catalogue = ctx.catalogue();
        let services = self.payload.as_ref().map_or(&[][..], |payload| &payload.resources);
        let scopes = catalogue.effective(&self.scopes, Some(self.application), self.user);
        let scopes = if self.kind == GrantKind::ReferenceToken {
            let longest = catalogue.max_token_lifetime(services).map(|longest| ctx.now.plus_seconds(longest));
            self.expires = [self.expires, longest].into_iter().flatten().min();
            catalogue.accepted_by(&scopes, services)
        } else {
            scopes
        };
        if scopes.is_empty() && !self.scopes.is_empty() {
            let message = "none of the scopes can be granted to this user for this service";
            return Err(Fault::InvalidScope(message.to_owned()));
        }
        Ok(Self { scopes, ..self })
    }

    /// Prepares the rows of the grant, with a new opaque secret.
    pub fn with_opaque_secret(self, ctx: &Ctx, kind: TokenKind) -> Result<Prepared, Fault> {
        let id = ctx.new_id()?;
        self.with_opaque_secret_as(ctx, id, kind)
    }

    /// The same, with an identifier that was chosen before.
    pub(crate) fn with_opaque_secret_as(
        self,
        ctx: &Ctx,
        id: Uuid,
        kind: TokenKind,
    ) -> Result<Prepared, Fault> {
        let secret = AccessSecret::Opaque(ctx.new_token(kind)?);
        self.limited(ctx)?.with_secret(ctx, id, secret)
    }

    /// Prepares the rows of the limited grant, for a secret that was generated for this identifier.
    pub(crate) fn with_secret(self, ctx: &Ctx, id: Uuid, secret: AccessSecret) -> Result<Prepared, Fault> {
        let grant = AccessToken {
            access_token_key: secret.hash().to_string(),
            actor: self.user.map(|user| user.login.clone()),
            allowed_ip_addresses: self.allowed.to_text(),
            authorized_ip_address: self.authorized.and_then(|(_, address)| address.text()),
            authorized_timestamp: self.authorized.map(|(time, _)| time),
            client: Some(self.application.application_uri.chars().take(128).collect()),
            confirmation: self.binding.as_ref().map(Binding::to_text).transpose()?,
            data: self
                .payload
                .as_ref()
                .map(|payload| payload.seal(ctx.keyring(), ctx.random(), id))
                .transpose()?,
            description: self.description.clone().filter(|text| !text.trim().is_empty()),
            expire_timestamp: self.expires,
            kind: self.kind,
            scopes: Some(self.scopes.to_string()),
            session: self.session.clone(),
            created_by_id: self.created_by,
            parent_id: self.parent,
            predecessor_id: self.predecessor,
            trusted_application_id: Some(self.application.id),
            user_id: self.user.map(|user| user.id),
            ..AccessToken::new(id, ctx.now)
        };
        let granted =
            self.scopes.iter().map(|scope| granted_scope(ctx, id, scope)).collect::<Result<_, _>>()?;
        Ok(Prepared { grant: checked(grant)?, granted, secret, scopes: self.scopes, binding: self.binding })
    }
}

fn granted_scope(ctx: &Ctx, grant: Uuid, scope: &str) -> Result<AccessTokenScope, Fault> {
    Ok(AccessTokenScope {
        scope: scope.to_owned(),
        access_token_id: grant,
        ..AccessTokenScope::new(ctx.new_id()?, ctx.now)
    })
}

/// The prepared rows of a grant, and its secret, which is not passed to the transaction.
pub struct Prepared {
    /// The grant.
    pub grant: AccessToken,
    pub(crate) granted: Vec<AccessTokenScope>,
    secret: AccessSecret,
    scopes: Scopes,
    binding: Option<Binding>,
}

impl Prepared {
    /// Returns the rows to insert.
    pub fn rows(&self) -> (AccessToken, Vec<AccessTokenScope>) {
        (self.grant.clone(), self.granted.clone())
    }

    /// Returns the text of the secret, to derive or encrypt values.
    pub fn expose(&self) -> &str {
        self.secret.expose()
    }

    /// Returns the grant, after the rows were committed.
    pub fn issued(self) -> Issued {
        Issued { grant: self.grant, secret: self.secret, scopes: self.scopes, binding: self.binding }
    }
}
