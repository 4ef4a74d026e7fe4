//! Changing the registration of a client.

use input::scopes;
use model::entities::{AccessTokenFormat, AuditEventType, ReferenceTokens, TrustedApplication};
use model::{Attribute, Column, Uuid};
use serde_json::{Map, Value};
use store::{Change, Tx};

use super::create::{check_addresses, check_scopes, list, read_addresses};
use super::sector::{self, Named};
use crate::registry::audit::Event;
use crate::registry::names::note_name;
use crate::validate::checked_change;
use crate::{Caller, ClientMetadata, Ctx, Fault, RedirectUri, Scopes, catalogue};

/// A change; absent fields keep their values.
#[derive(Clone, Debug, Default)]
pub struct UpdateApplication {
    /// The name.
    pub name: Option<String>,
    /// The description for users.
    pub description: Option<String>,
    /// The scopes that it may be granted.
    pub scopes: Option<Scopes>,
    /// The redirect URIs.
    pub redirect_uris: Option<Vec<String>>,
    /// The redirect URIs after a sign-out.
    pub post_logout_redirect_uris: Option<Vec<String>>,
    /// All further metadata.
    pub metadata: Option<Map<String, Value>>,
    /// Which users may create tokens for it.
    pub reference_tokens: Option<ReferenceTokens>,
    /// The format of its access tokens.
    pub access_token_format: Option<AccessTokenFormat>,
    /// Whether it is enabled.
    pub is_enabled: Option<bool>,
}

/// Changes the registration of a client; for administrators.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such client; [`Fault::BadField`] for an invalid value; [`Fault::Conflict`] if it was
/// changed meanwhile.
pub async fn update_application(
    ctx: &Ctx,
    caller: &Caller,
    id: Uuid,
    asked: UpdateApplication,
) -> Result<TrustedApplication, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    let before: Option<TrustedApplication> = ctx.store().read(move |read| read.find(id)).await?;
    let before = before.ok_or_else(|| Fault::NotFound("there is no such application".to_owned()))?;
    catalogue::current(ctx).await?;
    let after = changed(ctx, &before, asked)?;
    let (row, by) = (after.clone(), caller.clone());
    caller.transaction(ctx, move |ctx, tx| update_in(ctx, tx, &by, before.object_version, &row)).await?;
    Ok(after)
}

/// Writes the values of an application that can change, if it still has a version.
///
/// # Errors
/// [`Fault::Conflict`] if it has another version.
pub fn update_in(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    version: i32,
    row: &TrustedApplication,
) -> Result<(), Fault> {
    let change = Change::new::<TrustedApplication>(row.id, ctx.now)
        .if_equal(Column(Attribute::VERSION_COLUMN), &version)
        .set(TrustedApplication::Name, &row.name)
        .set(TrustedApplication::Description, &row.description)
        .set(TrustedApplication::Scope, &row.scope)
        .set(TrustedApplication::ImpersonateLoginUrl, &row.impersonate_login_url)
        .set(TrustedApplication::ImpersonateLogoutUrl, &row.impersonate_logout_url)
        .set(
            TrustedApplication::ImpersonateAsCommunityUserAllowed,
            &row.impersonate_as_community_user_allowed,
        )
        .set(TrustedApplication::ImpersonateAsInternalUserAllowed, &row.impersonate_as_internal_user_allowed)
        .set(TrustedApplication::BasicAuthenticationAllowed, &row.basic_authentication_allowed)
        .set(TrustedApplication::Metadata, &row.metadata)
        .set(TrustedApplication::Notes, &row.notes)
        .set(TrustedApplication::ReferenceTokens, &row.reference_tokens)
        .set(TrustedApplication::AccessTokenFormat, &row.access_token_format)
        .set(TrustedApplication::SystemUser, &row.system_user_id)
        .set(TrustedApplication::SystemUserAllowed, &row.system_user_allowed)
        .set(TrustedApplication::SystemUserLoginUrl, &row.system_user_login_url)
        .set(TrustedApplication::IsEnabled, &row.is_enabled);
    if !tx.change(change)? {
        return Err(Fault::Conflict("the application was changed meanwhile".to_owned()));
    }
    note_name(tx, row)?;
    Event::for_client(AuditEventType::ApplicationUpdated, row).by(by).note(ctx, tx)
}

/// Returns an application as it is after a change.
///
/// # Errors
/// [`Fault::BadField`] for a value that it cannot have.
pub fn changed(
    ctx: &Ctx,
    before: &TrustedApplication,
    asked: UpdateApplication,
) -> Result<TrustedApplication, Fault> {
    let bad = |field, message: &str| Fault::BadField { field, message: message.to_owned() };
    let mut after = TrustedApplication {
        object_version: before.object_version + 1,
        updated_at: Some(ctx.now),
        ..before.clone()
    };
    if let Some(name) = asked.name {
        after.name = name;
    }
    if let Some(description) = asked.description {
        after.description = Some(description).filter(|text| !text.trim().is_empty());
    }
    if let Some(scopes) = asked.scopes {
        if scopes.is_empty() {
            return Err(bad("scopes", "at least one scope is needed"));
        }
        // What it has already it keeps, retired or not.
        let own = Scopes::stored(before.scope.as_deref());
        check_scopes(ctx, &before.application_uri, &scopes.filtered(|name| !own.contains(name)))?;
        after.scope = Some(scopes.to_string());
    }
    let moves = asked.redirect_uris.is_some() || asked.metadata.is_some();
    let named = asked.metadata.as_ref().map(Named::from_members).unwrap_or_default();
    if let Some(uris) = asked.redirect_uris {
        read_addresses("redirectUris", &uris)?;
        after.impersonate_login_url = list(&uris);
    }
    if let Some(uris) = asked.post_logout_redirect_uris {
        read_addresses("postLogoutRedirectUris", &uris)?;
        after.impersonate_logout_url = list(&uris);
    }
    if let Some(metadata) = asked.metadata {
        after.metadata = described(ctx, before, &metadata)?;
    }
    if moves {
        let mut metadata = ClientMetadata::stored(after.metadata.as_deref())?;
        let redirect_uris = RedirectUri::stored(after.impersonate_login_url.as_deref());
        check_addresses(&metadata, &redirect_uris)?;
        sector::keep(before, &mut metadata, named, &redirect_uris)?;
        after.metadata = metadata.to_text()?;
    }
    after.reference_tokens = asked.reference_tokens.unwrap_or(after.reference_tokens);
    after.access_token_format = asked.access_token_format.unwrap_or(after.access_token_format);
    after.is_enabled = asked.is_enabled.unwrap_or(after.is_enabled);
    checked_change(before, after)
}

/// Returns the new metadata. The authentication method cannot be changed: that needs a new registration.
fn described(
    ctx: &Ctx,
    before: &TrustedApplication,
    asked: &Map<String, Value>,
) -> Result<Option<String>, Fault> {
    let known = ClientMetadata::stored(before.metadata.as_deref())?;
    let mut metadata =
        ClientMetadata::register(asked, before.client_type, ctx.settings().client_certificates)?;
    metadata.registered_itself = known.registered_itself;
    if metadata.token_endpoint_auth_method != known.token_endpoint_auth_method {
        let message = "'token_endpoint_auth_method' stays as it was registered".to_owned();
        return Err(Fault::BadField { field: "metadata", message });
    }
    Ok(metadata.to_text()?)
}
