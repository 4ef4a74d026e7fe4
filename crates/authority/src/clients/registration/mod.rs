//! Dynamic client registration and its management (RFC 7591, RFC 7592).

mod initial;
mod request;

use std::sync::Arc;

use grant_state::payload::SpeaksFor;
use grant_state::resolved::ResolvedGrant;
use input::client_metadata::OWN;
use input::scopes;
use model::Uuid;
use model::entities::{AuditEventType, GrantKind, TrustedApplication};
use serde_json::{Map, Value, json};
use store::Change;
use token::TokenKind;
use token::client_secret::PlainSecret;

use self::initial::Initial;
use self::request::{GRANT_TYPES, bad, read, text};
use super::create::{self, seal_secret};
use super::delete::delete;
use super::sector::{self, Named};
use crate::registry::audit::{Actor, Event};
use crate::registry::names::insert_application;
use crate::tokens::issue::{NewGrant, Prepared};
use crate::tokens::proofs::check_bound;
use crate::tokens::request_proofs::PresentedToken;
use crate::tokens::resolve::resolve_valid;
use crate::{
    AuthMethod, Client, ClientMetadata, Ctx, Fault, GrantPayload, Reason, RedirectUri, Scopes, catalogue,
};

pub use self::initial::{CreateInitialToken, MAX_REGISTRATIONS, create_initial_token};

/// A registration (RFC 7591, section 3.2.1; RFC 7592, section 3).
pub struct Registered {
    /// All members.
    pub members: Map<String, Value>,
}

/// Registers a client (RFC 7591, section 3). `presented` is the initial access token.
///
/// # Errors
/// [`Fault::NotFound`] if registration is off; [`Fault::Unauthenticated`], [`Fault::Forbidden`] and [`Fault::InsufficientScope`]
/// for a token that does not allow it; [`Fault::BadField`] for invalid metadata.
pub async fn register(
    ctx: &Ctx,
    presented: Option<&PresentedToken>,
    asked: &Map<String, Value>,
) -> Result<Registered, Fault> {
    let initial = Initial::find(ctx, presented).await?;
    let parent = initial.as_ref().map(|initial| initial.grant);
    let by = initial.as_ref().map(|initial| initial.by).unwrap_or_default();
    let client_id = ctx.new_id()?.to_string();
    catalogue::current(ctx).await?;
    let (application, secret) = create::prepare(ctx, read(ctx, &client_id, asked)?, None)?;
    let sealed = seal_secret(ctx, &application, secret.as_ref())?;
    let token = registration_token(ctx, &application, parent)?;
    let (row, (grant, granted)) = (application.clone(), token.rows());
    ctx.transaction(move |ctx, tx| {
        if let Some(initial) = &initial {
            initial.count(ctx, tx)?;
        }
        insert_application(tx, &row)?;
        let event = Event::for_client(AuditEventType::ApplicationCreated, &row);
        event.by(by).note(ctx, tx)?;
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

/// Returns the `registration_client_uri` of a client.
fn address(ctx: &Ctx, client_id: &str) -> String {
    format!("{}/connect/register/{client_id}", ctx.settings().issuer())
}

/// Prepares the registration access token of a client. No other interface accepts it.
fn registration_token(
    ctx: &Ctx,
    application: &TrustedApplication,
    parent: Option<Uuid>,
) -> Result<Prepared, Fault> {
    let payload = GrantPayload {
        resources: vec![address(ctx, &application.application_uri)],
        speaks_for: Some(SpeaksFor::Application(application.application_uri.clone())),
        ..GrantPayload::default()
    };
    let new = NewGrant {
        description: Some("Looks after the registration of the application".to_owned()),
        payload: Some(payload),
        parent,
        ..NewGrant::new(GrantKind::ReferenceToken, application, Scopes::from_names([scopes::REGISTRATION])?)
    };
    new.with_opaque_secret(ctx, TokenKind::ReferenceAccess)
}

/// Returns the registration of a token, if it is that of this client (RFC 7592, section 2).
async fn own(
    ctx: &Ctx,
    presented: Option<&PresentedToken>,
    client_id: &str,
) -> Result<Arc<ResolvedGrant>, Fault> {
    let presented = presented.ok_or(Fault::Unauthenticated(Reason::Missing))?;
    let live = resolve_valid(ctx, presented.token.expose()).await?;
    check_bound(ctx, &live, presented).await?;
    let is_own = live.application.as_ref().is_some_and(|own| own.application_uri == client_id);
    if !live.is_access_token()
        || !live.scopes.contains(scopes::REGISTRATION)
        || !is_own
        || live.user.is_some()
    {
        return Err(Fault::Unauthenticated(Reason::WrongKind));
    }
    ctx.authority().last_uses.note(live.grant.id, ctx.now, ctx.address.known(), None);
    Ok(live)
}

fn application(live: &ResolvedGrant) -> Result<&Client, Fault> {
    live.application.as_ref().ok_or(Fault::Unauthenticated(Reason::ApplicationDisabled))
}

/// Returns a registration (RFC 7592, section 2.1).
///
/// # Errors
/// [`Fault::Unauthenticated`] unless the token is that of this registration.
pub async fn show(
    ctx: &Ctx,
    presented: Option<&PresentedToken>,
    client_id: &str,
) -> Result<Registered, Fault> {
    let live = own(ctx, presented, client_id).await?;
    describe(ctx, application(&live)?, presented.map_or("", |presented| presented.token.expose()), None)
}

/// Replaces a registration (RFC 7592, section 2.2). The authentication method does not change.
///
/// # Errors
/// Those of [`show`]; [`Fault::BadField`] for invalid metadata.
pub async fn replace(
    ctx: &Ctx,
    presented: Option<&PresentedToken>,
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
    let (mut new, _) = create::prepare(ctx, wanted, None)?;
    let mut metadata = ClientMetadata::stored(new.metadata.as_deref())?;
    let named = Named { sector: false, ..Named::from_members(asked) };
    sector::keep(before, &mut metadata, named, &RedirectUri::stored(new.impersonate_login_url.as_deref()))?;
    new.metadata = metadata.to_text()?;
    let method = metadata.token_endpoint_auth_method;
    if method != before.metadata.token_endpoint_auth_method {
        return Err(bad("metadata", "'token_endpoint_auth_method' stays as it was registered"));
    }
    let (id, row, by) = (before.id, new.clone(), Actor::from(live.as_ref()));
    ctx.by(&live)
        .transaction(move |ctx, tx| {
            let change = Change::new::<TrustedApplication>(id, ctx.now)
                .set(TrustedApplication::Name, &row.name)
                .set(TrustedApplication::Scope, &row.scope)
                .set(TrustedApplication::Metadata, &row.metadata)
                .set(TrustedApplication::ImpersonateLoginUrl, &row.impersonate_login_url)
                .set(TrustedApplication::ImpersonateLogoutUrl, &row.impersonate_logout_url);
            if !tx.change(change)? {
                return Err(Fault::Unauthenticated(Reason::ApplicationDisabled));
            }
            let same = TrustedApplication { id, ..row.clone() };
            Event::for_client(AuditEventType::ApplicationUpdated, &same).by(by).note(ctx, tx)
        })
        .await?;
    let kept = TrustedApplication { creation_time_utc: before.creation_time_utc, ..new };
    describe(
        ctx,
        &Client::new(kept, &ctx.catalogue())?,
        presented.map_or("", |presented| presented.token.expose()),
        None,
    )
}

/// Deletes the client of a registration (RFC 7592, section 2.3).
///
/// # Errors
/// Those of [`show`].
pub async fn remove(ctx: &Ctx, presented: Option<&PresentedToken>, client_id: &str) -> Result<(), Fault> {
    let live = own(ctx, presented, client_id).await?;
    let by = Actor::from(live.as_ref());
    delete(&ctx.by(&live), application(&live)?.id, move |event| event.by(by).with("reason", "own")).await
}

/// Returns all members (RFC 7591, section 3.2.1).
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
    let Value::Object(more) = more else {
        return Err(Fault::Internal("a registration is an object".to_owned()));
    };
    members.extend(more);
    if let Some(secret) = secret {
        members.insert("client_secret".to_owned(), secret.expose().into());
    }
    if client.metadata.token_endpoint_auth_method.is_some_and(AuthMethod::has_secret) {
        // It does not expire.
        members.insert("client_secret_expires_at".to_owned(), 0.into());
    }
    Ok(Registered { members })
}
