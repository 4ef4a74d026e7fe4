use std::ops::Deref;

use model::Timestamp;
use model::entities::{ClientType, TrustedApplication, User, UserType};

use crate::{Catalogue, ClientMetadata, Fault, Scopes};

/// An application as OAuth sees it: its row, and its metadata, read once.
#[derive(Debug)]
pub struct Client {
    /// The row.
    pub application: TrustedApplication,
    /// What it says about itself besides.
    pub metadata: ClientMetadata,
    /// What it may be granted, as far as the catalogue has it.
    pub scopes: Scopes,
}

impl Client {
    /// Of an application.
    ///
    /// # Errors
    /// [`Fault::Internal`] where the registry holds what is no metadata.
    pub fn new(application: TrustedApplication, catalogue: &Catalogue) -> Result<Self, Fault> {
        let metadata = ClientMetadata::stored(application.metadata.as_deref())?;
        let scopes = catalogue.scopes_for_client(&application);
        Ok(Self { application, metadata, scopes })
    }

    /// Whether anybody can act as the application: it proves nothing, or registered itself.
    pub(crate) fn is_anybodys(&self) -> bool {
        self.client_type == ClientType::Public || self.metadata.registered_itself
    }
}

/// Returns the hash of the secret before, while it is good.
pub(super) fn former_secret_hash(application: &TrustedApplication, now: Timestamp) -> Option<&String> {
    let is_good = application.former_secret_until_utc.is_some_and(|end| end > now);
    application.former_secret_hash.as_ref().filter(|_| is_good)
}

/// Most questions are about the row.
impl Deref for Client {
    type Target = TrustedApplication;

    fn deref(&self) -> &TrustedApplication {
        &self.application
    }
}

/// Whether an application may sign this kind of user in.
pub(crate) fn check_may_sign_in(application: &TrustedApplication, user: &User) -> Result<(), Fault> {
    let allowed = match user.user_type {
        UserType::ExternalCommunityUser => application.impersonate_as_community_user_allowed,
        UserType::InternalUser => application.impersonate_as_internal_user_allowed,
        _ => false,
    };
    let refused = || Fault::Forbidden(format!("the application '{}' may not sign you in", application.name));
    if allowed && application.is_enabled { Ok(()) } else { Err(refused()) }
}
