//! Managing resource servers.

use input::scopes;
use model::Value;
use model::entities::{AccessTokenFormat, Resource};
use store::{Change, StoreError, Tx};

use super::scopes::given;
use crate::registry::audit::Event;
use crate::tokens::audience;
use crate::validate::{checked, checked_change};
use crate::{Caller, Ctx, Fault, Scopes, catalogue};

/// A resource server to create.
#[derive(Clone, Debug)]
pub struct CreateResource {
    /// The resource indicator.
    pub identifier: String,
    /// Its name.
    pub name: String,
    /// The description on the consent page.
    pub description: Option<String>,
    /// The scopes that it accepts; empty for all.
    pub scopes: Scopes,
    /// The maximum lifetime of its tokens, in seconds.
    pub access_token_lifetime: Option<i32>,
    /// The format of its tokens; that of the client, if absent.
    pub access_token_format: Option<AccessTokenFormat>,
}

/// A change of a resource server; absent fields keep their values.
#[derive(Clone, Debug, Default)]
pub struct ChangeResource {
    /// Its name.
    pub name: Option<String>,
    /// The description; empty for none.
    pub description: Option<String>,
    /// The scopes that it accepts; empty for all.
    pub scopes: Option<Scopes>,
    /// The maximum lifetime of its tokens in seconds; 0 for that of the client.
    pub access_token_lifetime: Option<i32>,
    /// The format of its tokens; the inner `None` for that of the client.
    pub access_token_format: Option<Option<AccessTokenFormat>>,
    /// Whether tokens are issued for it; false retires it.
    pub is_active: Option<bool>,
}

/// Creates a resource server; for administrators.
///
/// # Errors
/// [`Fault::BadField`] for an invalid value; [`Fault::Conflict`] if the identifier exists.
pub async fn create_resource(ctx: &Ctx, caller: &Caller, asked: CreateResource) -> Result<Resource, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    catalogue::current(ctx).await?;
    let row = prepare(ctx, asked)?;
    let (added, by) = (row.clone(), caller.clone());
    caller.transaction(ctx, move |ctx, tx| insert_in(ctx, tx, &by, &added)).await?;
    Ok(row)
}

/// A service that is about to be added.
///
/// # Errors
/// [`Fault::BadField`] for what it cannot be.
pub fn prepare(ctx: &Ctx, asked: CreateResource) -> Result<Resource, Fault> {
    check_identifier(ctx, &asked.identifier)?;
    check_scopes(ctx, &asked.scopes)?;
    checked(Resource {
        access_token_format: asked.access_token_format,
        access_token_lifetime: lifetime(asked.access_token_lifetime)?,
        description: given(asked.description),
        identifier: asked.identifier,
        name: asked.name,
        scope: given(Some(asked.scopes.to_string())),
        ..Resource::new(ctx.new_id()?, ctx.now)
    })
}

/// Adds a service that was prepared.
///
/// # Errors
/// [`Fault::Conflict`] where there is one with this identifier.
pub fn insert_in(ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller, added: &Resource) -> Result<(), Fault> {
    tx.insert(added).map_err(|error| match error {
        StoreError::Duplicate => {
            Fault::Conflict("there is a resource with this identifier already".to_owned())
        }
        other => other.into(),
    })?;
    tx.note_catalogue_changed()?;
    Event::for_catalogue("resource", &added.identifier).by(by).note(ctx, tx)
}

/// Changes or retires a resource server; for administrators. Issued tokens do not change.
///
/// # Errors
/// [`Fault::NotFound`] if there is none with this identifier.
pub async fn change_resource(
    ctx: &Ctx,
    caller: &Caller,
    identifier: &str,
    asked: ChangeResource,
) -> Result<Resource, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    catalogue::current(ctx).await?;
    let key = Value::Text(identifier.to_owned());
    let by = caller.clone();
    caller
        .transaction(ctx, move |ctx, tx| {
            let found: Option<Resource> = tx.find_by(Resource::Identifier, &key)?;
            let found = found.ok_or_else(|| Fault::NotFound("there is no such resource".to_owned()))?;
            update_in(ctx, tx, &by, found, asked.clone())
        })
        .await
}

/// Changes a service in a transaction, as [`change_resource`].
pub fn update_in(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    found: Resource,
    asked: ChangeResource,
) -> Result<Resource, Fault> {
    if let Some(scopes) = &asked.scopes {
        check_scopes(ctx, scopes)?;
    }
    let row = checked_change(&found.clone(), changed(found, asked)?)?;
    write(ctx, tx, &row)?;
    tx.note_catalogue_changed()?;
    Event::for_catalogue("resource", &row.identifier).by(by).note(ctx, tx)?;
    Ok(Resource { object_version: row.object_version + 1, updated_at: Some(ctx.now), ..row })
}

fn changed(found: Resource, asked: ChangeResource) -> Result<Resource, Fault> {
    let asked_lifetime = asked.access_token_lifetime.map(|seconds| lifetime(Some(seconds))).transpose()?;
    Ok(Resource {
        name: asked.name.unwrap_or(found.name),
        description: asked.description.map_or(found.description, |text| given(Some(text))),
        scope: asked.scopes.map_or(found.scope, |scopes| given(Some(scopes.to_string()))),
        access_token_lifetime: asked_lifetime.unwrap_or(found.access_token_lifetime),
        access_token_format: asked.access_token_format.unwrap_or(found.access_token_format),
        is_active: asked.is_active.unwrap_or(found.is_active),
        ..found
    })
}

fn write(ctx: &Ctx, tx: &mut Tx<'_>, row: &Resource) -> Result<bool, StoreError> {
    tx.change(
        Change::new::<Resource>(row.id, ctx.now)
            .set(Resource::Name, &row.name)
            .set(Resource::Description, &row.description)
            .set(Resource::Scope, &row.scope)
            .set(Resource::AccessTokenLifetime, &row.access_token_lifetime)
            .set(Resource::AccessTokenFormat, &row.access_token_format)
            .set(Resource::IsActive, &row.is_active),
    )
}

/// Checks a resource indicator: an absolute URI without fragment (RFC 8707, section 2) that is not one of our interfaces.
fn check_identifier(ctx: &Ctx, identifier: &str) -> Result<(), Fault> {
    let bad = |message: &str| Err(Fault::BadField { field: "identifier", message: message.to_owned() });
    let (scheme, rest) = identifier.split_once(':').unwrap_or_default();
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"#\"<>\\^`{|}".contains(&byte);
    if !is_scheme || rest.trim_matches('/').is_empty() || !rest.bytes().all(is_plain) {
        return bad("this is an absolute URI without fragment, such as https://orders.example/api");
    }
    if audience::is_own(ctx, identifier) {
        return bad("the interfaces of this very server are known");
    }
    Ok(())
}

/// Checks scopes against the catalogue as the request read it.
fn check_scopes(ctx: &Ctx, asked: &Scopes) -> Result<(), Fault> {
    let catalogue = ctx.catalogue();
    match asked.iter().find(|name| catalogue.scope(name).is_none()) {
        None => Ok(()),
        Some(name) => Err(Fault::BadField {
            field: "scopes",
            message: format!("the catalogue has no active scope '{name}'"),
        }),
    }
}

/// Checks a maximum lifetime, in seconds; 0 for none.
fn lifetime(asked: Option<i32>) -> Result<Option<i32>, Fault> {
    match asked {
        Some(seconds) if seconds < 0 => Err(Fault::BadField {
            field: "accessTokenLifetime",
            message: "this is a number of seconds".to_owned(),
        }),
        asked => Ok(asked.filter(|seconds| *seconds > 0)),
    }
}
