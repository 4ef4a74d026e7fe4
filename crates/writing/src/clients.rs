//! Applications: administrators register, change and delete them.

use model::entities::{AccessTokenFormat, ClientType, ReferenceTokens, TrustedApplication, User};
use model::writing::{Given, Intent};
use model::{Collection, Record as _, Uuid};
use serde_json::{Map, Value};
use store::Tx;

use super::authorizations::{self, NewRow};
use super::fields::{Fields, renamed};
use super::row::{self, Asked};
use super::{Action, Outcome, Secret, Step, not_writable};
use authority::clients::create::{self, CreateApplication, check_system_user, seal_secret};
use authority::clients::delete::begin_in;
use authority::clients::update::{UpdateApplication, changed, update_in};
use authority::validate::{checked, checked_change};
use authority::{Caller, Ctx, Fault, Invalid, Scopes, catalogue, json};

pub(super) async fn prepare(ctx: &Ctx, caller: &Caller, id: Uuid, action: Action) -> Result<Step, Fault> {
    caller.require_administrator(ctx)?;
    catalogue::current(ctx).await?;
    let by = caller.clone();
    match action {
        Action::Create(given) => create(ctx, caller, id, given),
        Action::Update { given, replaces, condition } => {
            let asked = Asked { given, replaces, condition };
            Ok(Box::new(move |ctx, tx| update(ctx, tx, &by, id, &asked)))
        }
        Action::Delete(condition) => Ok(Box::new(move |ctx, tx| {
            row::find(tx, id, &condition, version, |_| true)?;
            begin_in(ctx, tx, id, |event| event.by(&by))?;
            Ok(Outcome { ends_application: Some(id), ..Outcome::default() })
        })),
        Action::Call { .. } => Err(not_writable(TrustedApplication::entity())),
    }
}

fn version(application: &TrustedApplication) -> i32 {
    application.object_version
}

fn create(ctx: &Ctx, caller: &Caller, id: Uuid, given: Given) -> Result<Step, Fault> {
    let mut fields = Fields::check(TrustedApplication::entity(), Intent::Create { owner: None }, &given);
    let asked = CreateApplication {
        client_id: fields.text("ApplicationUri").unwrap_or_default(),
        name: fields.text("Name").unwrap_or_default(),
        description: fields.text("Description"),
        client_type: fields.value("ClientType").unwrap_or(ClientType::Confidential),
        scopes: fields.parsed("Scope", Scopes::parse),
        redirect_uris: fields.parsed("ImpersonateLoginUrl", addresses),
        post_logout_redirect_uris: fields.parsed("ImpersonateLogoutUrl", addresses),
        metadata: fields.parsed("Metadata", metadata),
        system_user: None,
        reference_tokens: fields.value("ReferenceTokens").unwrap_or(ReferenceTokens::None),
        access_token_format: fields.value("AccessTokenFormat").unwrap_or(AccessTokenFormat::Reference),
    };
    let system_user = fields.row("SystemUser");
    let others = Others::read(&fields, None);
    fields.end()?;
    let prepared = create::prepare(ctx, asked, system_user).map_err(|fault| renamed(fault, name_of))?;
    let (application, secret) = prepared;
    let application = checked(others.applied(TrustedApplication { id, ..application }))?;
    let sealed = seal_secret(ctx, &application, secret.as_ref())?;
    let children = children(ctx, id, &given)?;
    let by = caller.clone();
    let shown = secret.map(|secret| Secret::of_text(secret.expose()));
    Ok(Box::new(move |ctx, tx| {
        check_user(tx, system_user)?;
        create::insert_in(ctx, tx, &by, &application, sealed.as_deref())?;
        row::set_external::<TrustedApplication>(tx, id, &given)?;
        for child in &children {
            authorizations::insert(ctx, tx, &by, child)?;
        }
        let now = tx.find::<TrustedApplication>(id)?.unwrap_or_else(|| application.clone());
        Ok(Outcome { secret: shown.clone(), ..Outcome::of_version(now.object_version) })
    }))
}

/// The rows of the new application's collections.
fn children(ctx: &Ctx, id: Uuid, given: &Given) -> Result<Vec<NewRow>, Fault> {
    let rows = given.children.iter().flat_map(|(collection, rows): &(&Collection, _)| {
        rows.iter().enumerate().map(|(index, row)| (format!("{}/{index}", collection.name), row.clone()))
    });
    rows.map(|(place, row)| NewRow::below(ctx, id, &place, row)).collect()
}

fn check_user(tx: &Tx<'_>, system_user: Option<Uuid>) -> Result<(), Fault> {
    let Some(id) = system_user else { return Ok(()) };
    check_system_user(tx.find::<User>(id)?.as_ref()).map_err(|fault| renamed(fault, name_of))
}

fn update(ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller, id: Uuid, asked: &Asked) -> Result<Outcome, Fault> {
    let before = row::find_locked(tx, id, &asked.condition, version, |_| true)?;
    let changes = row::changes(ctx, &before, asked)?;
    if changes.values.is_empty() {
        return Ok(Outcome::of_version(before.object_version));
    }
    let mut fields = Fields::checked(&changes);
    let (redirect_uris, post_logout_redirect_uris) = ("ImpersonateLoginUrl", "ImpersonateLogoutUrl");
    let update = UpdateApplication {
        name: fields.text("Name"),
        description: fields.given_text("Description").map(Option::unwrap_or_default),
        scopes: fields.has("Scope").then(|| fields.parsed("Scope", Scopes::parse)),
        redirect_uris: fields.has(redirect_uris).then(|| fields.parsed(redirect_uris, addresses)),
        post_logout_redirect_uris: fields
            .has(post_logout_redirect_uris)
            .then(|| fields.parsed(post_logout_redirect_uris, addresses)),
        metadata: fields.has("Metadata").then(|| fields.parsed("Metadata", metadata)),
        reference_tokens: fields.value("ReferenceTokens"),
        access_token_format: fields.value("AccessTokenFormat"),
        is_enabled: fields.value("IsEnabled"),
    };
    let others = Others::read(&fields, Some(&before));
    let system_user = fields.row("SystemUser");
    fields.end()?;
    check_user(tx, system_user)?;
    let after = changed(ctx, &before, update).map_err(|fault| renamed(fault, name_of))?;
    let after = checked_change(&before, others.applied(after))?;
    update_in(ctx, tx, by, before.object_version, &after)?;
    row::set_external::<TrustedApplication>(tx, id, &changes)?;
    Ok(Outcome::of_version(after.object_version))
}

/// The values that no other surface sets.
struct Others {
    basic_authentication_allowed: bool,
    community_users: bool,
    internal_users: bool,
    is_enabled: bool,
    notes: Option<String>,
    system_user: Option<Uuid>,
    system_user_allowed: bool,
    system_user_login_url: Option<String>,
}

impl Others {
    /// Reads the values; those that are not given are as before, or have the defaults of the model.
    fn read(fields: &Fields<'_>, before: Option<&TrustedApplication>) -> Self {
        let truth = |name: &str, own: fn(&TrustedApplication) -> bool, default: bool| {
            fields.value(name).unwrap_or_else(|| before.map_or(default, own))
        };
        let text = |name: &str, own: fn(&TrustedApplication) -> &Option<String>| {
            fields.given_text(name).unwrap_or_else(|| before.and_then(|before| own(before).clone()))
        };
        let system_user = fields.row("SystemUser");
        Self {
            basic_authentication_allowed: truth(
                "BasicAuthenticationAllowed",
                |row| row.basic_authentication_allowed,
                false,
            ),
            community_users: truth(
                "ImpersonateAsCommunityUserAllowed",
                |row| row.impersonate_as_community_user_allowed,
                false,
            ),
            internal_users: truth(
                "ImpersonateAsInternalUserAllowed",
                |row| row.impersonate_as_internal_user_allowed,
                false,
            ),
            is_enabled: truth("IsEnabled", |row| row.is_enabled, true),
            notes: text("Notes", |row| &row.notes),
            system_user: if fields.has("SystemUser") {
                system_user
            } else {
                before.and_then(|before| before.system_user_id)
            },
            system_user_allowed: truth("SystemUserAllowed", |row| row.system_user_allowed, false),
            system_user_login_url: text("SystemUserLoginUrl", |row| &row.system_user_login_url),
        }
    }

    fn applied(self, row: TrustedApplication) -> TrustedApplication {
        TrustedApplication {
            basic_authentication_allowed: self.basic_authentication_allowed,
            impersonate_as_community_user_allowed: self.community_users,
            impersonate_as_internal_user_allowed: self.internal_users,
            is_enabled: self.is_enabled,
            notes: self.notes,
            system_user_id: self.system_user,
            system_user_allowed: self.system_user_allowed,
            system_user_login_url: self.system_user_login_url,
            ..row
        }
    }
}

fn addresses(text: &str) -> Result<Vec<String>, Invalid> {
    let addresses = text.split(',').map(str::trim).filter(|address| !address.is_empty());
    Ok(addresses.map(str::to_owned).collect())
}

fn metadata(text: &str) -> Result<Map<String, Value>, Invalid> {
    if text.is_empty() {
        return Ok(Map::new());
    }
    json::object(text.as_bytes()).map_err(|error| Invalid::Request(error.to_string()))
}

/// Returns the property that a verb calls by another name.
fn name_of(field: &str) -> Option<&'static str> {
    match field {
        "clientId" | "client_id" => Some("ApplicationUri"),
        "scopes" => Some("Scope"),
        "redirectUris" => Some("ImpersonateLoginUrl"),
        "postLogoutRedirectUris" => Some("ImpersonateLogoutUrl"),
        "metadata" => Some("Metadata"),
        "systemUser" => Some("SystemUser"),
        other => TrustedApplication::entity().attribute(other).map(|attribute| attribute.name),
    }
}
