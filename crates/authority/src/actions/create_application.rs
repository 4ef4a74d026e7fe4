//! Registering applications.

use model::Uuid;
use model::entities::{
    AccessTokenFormat, AuditEventType, ClientType, ReferenceTokens, TrustedApplication, User,
};
use serde_json::{Map, Value};
use store::StoreError;
use token::client_secret::PlainSecret;

use crate::assertions::secret_place;
use crate::audit::Event;
use crate::validate::checked;
use crate::{AuthMethod, Caller, ClientMetadata, Ctx, Fault, RedirectUri, Scopes, scopes};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct CreateApplication {
    /// The client_id.
    pub client_id: String,
    /// The name.
    pub name: String,
    /// What it is, for the people who are asked to trust it.
    pub description: Option<String>,
    /// Whether it can keep a secret.
    pub client_type: ClientType,
    /// What it may be granted.
    pub scopes: Scopes,
    /// Where a sign-in may return to.
    pub redirect_uris: Vec<String>,
    /// Where a sign-out may return to.
    pub post_logout_redirect_uris: Vec<String>,
    /// What it says about itself besides (RFC 7591), as it was given.
    pub metadata: Map<String, Value>,
    /// The login of the user as whom it acts without a person.
    pub system_user: Option<String>,
    /// Who may make tokens for it.
    pub reference_tokens: ReferenceTokens,
    /// The form of its access tokens.
    pub access_token_format: AccessTokenFormat,
}

/// Registers an application; for administrators. Gives a confidential one's secret, once.
pub async fn create_application(
    ctx: &Ctx,
    caller: &Caller,
    asked: CreateApplication,
) -> Result<(TrustedApplication, Option<PlainSecret>), Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    let system_user = find_system_user(ctx, asked.system_user.clone()).await?;
    let (application, secret) = prepare(ctx, asked, system_user)?;
    let sealed = seal_secret(ctx, &application, secret.as_ref())?;
    let row = application.clone();
    let by = caller.clone();
    ctx.transaction(move |ctx, tx| {
        tx.insert(&row).map_err(client_id_taken)?;
        Event::of_application(AuditEventType::ApplicationCreated, &row).by(&by).note(ctx, tx)?;
        Ok(sealed.as_ref().map_or(Ok(()), |sealed| tx.insert_client_secret(row.id, sealed))?)
    })
    .await?;
    Ok((application, secret))
}

/// The secret itself, where the application proves with it what it signed: a hash would not do.
pub(super) fn seal_secret(
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

async fn find_system_user(ctx: &Ctx, login: Option<String>) -> Result<Option<Uuid>, Fault> {
    let Some(login) = login else { return Ok(None) };
    let key = model::Value::Text(login);
    let found: Option<User> = ctx.store().read(move |read| read.find_by(User::Login, &key)).await?;
    let message = || "there is no user with this login".to_owned();
    found.map(|user| Some(user.id)).ok_or_else(|| Fault::BadField { field: "systemUser", message: message() })
}

/// An application that is about to be registered, with its secret where it can keep one.
pub(crate) fn prepare(
    ctx: &Ctx,
    asked: CreateApplication,
    system_user: Option<Uuid>,
) -> Result<(TrustedApplication, Option<PlainSecret>), Fault> {
    check(&asked)?;
    let metadata =
        ClientMetadata::register(&asked.metadata, asked.client_type, ctx.settings().client_certificates)?;
    let has_secret = metadata.token_endpoint_auth_method.is_none_or(AuthMethod::has_secret);
    let secret = match asked.client_type {
        ClientType::Confidential
            if metadata.token_endpoint_auth_method == Some(AuthMethod::ClientSecretJwt) =>
        {
            Some(PlainSecret::for_macs(ctx.random())?)
        }
        ClientType::Confidential if has_secret => Some(PlainSecret::generate(ctx.random())?),
        _ => None,
    };
    let signs_in = asked.client_type != ClientType::None;
    let application = TrustedApplication {
        id: ctx.new_id()?,
        object_version: 1,
        external_id: None,
        external_system: None,
        updated_at: Some(ctx.now),
        access_token_format: asked.access_token_format,
        application_secret_hash: secret.as_ref().map(|secret| secret.hash().to_string()),
        application_uri: asked.client_id,
        basic_authentication_allowed: false,
        client_type: asked.client_type,
        creation_time_utc: ctx.now,
        description: asked.description,
        impersonate_as_community_user_allowed: signs_in,
        impersonate_as_internal_user_allowed: signs_in,
        impersonate_login_url: list(&asked.redirect_uris),
        impersonate_logout_url: list(&asked.post_logout_redirect_uris),
        is_enabled: true,
        metadata: metadata.to_text()?,
        name: asked.name,
        notes: None,
        reference_tokens: asked.reference_tokens,
        scope: Some(asked.scopes.to_string()),
        system_user_allowed: system_user.is_some(),
        system_user_login_url: None,
        system_user_id: system_user,
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
    check_addresses("redirectUris", &asked.redirect_uris)?;
    check_addresses("postLogoutRedirectUris", &asked.post_logout_redirect_uris)
}

/// Whether addresses are such to which a browser may be sent back.
pub(super) fn check_addresses(field: &'static str, uris: &[String]) -> Result<(), Fault> {
    for uri in uris {
        RedirectUri::parse(uri).map_err(|message| Fault::BadField { field, message: message.to_owned() })?;
    }
    Ok(())
}

/// Several addresses as the registry keeps them.
pub(super) fn list(uris: &[String]) -> Option<String> {
    (!uris.is_empty()).then(|| uris.join(","))
}

pub(crate) fn client_id_taken(error: StoreError) -> Fault {
    match error {
        StoreError::Duplicate => {
            Fault::Conflict("there is an application with this client id already".to_owned())
        }
        other => other.into(),
    }
}
