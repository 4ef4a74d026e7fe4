//! Registering clients.

use input::Invalid;
use input::scopes;
use input::text::Login;
use model::Uuid;
use model::entities::{
    AccessTokenFormat, AuditEventType, ClientType, ReferenceTokens, TrustedApplication, User, UserType,
};
use serde_json::{Map, Value};
use store::Tx;
use token::client_secret::PlainSecret;

use super::assertion::secret_place;
use super::sector;
use crate::registry::audit::Event;
use crate::registry::names::{find_user, insert_application, insert_user};
use crate::users::create::blank;
use crate::validate::checked;
use crate::{AuthMethod, Caller, ClientMetadata, Ctx, Fault, RedirectUri, Scopes, catalogue};

/// A client to register.
#[derive(Clone, Debug)]
pub struct CreateApplication {
    /// The client_id.
    pub client_id: String,
    /// The name.
    pub name: String,
    /// The description for users.
    pub description: Option<String>,
    /// Whether it is confidential or public.
    pub client_type: ClientType,
    /// The scopes that it may be granted.
    pub scopes: Scopes,
    /// The redirect URIs.
    pub redirect_uris: Vec<String>,
    /// The redirect URIs after a sign-out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Further metadata (RFC 7591).
    pub metadata: Map<String, Value>,
    /// The login of the user as which it acts for itself. The user cannot sign in, and is created if missing.
    pub system_user: Option<String>,
    /// Which users may create tokens for it.
    pub reference_tokens: ReferenceTokens,
    /// The format of its access tokens.
    pub access_token_format: AccessTokenFormat,
}

/// Registers a client; for administrators. Returns the secret of a confidential client.
pub async fn create_application(
    ctx: &Ctx,
    caller: &Caller,
    asked: CreateApplication,
) -> Result<(TrustedApplication, Option<PlainSecret>), Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    catalogue::current(ctx).await?;
    let system_user = system_user(ctx, &asked).await?;
    let (application, secret) = prepare(ctx, asked, system_user.as_ref().map(SystemUser::id))?;
    let sealed = seal_secret(ctx, &application, secret.as_ref())?;
    let row = application.clone();
    let by = caller.clone();
    caller
        .transaction(ctx, move |ctx, tx| {
            if let Some(SystemUser::New(user)) = &system_user {
                insert_user(tx, user)?;
            }
            insert_in(ctx, tx, &by, &row, sealed.as_deref())
        })
        .await?;
    Ok((application, secret))
}

/// Adds an application that was prepared, with its sealed secret if it needs one.
///
/// # Errors
/// As [`insert_application`].
pub fn insert_in(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    application: &TrustedApplication,
    sealed: Option<&str>,
) -> Result<(), Fault> {
    insert_application(tx, application)?;
    Event::for_client(AuditEventType::ApplicationCreated, application).by(by).note(ctx, tx)?;
    Ok(sealed.map_or(Ok(()), |sealed| tx.insert_client_secret(application.id, sealed))?)
}

/// Checks that a client may act as a user: only as one that cannot sign in.
///
/// # Errors
/// [`Fault::BadField`].
pub fn check_system_user(user: Option<&User>) -> Result<(), Fault> {
    let bad = |message: &str| Err(Fault::BadField { field: "systemUser", message: message.to_owned() });
    match user {
        Some(user) if is_of_applications(user) => Ok(()),
        Some(_) => bad(OF_A_PERSON),
        None => bad("there is no such user"),
    }
}

const OF_A_PERSON: &str = "this user can sign in; name a user that cannot, or a new one";

const fn is_of_applications(user: &User) -> bool {
    matches!(user.user_type, UserType::ApplicationUserNoLogin | UserType::SystemUserNoLogin)
}

/// Returns the sealed secret, if the client signs with it: its hash would not verify a signature.
pub fn seal_secret(
    ctx: &Ctx,
    application: &TrustedApplication,
    secret: Option<&PlainSecret>,
) -> Result<Option<String>, Fault> {
    let metadata = ClientMetadata::stored(application.metadata.as_deref())?;
    let signs = metadata.token_endpoint_auth_method == Some(AuthMethod::ClientSecretJwt);
    let Some(secret) = secret.filter(|_| signs) else { return Ok(None) };
    let place = secret_place(application.id);
    Ok(Some(ctx.authority().keyring.seal(secret.expose().as_bytes(), &place, ctx.random())?))
}

/// The user as which a client acts for itself.
enum SystemUser {
    Known(Uuid),
    /// A user that is created with the client.
    New(Box<User>),
}

impl SystemUser {
    fn id(&self) -> Uuid {
        match self {
            Self::Known(id) => *id,
            Self::New(user) => user.id,
        }
    }
}

/// Returns the user with this login, which must be one that cannot sign in. If there is none, one is created.
async fn system_user(ctx: &Ctx, asked: &CreateApplication) -> Result<Option<SystemUser>, Fault> {
    let Some(login) = asked.system_user.clone() else { return Ok(None) };
    let bad = |message: &str| Fault::BadField { field: "systemUser", message: message.to_owned() };
    let typed = login.clone();
    let found = ctx.store().read(move |read| find_user(read, &typed)).await?;
    match found {
        Some(user) if is_of_applications(&user) => Ok(Some(SystemUser::Known(user.id))),
        Some(_) => Err(bad(OF_A_PERSON)),
        None => {
            let login = Login::parse(&login).map_err(|invalid| match invalid {
                Invalid::Field { message, .. } => bad(&message),
                other => other.into(),
            })?;
            let user = blank(ctx, login, asked.name.clone(), UserType::ApplicationUserNoLogin)?;
            Ok(Some(SystemUser::New(Box::new(checked(user)?))))
        }
    }
}

/// Generates a secret, if the client authenticates with one.
pub(super) fn new_secret(
    ctx: &Ctx,
    client_type: ClientType,
    method: Option<AuthMethod>,
) -> Result<Option<PlainSecret>, Fault> {
    Ok(match (client_type, method) {
        (ClientType::Confidential, Some(AuthMethod::ClientSecretJwt)) => {
            Some(PlainSecret::for_macs(ctx.random())?)
        }
        (ClientType::Confidential, method) if method.is_none_or(AuthMethod::has_secret) => {
            Some(PlainSecret::generate(ctx.random())?)
        }
        _ => None,
    })
}

/// Prepares the row of a client, and its secret if it has one.
pub fn prepare(
    ctx: &Ctx,
    asked: CreateApplication,
    system_user: Option<Uuid>,
) -> Result<(TrustedApplication, Option<PlainSecret>), Fault> {
    check(&asked)?;
    check_scopes(ctx, &asked.client_id, &asked.scopes)?;
    let mut metadata =
        ClientMetadata::register(&asked.metadata, asked.client_type, ctx.settings().client_certificates)?;
    let redirect_uris = RedirectUri::stored(list(&asked.redirect_uris).as_deref());
    check_addresses(&metadata, &redirect_uris)?;
    sector::fix(&mut metadata, &redirect_uris)?;
    let secret = new_secret(ctx, asked.client_type, metadata.token_endpoint_auth_method)?;
    let signs_in = asked.client_type != ClientType::None;
    let application = TrustedApplication {
        access_token_format: asked.access_token_format,
        application_secret_hash: secret.as_ref().map(|secret| secret.hash().to_string()),
        application_uri: asked.client_id,
        client_type: asked.client_type,
        description: asked.description,
        impersonate_as_community_user_allowed: signs_in,
        impersonate_as_internal_user_allowed: signs_in,
        impersonate_login_url: list(&asked.redirect_uris),
        impersonate_logout_url: list(&asked.post_logout_redirect_uris),
        metadata: metadata.to_text()?,
        name: asked.name,
        reference_tokens: asked.reference_tokens,
        scope: Some(asked.scopes.to_string()),
        system_user_allowed: system_user.is_some(),
        system_user_id: system_user,
        ..TrustedApplication::new(ctx.new_id()?, ctx.now)
    };
    Ok((checked(application)?, secret))
}

fn check(asked: &CreateApplication) -> Result<(), Fault> {
    let bad = |field, message: &str| Err(Fault::BadField { field, message: message.to_owned() });
    // RFC 6749, appendix A.1: visible ASCII; without a colon, which Basic authentication could not carry unescaped.
    if asked.client_id.is_empty() || !asked.client_id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return bad("clientId", "a client id consists of visible ASCII characters");
    }
    if asked.scopes.is_empty() {
        return bad("scopes", "at least one scope is needed");
    }
    read_addresses("redirectUris", &asked.redirect_uris)?;
    read_addresses("postLogoutRedirectUris", &asked.post_logout_redirect_uris)
}

/// Checks redirect URIs.
pub(super) fn read_addresses(field: &'static str, uris: &[String]) -> Result<(), Fault> {
    for uri in uris {
        RedirectUri::parse(uri).map_err(|message| Fault::BadField { field, message: message.to_owned() })?;
    }
    Ok(())
}

/// Checks that the metadata match the redirect URIs.
pub(super) fn check_addresses(metadata: &ClientMetadata, redirect_uris: &[RedirectUri]) -> Result<(), Fault> {
    check_front_channel(metadata, redirect_uris)
}

/// Checks the logout address, which our pages embed: it must be on a host of the client (Front-Channel Logout, section 2).
fn check_front_channel(metadata: &ClientMetadata, redirect_uris: &[RedirectUri]) -> Result<(), Fault> {
    let Some(uri) = &metadata.frontchannel_logout_uri else { return Ok(()) };
    let own = RedirectUri::parse(uri).ok();
    let own = own.as_ref().and_then(RedirectUri::origin);
    if own.is_some() && redirect_uris.iter().any(|redirect| redirect.origin() == own) {
        return Ok(());
    }
    let message = "'frontchannel_logout_uri' has the scheme, host and port of a redirect URI".to_owned();
    Err(Fault::BadField { field: "metadata", message })
}

/// Checks that the catalogue has all requested scopes.
pub(super) fn check_scopes(ctx: &Ctx, client_id: &str, asked: &Scopes) -> Result<(), Fault> {
    let catalogue = ctx.catalogue();
    let Some(name) = asked.iter().find(|name| !catalogue.is_for(name, client_id)) else {
        return Ok(());
    };
    let message = match catalogue.scope(name) {
        Some(_) => format!("the scope '{name}' is reserved"),
        None => format!("the catalogue has no active scope '{name}'"),
    };
    Err(Fault::BadField { field: "scopes", message })
}

/// Returns addresses in their stored form.
pub(super) fn list(uris: &[String]) -> Option<String> {
    (!uris.is_empty()).then(|| uris.join(","))
}
