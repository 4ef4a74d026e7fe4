//! Clients.

use std::ops::Deref;

use input::client_metadata::ClientMetadata;
use input::scopes::Scopes;
use model::Timestamp;
use model::entities::{ClientType, TrustedApplication, User, UserType};

use crate::Fault;
use crate::catalogue::Catalogue;

/// A client: its row, with its metadata and scopes.
#[derive(Debug)]
pub struct Client {
    /// The row.
    pub application: TrustedApplication,
    /// The metadata of its registration (RFC 7591).
    pub metadata: ClientMetadata,
    /// The scopes that it may be granted according to the catalogue.
    pub scopes: Scopes,
}

impl Client {
    /// Reads the metadata and scopes of a row.
    ///
    /// # Errors
    /// [`Fault::Internal`] if the stored metadata cannot be read.
    pub fn new(application: TrustedApplication, catalogue: &Catalogue) -> Result<Self, Fault> {
        let metadata = ClientMetadata::stored(application.metadata.as_deref())?;
        let scopes = catalogue.scopes_for_client(&application);
        Ok(Self { application, metadata, scopes })
    }

    /// Returns whether the identity of the client is unproven: it is public, or registered itself.
    pub fn is_unproven(&self) -> bool {
        self.client_type == ClientType::Public || self.metadata.registered_itself
    }
}

/// Gives access to the fields of the row.
impl Deref for Client {
    type Target = TrustedApplication;

    fn deref(&self) -> &TrustedApplication {
        &self.application
    }
}

/// Returns the hash of the former secret, while that is still accepted.
pub fn former_secret_hash(application: &TrustedApplication, now: Timestamp) -> Option<&String> {
    let is_good = application.former_secret_until_utc.is_some_and(|end| end > now);
    application.former_secret_hash.as_ref().filter(|_| is_good)
}

/// Checks that a client may sign in a user of this type.
///
/// # Errors
/// [`Fault::Forbidden`] if it may not, or is disabled.
pub fn check_may_sign_in(application: &TrustedApplication, user: &User) -> Result<(), Fault> {
    let allowed = match user.user_type {
        UserType::ExternalCommunityUser => application.impersonate_as_community_user_allowed,
        UserType::InternalUser => application.impersonate_as_internal_user_allowed,
        _ => false,
    };
    let refused = || Fault::Forbidden(format!("the application '{}' may not sign you in", application.name));
    if allowed && application.is_enabled { Ok(()) } else { Err(refused()) }
}
