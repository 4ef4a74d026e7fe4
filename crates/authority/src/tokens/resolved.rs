use input::scopes;
use model::Timestamp;
use model::entities::{AccessToken, GrantKind, User};
use store::GrantParties;
use token::seal::Keyring;

use super::binding::Binding;
use super::payload::GrantPayload;
use super::state::{GrantState, state};
use crate::clients::COMMAND_LINE;
use crate::{AllowedAddresses, Catalogue, Client, ClientAddress, Fault, Reason, Scopes, SubjectType};

/// A grant that was looked up, with what is derived from it once.
pub struct ResolvedGrant {
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
    pub payload: GrantPayload,
    /// Whether another application from whose tokens it came is disabled or was removed.
    pub(super) has_disabled_origin: bool,
}

impl ResolvedGrant {
    pub(crate) fn new(
        keyring: &Keyring,
        catalogue: &Catalogue,
        parties: GrantParties,
    ) -> Result<Self, Fault> {
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
            grant: parties.grant,
            application: parties.application.map(|row| Client::new(row, catalogue)).transpose()?,
            user: parties.user,
        })
    }

    /// Whether the grant is one that requests can carry.
    pub const fn is_access_token(&self) -> bool {
        is_access_token(self.grant.kind)
    }

    /// Returns whether the token identifies its user to its holder. A token that an application obtained from a person
    /// without the scope `read` does not: the application learns the claims that were agreed to, by UserInfo and the ID token.
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

    /// Returns whether the holder of the token may learn the login of its user: by the scope `profile`, unless the subjects
    /// of the application are pairwise.
    pub fn may_tell_login(&self) -> bool {
        self.may_identify_user() || (self.scopes.contains(scopes::PROFILE) && self.has_public_subjects())
    }

    /// Returns whether the holder of the token may learn the identifier of its user: where the subjects of the application
    /// are public, it is the `sub`.
    pub fn may_tell_user_id(&self) -> bool {
        self.may_identify_user() || self.has_public_subjects()
    }

    fn has_public_subjects(&self) -> bool {
        self.application.as_ref().is_some_and(|own| own.metadata.subject_type == SubjectType::Public)
    }

    /// When and from where a person authorized it.
    pub(crate) fn authorized(&self) -> Option<(Timestamp, ClientAddress)> {
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

    /// Whether requests from an address may carry the grant.
    pub fn check_address(&self, address: ClientAddress) -> Result<(), Reason> {
        if self.allowed.allows(address) { Ok(()) } else { Err(Reason::WrongAddress) }
    }
}

pub(crate) const fn is_access_token(kind: GrantKind) -> bool {
    matches!(kind, GrantKind::PersonalAccessToken | GrantKind::ServiceAccessToken | GrantKind::ReferenceToken)
}
