//! A grant that was looked up.

use input::addresses::{AllowedAddresses, ClientAddress};
use input::client_metadata::SubjectType;
use input::scopes::{self, Scopes};
use model::Timestamp;
use model::entities::{AccessToken, GrantKind, User};
use store::GrantParties;
use token::seal::Keyring;

use crate::binding::Binding;
use crate::catalogue::Catalogue;
use crate::client::Client;
use crate::payload::GrantPayload;
use crate::state::{GrantState, Parties, state};
use crate::{COMMAND_LINE, Fault, Reason};

/// A grant that was looked up, with the values that are derived from its row.
pub struct ResolvedGrant {
    /// The grant.
    pub grant: AccessToken,
    /// Its client.
    pub application: Option<Client>,
    /// Its user.
    pub user: Option<User>,
    /// Its effective scopes.
    pub scopes: Scopes,
    /// The addresses from which it may be used.
    pub allowed: AllowedAddresses,
    /// The key or certificate to which it is bound.
    pub binding: Option<Binding>,
    /// Its payload, if it is an access token.
    pub payload: GrantPayload,
    /// Whether another client, from whose tokens it came, is disabled or was removed.
    pub has_disabled_origin: bool,
    /// Whether it belongs to a confirmed revocation whose rows follow.
    pub is_marked: bool,
}

impl ResolvedGrant {
    /// Derives the values of a grant.
    ///
    /// # Errors
    /// [`Fault::Internal`] if a stored value cannot be read.
    pub fn new(keyring: &Keyring, catalogue: &Catalogue, parties: GrantParties) -> Result<Self, Fault> {
        let allowed = parties.grant.allowed_ip_addresses.as_deref().unwrap_or_default();
        let sealed = parties.grant.data.as_deref().filter(|_| is_access_token(parties.grant.kind));
        Ok(Self {
            payload: GrantPayload::open(keyring, parties.grant.id, sealed)?,
            scopes: catalogue.effective(
                &Scopes::stored(parties.grant.scopes.as_deref()),
                parties.application.as_ref(),
                parties.user.as_ref(),
            ),
            allowed: AllowedAddresses::parse(allowed)?,
            binding: parties.grant.confirmation.as_deref().map(Binding::stored).transpose()?,
            has_disabled_origin: parties.has_disabled_origin,
            is_marked: parties.is_marked,
            grant: parties.grant,
            application: parties.application.map(|row| Client::new(row, catalogue)).transpose()?,
            user: parties.user,
        })
    }

    /// Returns whether the grant is an access token.
    pub const fn is_access_token(&self) -> bool {
        is_access_token(self.grant.kind)
    }

    /// Returns whether the token identifies its user to its holder. A token that a client obtained from a user
    /// without the scope `read` does not: the client receives the claims of the consent, by UserInfo and the ID token.
    pub fn may_identify_user(&self) -> bool {
        let of_application = |own: &Client| {
            own.application_uri == COMMAND_LINE
                || (own.system_user_id.is_some() && own.system_user_id == self.grant.user_id)
        };
        self.scopes.contains(scopes::READ)
            || match self.grant.kind {
                GrantKind::ServiceAccessToken => true,
                GrantKind::PersonalAccessToken => !self.payload.withholds_user,
                _ => self.application.as_ref().is_some_and(of_application),
            }
    }

    /// Returns whether the holder of the token may read the login of its user: by the scope `profile`, unless the subjects
    /// of the client are pairwise.
    pub fn may_read_login(&self) -> bool {
        self.may_identify_user() || (self.scopes.contains(scopes::PROFILE) && self.has_public_subjects())
    }

    /// Returns whether the holder of the token may read the identifier of its user. If the subjects of the client are public,
    /// the identifier is the `sub`.
    pub fn may_read_user_id(&self) -> bool {
        self.may_identify_user() || self.has_public_subjects()
    }

    fn has_public_subjects(&self) -> bool {
        self.application.as_ref().is_some_and(|own| own.metadata.subject_type == SubjectType::Public)
    }

    /// Returns when and from which address a user authorized it.
    pub fn authorized(&self) -> Option<(Timestamp, ClientAddress)> {
        let address = ClientAddress::stored(self.grant.authorized_ip_address.as_deref());
        self.grant.authorized_timestamp.map(|time| (time, address))
    }

    /// Returns the state of the grant.
    pub fn state(&self, now: Timestamp) -> GrantState {
        state(self, now)
    }

    /// Returns why the grant cannot be used, if so.
    pub fn check(&self, now: Timestamp) -> Result<(), Reason> {
        self.state(now).check()
    }

    /// Checks that requests from an address may use the grant.
    pub fn check_address(&self, address: ClientAddress) -> Result<(), Reason> {
        if self.allowed.allows(address) { Ok(()) } else { Err(Reason::WrongAddress) }
    }
}

/// Returns whether grants of this kind are access tokens.
pub const fn is_access_token(kind: GrantKind) -> bool {
    matches!(kind, GrantKind::PersonalAccessToken | GrantKind::ServiceAccessToken | GrantKind::ReferenceToken)
}

impl<'a> From<&'a ResolvedGrant> for Parties<'a> {
    fn from(resolved: &'a ResolvedGrant) -> Self {
        Self {
            grant: &resolved.grant,
            client: resolved.application.as_ref().map(|client| &client.application),
            user: resolved.user.as_ref(),
            has_disabled_origin: resolved.has_disabled_origin,
            is_marked: resolved.is_marked,
        }
    }
}
