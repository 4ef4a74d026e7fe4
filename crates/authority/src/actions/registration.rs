//! Applications that register themselves, and look after their registration (RFC 7591, RFC 7592).

use std::sync::Arc;

use model::Uuid;
use model::entities::{
    AccessToken, AccessTokenFormat, AuditEventType, ClientType, GrantKind, ReferenceTokens, RevocationReason,
    TrustedApplication,
};
use serde_json::{Map, Value, json};
use store::Change;
use token::TokenKind;
use token::client_secret::PlainSecret;

use super::create_application::{self, CreateApplication, seal_secret};
use crate::audit::Event;
use crate::client_metadata::OWN;
use crate::contents::SpeaksFor;
use crate::issue::{NewGrant, Prepared};
use crate::live::{Live, live_grant};
use crate::proofs::{Presented, check_bound};
use crate::{
    AuthMethod, Caller, Client, ClientMetadata, Contents, Ctx, Fault, Reason, RedirectUri, Scopes, catalogue,
    scopes,
};

/// Who may register an application.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum DynamicRegistration {
    /// Nobody but administrators, in their own ways.
    #[default]
    Off,
    /// Whoever shows a token of an administrator with the scope `sec`.
    Token,
    /// Everybody.
    Open,
}

/// A registration as it holds (RFC 7591, section 3.2.1; RFC 7592, section 3).
pub struct Registered {
    /// Every member.
    pub members: Map<String, Value>,
}

/// How many applications one token registers.
const MOST: usize = 100;
/// The grant types that every registered application can use.
const GRANT_TYPES: [&str; 3] =
    ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"];
/// What could not be ignored: it says where keys or addresses are that the server would have to fetch.
const FETCHED: [&str; 3] = ["jwks_uri", "sector_identifier_uri", "request_uris"];

/// Registers an application (RFC 7591, section 3). `presented` is the token with which it may do so.
///
/// # Errors
/// [`Fault::NotFound`] where nobody may; [`Fault::Unauthenticated`], [`Fault::Forbidden`] and [`Fault::InsufficientScope`]
/// for a token that does not allow it; [`Fault::BadField`] for what cannot be registered.
pub async fn register(
    ctx: &Ctx,
    presented: Option<&Presented>,
    asked: &Map<String, Value>,
) -> Result<Registered, Fault> {
    let parent = initial(ctx, presented).await?;
    let client_id = ctx.new_id()?.to_string();
    catalogue::current(ctx).await?;
    let (application, secret) = create_application::prepare(ctx, read(ctx, &client_id, asked)?, None)?;
    let sealed = seal_secret(ctx, &application, secret.as_ref())?;
    let token = registration_token(ctx, &application, parent)?;
    let (row, (grant, granted)) = (application.clone(), token.rows());
    ctx.transaction(move |ctx, tx| {
        if let Some(parent) = parent {
            count_registration(ctx, tx, parent)?;
        }
        tx.insert(&row).map_err(create_application::client_id_taken)?;
        Event::of_application(AuditEventType::ApplicationCreated, &row).note(ctx, tx)?;
        if let Some(sealed) = &sealed {
            tx.insert_client_secret(row.id, sealed)?;
        }
        Ok(tx.insert_grant(&grant, &granted)?)
    })
    .await?;
    tracing::info!(client = application.application_uri, "an application registered itself");
    let issued = token.issued();
    describe(ctx, &Client::new(application, &ctx.catalogue())?, issued.secret.expose(), secret.as_ref())
}

/// The grant with which an application may register, on which its registration hangs.
async fn initial(ctx: &Ctx, presented: Option<&Presented>) -> Result<Option<Uuid>, Fault> {
    match (ctx.settings().dynamic_registration, presented) {
        (DynamicRegistration::Off, _) => Err(Fault::NotFound("applications do not register here".to_owned())),
        (DynamicRegistration::Open, _) => {
            ctx.authority().registrations.begin(ctx.address, ctx.now)?;
            Ok(None)
        }
        (DynamicRegistration::Token, None) => Err(Fault::Unauthenticated(Reason::Missing)),
        (DynamicRegistration::Token, Some(presented)) => {
            let caller = Caller::from_presented(ctx, presented).await?;
            caller.require_administrator(ctx)?;
            let id =
                caller.token().map(|live| live.grant.id).ok_or(Fault::Unauthenticated(Reason::Missing))?;
            Ok(Some(id))
        }
    }
}

/// Counts what a token registered. Others who register with the same token wait at its row, so none is missed.
fn count_registration(ctx: &Ctx, tx: &mut store::Tx<'_>, token: Uuid) -> Result<(), Fault> {
    let at_its_row = Change::of::<AccessToken>(token, ctx.now).if_null(AccessToken::RevokedTimestamp);
    if !tx.change(at_its_row.unnoticed())? {
        return Err(Fault::Unauthenticated(Reason::Revoked));
    }
    if tx.count_descendants(token)? >= MOST {
        return Err(Fault::Forbidden(format!("a token registers at most {MOST} applications")));
    }
    Ok(())
}

fn bad(field: &'static str, message: impl Into<String>) -> Fault {
    Fault::BadField { field, message: message.into() }
}

/// Reads what an application says about itself.
fn read(ctx: &Ctx, client_id: &str, asked: &Map<String, Value>) -> Result<CreateApplication, Fault> {
    if let Some(name) = FETCHED.iter().find(|name| asked.contains_key(**name)) {
        return Err(bad("metadata", format!("'{name}' is not supported: the server fetches nothing")));
    }
    check_types(asked)?;
    let own = asked.iter().filter(|(name, _)| OWN.contains(&name.as_str()));
    let mut metadata: Map<String, Value> = own.map(|(name, value)| (name.clone(), value.clone())).collect();
    // RFC 7591, section 2.
    let method = metadata.entry("token_endpoint_auth_method").or_insert(json!("client_secret_basic"));
    let client_type = if *method == "none" { ClientType::Public } else { ClientType::Confidential };
    metadata.insert("consent".to_owned(), json!("always"));
    metadata.insert("registered_itself".to_owned(), json!(true));
    let redirect_uris = texts(asked, "redirect_uris")?.unwrap_or_default();
    if redirect_uris.is_empty() {
        return Err(bad("redirectUris", "at least one redirect URI is needed"));
    }
    let name = text(asked, "client_name")?.unwrap_or("An application that registered itself").to_owned();
    Ok(CreateApplication {
        client_id: client_id.to_owned(),
        name,
        description: None,
        client_type,
        scopes: allowed(ctx, text(asked, "scope")?)?,
        redirect_uris,
        post_logout_redirect_uris: texts(asked, "post_logout_redirect_uris")?.unwrap_or_default(),
        metadata,
        system_user: None,
        reference_tokens: ReferenceTokens::None,
        access_token_format: AccessTokenFormat::Reference,
    })
}

/// What an application may have that nobody vouches for.
fn allowed(ctx: &Ctx, asked: Option<&str>) -> Result<Scopes, Fault> {
    let allowed = ctx.catalogue().defaults();
    let asked = asked.map(Scopes::parse).transpose()?.unwrap_or_else(|| allowed.clone());
    let beyond = asked.iter().find(|scope| !allowed.contains(scope)).map(str::to_owned);
    match beyond {
        Some(scope) => {
            Err(bad("metadata", format!("'scope': nobody grants '{scope}' to such an application")))
        }
        None => Ok(asked),
    }
}

/// Grant types and response types fit each other and what is offered (RFC 7591, section 2.1).
fn check_types(asked: &Map<String, Value>) -> Result<(), Fault> {
    let grants = texts(asked, "grant_types")?.unwrap_or_default();
    if let Some(other) = grants.iter().find(|grant| !GRANT_TYPES.contains(&grant.as_str())) {
        let shown: String = other.chars().filter(|c| !c.is_control()).take(64).collect();
        return Err(bad("metadata", format!("'grant_types': '{shown}' is not for such an application")));
    }
    let codes = texts(asked, "response_types")?.is_none_or(|types| types == ["code"]);
    if codes { Ok(()) } else { Err(bad("metadata", "'response_types' is [\"code\"]")) }
}

fn text<'a>(asked: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Fault> {
    let read =
        |value: &'a Value| value.as_str().ok_or_else(|| bad("metadata", format!("'{name}' is a text")));
    asked.get(name).filter(|value| !value.is_null()).map(read).transpose()
}

fn texts(asked: &Map<String, Value>, name: &str) -> Result<Option<Vec<String>>, Fault> {
    let wrong = || bad("metadata", format!("'{name}' is a list of texts"));
    let Some(value) = asked.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let items = value.as_array().ok_or_else(wrong)?;
    let texts: Option<Vec<_>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
    texts.map(Some).ok_or_else(wrong)
}

/// The address at which an application looks after its registration.
fn address(ctx: &Ctx, client_id: &str) -> String {
    format!("{}/connect/register/{client_id}", ctx.settings().issuer())
}

/// A token of the application for its own registration and nothing else: no interface takes it.
fn registration_token(
    ctx: &Ctx,
    application: &TrustedApplication,
    parent: Option<Uuid>,
) -> Result<Prepared, Fault> {
    let contents = Contents {
        resources: vec![address(ctx, &application.application_uri)],
        speaks_for: Some(SpeaksFor::Application(application.application_uri.clone())),
        ..Contents::default()
    };
    let new = NewGrant {
        description: Some("Looks after the registration of the application".to_owned()),
        contents: Some(contents),
        parent,
        ..NewGrant::of(GrantKind::ReferenceToken, application, Scopes::of([scopes::REGISTRATION])?)
    };
    new.with_opaque_secret(ctx, TokenKind::ReferenceAccess)
}

/// The registration to which a token belongs, if it is that of this application (RFC 7592, section 2).
async fn own(ctx: &Ctx, presented: Option<&Presented>, client_id: &str) -> Result<Arc<Live>, Fault> {
    let presented = presented.ok_or(Fault::Unauthenticated(Reason::Missing))?;
    let live = live_grant(ctx, &presented.token).await?;
    check_bound(ctx, &live, presented)?;
    let is_own = live.application.as_ref().is_some_and(|own| own.application_uri == client_id);
    if !live.is_access_token()
        || !live.scopes.contains(scopes::REGISTRATION)
        || !is_own
        || live.user.is_some()
    {
        return Err(Fault::Unauthenticated(Reason::WrongKind));
    }
    ctx.authority().last_uses.note(live.grant.id, ctx.now, Some(ctx.address), None);
    Ok(live)
}

fn application(live: &Live) -> Result<&Client, Fault> {
    live.application.as_ref().ok_or(Fault::Unauthenticated(Reason::ApplicationDisabled))
}

/// Shows a registration (RFC 7592, section 2.1).
///
/// # Errors
/// [`Fault::Unauthenticated`] unless the token is the one of this registration.
pub async fn show(ctx: &Ctx, presented: Option<&Presented>, client_id: &str) -> Result<Registered, Fault> {
    let live = own(ctx, presented, client_id).await?;
    describe(ctx, application(&live)?, presented.map_or("", |presented| &presented.token), None)
}

/// Replaces a registration (RFC 7592, section 2.2). How the application proves who it is stays.
///
/// # Errors
/// As [`show`]; [`Fault::BadField`] for what cannot be registered.
pub async fn replace(
    ctx: &Ctx,
    presented: Option<&Presented>,
    client_id: &str,
    asked: &Map<String, Value>,
) -> Result<Registered, Fault> {
    let live = own(ctx, presented, client_id).await?;
    let before = application(&live)?;
    if text(asked, "client_id")?.is_none_or(|named| named != client_id) {
        return Err(bad("metadata", "'client_id' is the one of this registration"));
    }
    catalogue::current(ctx).await?;
    let wanted = read(ctx, client_id, asked)?;
    let (new, _) = create_application::prepare(ctx, wanted, None)?;
    let method = ClientMetadata::stored(new.metadata.as_deref())?.token_endpoint_auth_method;
    if method != before.metadata.token_endpoint_auth_method {
        return Err(bad("metadata", "'token_endpoint_auth_method' stays as it was registered"));
    }
    let (id, row) = (before.id, new.clone());
    ctx.transaction(move |ctx, tx| {
        let change = Change::of::<TrustedApplication>(id, ctx.now)
            .set(TrustedApplication::Name, &row.name)
            .set(TrustedApplication::Scope, &row.scope)
            .set(TrustedApplication::Metadata, &row.metadata)
            .set(TrustedApplication::ImpersonateLoginUrl, &row.impersonate_login_url)
            .set(TrustedApplication::ImpersonateLogoutUrl, &row.impersonate_logout_url);
        if !tx.change(change)? {
            return Err(Fault::Unauthenticated(Reason::ApplicationDisabled));
        }
        let same = TrustedApplication { id, ..row.clone() };
        Event::of_application(AuditEventType::ApplicationUpdated, &same).note(ctx, tx)
    })
    .await?;
    let kept = TrustedApplication { creation_time_utc: before.creation_time_utc, ..new };
    describe(
        ctx,
        &Client::new(kept, &ctx.catalogue())?,
        presented.map_or("", |presented| &presented.token),
        None,
    )
}

/// Ends a registration: the application is disabled, so whatever it was given is refused (RFC 7592, section 2.3).
///
/// # Errors
/// As [`show`].
pub async fn remove(ctx: &Ctx, presented: Option<&Presented>, client_id: &str) -> Result<(), Fault> {
    let live = own(ctx, presented, client_id).await?;
    let (id, grant) = (application(&live)?.id, live.grant.id);
    ctx.transaction(move |ctx, tx| {
        let disable =
            Change::of::<TrustedApplication>(id, ctx.now).set(TrustedApplication::IsEnabled, &false);
        tx.change(disable)?;
        if let Some(row) = tx.find::<TrustedApplication>(id)? {
            Event::of_application(AuditEventType::ApplicationDeleted, &row).note(ctx, tx)?;
        }
        super::revoke::end(ctx, tx, grant, RevocationReason::Requested).map(drop)
    })
    .await
}

/// Every member that holds (RFC 7591, section 3.2.1).
fn describe(
    ctx: &Ctx,
    client: &Client,
    token: &str,
    secret: Option<&PlainSecret>,
) -> Result<Registered, Fault> {
    let Value::Object(mut members) = serde_json::to_value(&client.metadata)? else {
        return Err(Fault::Internal("metadata are an object".to_owned()));
    };
    members.retain(|name, _| OWN.contains(&name.as_str()));
    let addresses = |list: Option<&str>| -> Value {
        RedirectUri::stored(list).iter().map(|uri| Value::from(uri.as_str())).collect()
    };
    let scope = &client.scopes;
    let usable = |grant: &&&str| **grant != "refresh_token" || scope.contains(scopes::OFFLINE_ACCESS);
    let grant_types: Vec<_> = GRANT_TYPES.iter().filter(usable).collect();
    let client_id = &client.application_uri;
    let more = json!({
        "client_id": client_id,
        "client_id_issued_at": client.creation_time_utc.seconds(),
        "client_name": client.name,
        "redirect_uris": addresses(client.impersonate_login_url.as_deref()),
        "post_logout_redirect_uris": addresses(client.impersonate_logout_url.as_deref()),
        "scope": scope.to_string(),
        "grant_types": grant_types,
        "response_types": ["code"],
        "registration_client_uri": address(ctx, client_id),
        "registration_access_token": token,
    });
    members.extend(more.as_object().cloned().unwrap_or_default());
    if let Some(secret) = secret {
        members.insert("client_secret".to_owned(), secret.expose().into());
    }
    if client.metadata.token_endpoint_auth_method.is_some_and(AuthMethod::has_secret) {
        // It does not expire.
        members.insert("client_secret_expires_at".to_owned(), 0.into());
    }
    Ok(Registered { members })
}
