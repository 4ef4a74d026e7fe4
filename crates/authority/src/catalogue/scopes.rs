//! Managing the scopes of the catalogue.

use input::scopes::{self, BUILT_IN, BuiltIn, REGISTRATION, UNKNOWN};
use model::Value;
use model::entities::{Scope, TrustedApplication};
use store::{Change, StoreError, Tx};

use crate::registry::audit::Event;
use crate::validate::{checked, checked_change};
use crate::{Caller, Ctx, Fault, Scopes, catalogue};

/// A scope to create.
#[derive(Clone, Debug)]
pub struct CreateScope {
    /// The name in the parameter `scope`.
    pub name: String,
    /// The display name.
    pub display_name: String,
    /// The description on the consent page.
    pub description: Option<String>,
    /// Whether clients that register themselves have it.
    pub is_default: bool,
    /// Whether the metadata of the issuer list it.
    pub is_listed: bool,
    /// Whether it is effective for administrators only.
    pub administrators_only: bool,
}

/// A change of a scope; absent fields keep their values.
#[derive(Clone, Debug, Default)]
pub struct ChangeScope {
    /// The display name.
    pub display_name: Option<String>,
    /// The description; empty for none.
    pub description: Option<String>,
    /// Whether clients that register themselves have it.
    pub is_default: Option<bool>,
    /// Whether the metadata of the issuer list it.
    pub is_listed: Option<bool>,
    /// Whether it is effective for administrators only.
    pub administrators_only: Option<bool>,
    /// Whether it is effective; false retires it, also for existing tokens.
    pub is_active: Option<bool>,
}

/// Creates a scope; for administrators.
///
/// # Errors
/// [`Fault::BadField`] for an invalid name; [`Fault::Conflict`] if the name is taken.
pub async fn create_scope(ctx: &Ctx, caller: &Caller, asked: CreateScope) -> Result<Scope, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    let row = prepare(ctx, asked)?;
    let (added, by) = (row.clone(), caller.clone());
    caller.transaction(ctx, move |ctx, tx| insert_in(ctx, tx, &by, &added)).await?;
    Ok(row)
}

/// A permission that is about to be added.
///
/// # Errors
/// [`Fault::BadField`] for what cannot be its name.
pub fn prepare(ctx: &Ctx, asked: CreateScope) -> Result<Scope, Fault> {
    let bad = |message: &str| Fault::BadField { field: "name", message: message.to_owned() };
    if Scopes::from_names([&asked.name]).is_err() {
        return Err(bad("a scope has 1 to 64 visible ASCII characters, without quotes and backslashes"));
    }
    if asked.name == REGISTRATION {
        return Err(bad("this name is the program's own"));
    }
    checked(Scope {
        description: given(asked.description),
        administrators_only: asked.administrators_only,
        is_default: asked.is_default,
        is_listed: asked.is_listed,
        ..blank(ctx, asked.name, asked.display_name)?
    })
}

/// Adds a permission that was prepared.
///
/// # Errors
/// [`Fault::Conflict`] where the name is taken.
pub fn insert_in(ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller, added: &Scope) -> Result<(), Fault> {
    tx.insert(added).map_err(|error| match error {
        StoreError::Duplicate => Fault::Conflict("there is a scope with this name already".to_owned()),
        other => other.into(),
    })?;
    tx.note_catalogue_changed()?;
    Event::for_catalogue("scope", &added.name).by(by).note(ctx, tx)
}

/// Changes or retires a scope; for administrators.
///
/// # Errors
/// [`Fault::NotFound`] if there is none with this name; [`Fault::Conflict`] for one that is part of the product.
pub async fn change_scope(
    ctx: &Ctx,
    caller: &Caller,
    name: &str,
    asked: ChangeScope,
) -> Result<Scope, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    let name = name.to_owned();
    let by = caller.clone();
    caller
        .transaction(ctx, move |ctx, tx| {
            let found =
                find(tx, &name)?.ok_or_else(|| Fault::NotFound("there is no such scope".to_owned()))?;
            update_in(ctx, tx, &by, found, asked.clone())
        })
        .await
}

/// Changes a permission in a transaction, as [`change_scope`].
pub fn update_in(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    found: Scope,
    asked: ChangeScope,
) -> Result<Scope, Fault> {
    if found.is_built_in {
        return Err(Fault::Conflict(format!(
            "the scope '{}' is part of the product and stays what it is",
            found.name
        )));
    }
    let row = checked_change(&found.clone(), changed(found, asked))?;
    write(ctx, tx, &row)?;
    tx.note_catalogue_changed()?;
    Event::for_catalogue("scope", &row.name).by(by).note(ctx, tx)?;
    Ok(Scope { object_version: row.object_version + 1, updated_at: Some(ctx.now), ..row })
}

fn changed(found: Scope, asked: ChangeScope) -> Scope {
    Scope {
        display_name: asked.display_name.unwrap_or(found.display_name),
        description: asked.description.map_or(found.description, |text| given(Some(text))),
        is_default: asked.is_default.unwrap_or(found.is_default),
        is_listed: asked.is_listed.unwrap_or(found.is_listed),
        administrators_only: asked.administrators_only.unwrap_or(found.administrators_only),
        is_active: asked.is_active.unwrap_or(found.is_active),
        ..found
    }
}

pub(super) fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

fn find(tx: &Tx<'_>, name: &str) -> Result<Option<Scope>, StoreError> {
    tx.find_by(Scope::Name, &Value::Text(name.to_owned()))
}

fn write(ctx: &Ctx, tx: &mut Tx<'_>, row: &Scope) -> Result<bool, StoreError> {
    tx.change(
        Change::new::<Scope>(row.id, ctx.now)
            .set(Scope::DisplayName, &row.display_name)
            .set(Scope::Description, &row.description)
            .set(Scope::IsDefault, &row.is_default)
            .set(Scope::IsListed, &row.is_listed)
            .set(Scope::IsReserved, &row.is_reserved)
            .set(Scope::IsBuiltIn, &row.is_built_in)
            .set(Scope::AdministratorsOnly, &row.administrators_only)
            .set(Scope::IsActive, &row.is_active),
    )
}

/// Returns a scope with names and default values.
fn blank(ctx: &Ctx, name: String, display_name: String) -> Result<Scope, Fault> {
    Ok(Scope { display_name, is_listed: false, name, ..Scope::new(ctx.new_id()?, ctx.now) })
}

/// Returns the row of a built-in scope, in the place of the row that the registry has.
fn instead_of(built_in: &BuiltIn, before: Scope) -> Scope {
    Scope {
        display_name: built_in.display_name.to_owned(),
        description: Some(built_in.description.to_owned()),
        administrators_only: built_in.administrators_only,
        is_active: true,
        is_built_in: true,
        is_default: built_in.is_default,
        is_listed: !built_in.is_reserved,
        is_reserved: built_in.is_reserved,
        ..before
    }
}

/// The fact that the scopes of an older registry without a catalogue were taken over.
const TAKEN_OVER_FACT: &str = "scopes_taken_over";
/// How many clients are read at once.
const AT_ONCE: u64 = 500;

/// Writes the built-in scopes of this version into the catalogue. The first time, also adds the scopes that clients were
/// granted before there was a catalogue.
pub(crate) async fn seed_catalogue(ctx: &Ctx) -> Result<(), Fault> {
    let known = catalogue::current(ctx).await?;
    let is_current = |built_in: &BuiltIn| {
        let found = known.scopes().iter().find(|scope| scope.name == built_in.name);
        found.is_some_and(|found| instead_of(built_in, found.clone()) == *found)
    };
    if BUILT_IN.iter().all(is_current) {
        return Ok(());
    }
    ctx.transaction(|ctx, tx| {
        // Of several programs that start at once, one does this; the others wait here.
        tx.note_catalogue_changed()?;
        for built_in in &BUILT_IN {
            match find(tx, built_in.name)? {
                Some(found) => drop(write(ctx, tx, &instead_of(built_in, found))?),
                None => {
                    let row = blank(ctx, built_in.name.to_owned(), built_in.display_name.to_owned())?;
                    tx.insert(&instead_of(built_in, row))?;
                }
            }
        }
        if tx.add_fact(TAKEN_OVER_FACT, "1")? { take_over(ctx, tx) } else { Ok(()) }
    })
    .await?;
    catalogue::current(ctx).await.map(drop)
}

fn take_over(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
    let mut names = Scopes::known(tx.list_granted_scopes()?.iter().map(String::as_str));
    let mut after = None;
    loop {
        let applications: Vec<TrustedApplication> = tx.list_after(after, AT_ONCE)?;
        for application in &applications {
            names = names.and(&Scopes::stored(application.scope.as_deref()));
        }
        after = applications.last().map(|application| application.id);
        if after.is_none() {
            break;
        }
    }
    for name in names.iter().filter(|name| *name != REGISTRATION) {
        // Scopes of clients of another program that are not valid names are skipped.
        if Scopes::from_names([name]).is_ok() && find(tx, name)?.is_none() {
            let row = blank(ctx, name.to_owned(), name.to_owned())?;
            tx.insert(&Scope { description: Some(UNKNOWN.to_owned()), ..row })?;
        }
    }
    Ok(())
}
