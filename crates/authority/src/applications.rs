use std::ops::Deref;
use std::sync::Arc;

use model::Value;
use model::entities::{ClientType, TrustedApplication, User, UserType};
use token::client_secret::SecretHash;

use crate::{ClientMetadata, Ctx, Fault};

/// An application as OAuth sees it: its row, and its metadata, read once.
#[derive(Debug)]
pub struct Client {
    /// The row.
    pub application: TrustedApplication,
    /// What it says about itself besides.
    pub metadata: ClientMetadata,
}

impl Client {
    /// Of an application.
    ///
    /// # Errors
    /// [`Fault::Internal`] where the registry holds what is no metadata.
    pub fn new(application: TrustedApplication) -> Result<Self, Fault> {
        let metadata = ClientMetadata::stored(application.metadata.as_deref())?;
        Ok(Self { application, metadata })
    }
}

/// Most questions are about the row.
impl Deref for Client {
    type Target = TrustedApplication;

    fn deref(&self) -> &TrustedApplication {
        &self.application
    }
}

/// What an application presents to prove who it is (RFC 6749, section 2.3).
pub struct ClientCredentials {
    /// The client_id.
    pub client_id: String,
    /// The client_secret; a public application has none.
    pub client_secret: Option<String>,
}

/// Authenticates an application. An unknown or disabled one cannot be told from one with a wrong
/// secret, neither by the answer nor by the time that it takes.
pub(crate) async fn authenticate(ctx: &Ctx, presented: &ClientCredentials) -> Result<Arc<Client>, Fault> {
    let found = find_application(ctx, &presented.client_id).await?;
    let hash = found.as_ref().and_then(|application| application.application_secret_hash.as_deref());
    let hash = hash.and_then(|hash| SecretHash::parse(hash).ok());
    let secret = presented.client_secret.as_deref();
    let secret_fits = hash.unwrap_or_else(SecretHash::decoy).verify(secret.unwrap_or_default());
    let found = found.filter(|application| application.is_enabled).ok_or(Fault::InvalidClient)?;
    let proven = match found.client_type {
        ClientType::Confidential => secret.is_some() && secret_fits,
        ClientType::Public => secret.is_none(),
        ClientType::None => false,
    };
    if proven { Ok(found) } else { Err(Fault::InvalidClient) }
}

/// Finds an application by its client_id.
pub(crate) async fn find_application(ctx: &Ctx, client_id: &str) -> Result<Option<Arc<Client>>, Fault> {
    let live = &ctx.authority().live;
    if let Some(remembered) = live.application(client_id) {
        return Ok(remembered);
    }
    let epoch = live.epoch();
    let key = Value::Text(client_id.to_owned());
    let found = ctx.store().read(move |read| read.find_by(TrustedApplication::ApplicationUri, &key));
    let found: Option<TrustedApplication> = found.await?;
    let found = found.map(Client::new).transpose()?.map(Arc::new);
    // No client_id is longer; what a stranger makes up does not fill the memory.
    if ctx.store().is_exclusive() && client_id.len() <= MAX_CLIENT_ID {
        live.remember_application(client_id, found.as_ref(), epoch);
    }
    Ok(found)
}

/// The longest client_id, in bytes (`ApplicationUri` of the model).
const MAX_CLIENT_ID: usize = 254;

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
