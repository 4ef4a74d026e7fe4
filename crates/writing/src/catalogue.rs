//! Scopes and resource servers: administrators add, change and retire them.

use model::entities::{Resource, Scope};
use model::writing::{Given, Intent};
use model::{Record as _, Uuid};
use store::Tx;

use super::fields::{Fields, renamed};
use super::row::{self, Asked};
use super::{Action, Outcome, Step, not_writable};
use authority::catalogue::resources::{self, ChangeResource, CreateResource};
use authority::catalogue::scopes::{self, ChangeScope, CreateScope};
use authority::{Caller, Ctx, Fault, Scopes, catalogue};

pub(super) fn prepare_scope(ctx: &Ctx, caller: &Caller, id: Uuid, action: Action) -> Result<Step, Fault> {
    caller.require_administrator(ctx)?;
    let by = caller.clone();
    match action {
        Action::Create(given) => create_scope(ctx, by, id, given),
        Action::Update { given, replaces, condition } => {
            let asked = Asked { given, replaces, condition };
            Ok(Box::new(move |ctx, tx| update_scope(ctx, tx, &by, id, &asked)))
        }
        Action::Delete(_) | Action::Call { .. } => Err(not_writable(Scope::entity())),
    }
}

pub(super) async fn prepare_resource(
    ctx: &Ctx,
    caller: &Caller,
    id: Uuid,
    action: Action,
) -> Result<Step, Fault> {
    caller.require_administrator(ctx)?;
    catalogue::current(ctx).await?;
    let by = caller.clone();
    match action {
        Action::Create(given) => create_resource(ctx, by, id, given),
        Action::Update { given, replaces, condition } => {
            let asked = Asked { given, replaces, condition };
            Ok(Box::new(move |ctx, tx| update_resource(ctx, tx, &by, id, &asked)))
        }
        Action::Delete(_) | Action::Call { .. } => Err(not_writable(Resource::entity())),
    }
}

fn create_scope(ctx: &Ctx, by: Caller, id: Uuid, given: Given) -> Result<Step, Fault> {
    let fields = Fields::check(Scope::entity(), Intent::Create { owner: None }, &given);
    let asked = CreateScope {
        name: fields.text("Name").unwrap_or_default(),
        display_name: fields.text("DisplayName").unwrap_or_default(),
        description: fields.text("Description"),
        is_default: fields.value("IsDefault").unwrap_or(false),
        is_listed: fields.value("IsListed").unwrap_or(true),
        administrators_only: fields.value("AdministratorsOnly").unwrap_or(false),
    };
    let is_active = fields.value("IsActive").unwrap_or(true);
    fields.end()?;
    let prepared = scopes::prepare(ctx, asked).map_err(|fault| renamed(fault, name_of))?;
    let scope = Scope { id, is_active, ..prepared };
    Ok(Box::new(move |ctx, tx| {
        scopes::insert_in(ctx, tx, &by, &scope)?;
        row::set_external::<Scope>(tx, id, &given)?;
        Ok(Outcome::of_version(scope.object_version))
    }))
}

fn update_scope(ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller, id: Uuid, asked: &Asked) -> Result<Outcome, Fault> {
    let before = row::find_locked(tx, id, &asked.condition, |row: &Scope| row.object_version, |_| true)?;
    let changes = row::changes(ctx, &before, asked)?;
    if changes.values.is_empty() {
        return Ok(Outcome::of_version(before.object_version));
    }
    let fields = Fields::checked(&changes);
    let change = ChangeScope {
        display_name: fields.text("DisplayName"),
        description: fields.given_text("Description").map(Option::unwrap_or_default),
        is_default: fields.value("IsDefault"),
        is_listed: fields.value("IsListed"),
        administrators_only: fields.value("AdministratorsOnly"),
        is_active: fields.value("IsActive"),
    };
    let after = scopes::update_in(ctx, tx, by, before, change).map_err(|fault| renamed(fault, name_of))?;
    row::set_external::<Scope>(tx, id, &changes)?;
    Ok(Outcome::of_version(after.object_version))
}

fn create_resource(ctx: &Ctx, by: Caller, id: Uuid, given: Given) -> Result<Step, Fault> {
    let mut fields = Fields::check(Resource::entity(), Intent::Create { owner: None }, &given);
    let asked = CreateResource {
        identifier: fields.text("Identifier").unwrap_or_default(),
        name: fields.text("Name").unwrap_or_default(),
        description: fields.text("Description"),
        scopes: fields.parsed("Scope", Scopes::parse),
        access_token_lifetime: fields.value("AccessTokenLifetime"),
        access_token_format: fields.value("AccessTokenFormat"),
    };
    let is_active = fields.value("IsActive").unwrap_or(true);
    fields.end()?;
    let prepared = resources::prepare(ctx, asked).map_err(|fault| renamed(fault, name_of))?;
    let resource = Resource { id, is_active, ..prepared };
    Ok(Box::new(move |ctx, tx| {
        resources::insert_in(ctx, tx, &by, &resource)?;
        row::set_external::<Resource>(tx, id, &given)?;
        Ok(Outcome::of_version(resource.object_version))
    }))
}

fn update_resource(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    id: Uuid,
    asked: &Asked,
) -> Result<Outcome, Fault> {
    let before = row::find_locked(tx, id, &asked.condition, |row: &Resource| row.object_version, |_| true)?;
    let changes = row::changes(ctx, &before, asked)?;
    if changes.values.is_empty() {
        return Ok(Outcome::of_version(before.object_version));
    }
    let mut fields = Fields::checked(&changes);
    let change = ChangeResource {
        name: fields.text("Name"),
        description: fields.given_text("Description").map(Option::unwrap_or_default),
        scopes: fields.has("Scope").then(|| fields.parsed("Scope", Scopes::parse)),
        // The verb takes 0 for no limit.
        access_token_lifetime: fields
            .has("AccessTokenLifetime")
            .then(|| fields.value("AccessTokenLifetime").unwrap_or(0)),
        access_token_format: fields.has("AccessTokenFormat").then(|| fields.value("AccessTokenFormat")),
        is_active: fields.value("IsActive"),
    };
    fields.end()?;
    let after = resources::update_in(ctx, tx, by, before, change).map_err(|fault| renamed(fault, name_of))?;
    row::set_external::<Resource>(tx, id, &changes)?;
    Ok(Outcome::of_version(after.object_version))
}

/// Returns the property that a verb calls by another name.
fn name_of(field: &str) -> Option<&'static str> {
    match field {
        "name" => Some("Name"),
        "identifier" => Some("Identifier"),
        "scopes" => Some("Scope"),
        "accessTokenLifetime" => Some("AccessTokenLifetime"),
        other => [Scope::entity(), Resource::entity()]
            .into_iter()
            .find_map(|entity| entity.attribute(other))
            .map(|attribute| attribute.name),
    }
}
