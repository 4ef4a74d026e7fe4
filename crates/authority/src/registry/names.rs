//! The names of users and clients: finding a user by a login, and refusing new names that look like existing ones.

use std::collections::BTreeSet;

use input::EmailAddress;
use input::text::{Login, identifier_look, name_look, word_looks};
use model::entities::{TrustedApplication, User};
use model::{Uuid, Value};
use store::{NameKind, Read, StoreError, Tx};

use crate::{ClientMetadata, Ctx, Fault};

/// Finds the user of an entered login: an exact match, otherwise one of its canonical form. Both are always looked up, so that
/// the time does not disclose whether the user exists.
pub fn find_user(read: &Read<'_>, typed: &str) -> Result<Option<User>, StoreError> {
    let canonical = Login::canonical(typed).map(String::from).unwrap_or_default();
    let named = read.find_name(NameKind::Login, &canonical)?;
    let exact: Option<User> = read.find_by(User::Login, &Value::Text(typed.to_owned()))?;
    match (exact, named) {
        (None, Some(id)) => read.find(id),
        (exact, _) => Ok(exact),
    }
}

/// Returns the login of the user of an entered login.
///
/// # Errors
/// If the registry cannot be read.
pub async fn find_login(ctx: &Ctx, typed: &str) -> Result<Option<String>, Fault> {
    let typed = typed.to_owned();
    let found = ctx.store().read(move |read| find_user(read, &typed)).await?;
    Ok(found.map(|user| user.login))
}

/// Returns whether all spellings of a login find its user: an older program allowed similar logins.
///
/// # Errors
/// If the registry cannot be read.
pub async fn has_own_name(ctx: &Ctx, login: &str) -> Result<bool, Fault> {
    let key = Value::Text(login.to_owned());
    let has = ctx.store().read(move |read| {
        let Some(user) = read.find_by::<User>(User::Login, &key)? else { return Ok(false) };
        let mut has = true;
        for kind in [NameKind::Login, NameKind::LoginLook] {
            let name = name_of(kind, &user).unwrap_or_default();
            has &= read.find_name(kind, &name)? == Some(user.id);
        }
        Ok::<_, StoreError>(has)
    });
    Ok(has.await?)
}

/// Inserts a user.
///
/// # Errors
/// [`Fault::Conflict`] if another user has the login, a similar one, or the confirmed address.
pub(crate) fn insert_user(tx: &mut Tx<'_>, user: &User) -> Result<(), Fault> {
    let taken = || Fault::Conflict("there is a user with this login already".to_owned());
    let login = Login::parse(&user.login)?;
    if !claim(tx, NameKind::Login, login.as_str(), user.id)? {
        return Err(taken());
    }
    if !claim(tx, NameKind::LoginLook, &login.look(), user.id)? {
        return Err(Fault::Conflict("there is a user whose login looks like this one".to_owned()));
    }
    tx.insert(user)
        .map_err(|error| if matches!(error, StoreError::Duplicate) { taken() } else { error.into() })?;
    match user.email.as_deref().filter(|_| user.email_confirmed) {
        Some(address) => claim_address(tx, user.id, &EmailAddress::parse(address)?),
        None => Ok(()),
    }
}

/// Claims a name of a user. A name whose holder has changed it is free.
fn claim(tx: &mut Tx<'_>, kind: NameKind, name: &str, user: Uuid) -> Result<bool, StoreError> {
    if tx.claim_name(kind, name, user)? {
        return Ok(true);
    }
    let Some(holder) = tx.find_name(kind, name)? else { return Ok(false) };
    let row: Option<User> = tx.find(holder)?;
    if row.is_some_and(|row| name_of(kind, &row).as_deref() == Some(name)) {
        return Ok(false);
    }
    tx.release_names(kind, holder)?;
    tx.claim_name(kind, name, user)
}

/// Claims an address that a user has confirmed.
///
/// # Errors
/// [`Fault::Conflict`] if another user has confirmed it.
pub(crate) fn claim_address(tx: &mut Tx<'_>, user: Uuid, address: &EmailAddress) -> Result<(), Fault> {
    if claim(tx, NameKind::Address, &address.canonical(), user)? {
        return Ok(());
    }
    Err(Fault::Conflict("another user has confirmed this address".to_owned()))
}

/// Inserts a client.
///
/// # Errors
/// [`Fault::Conflict`] if another client has or had the client_id, or a similar one.
pub(crate) fn insert_application(tx: &mut Tx<'_>, application: &TrustedApplication) -> Result<(), Fault> {
    let taken = || Fault::Conflict("there is an application with this client id already".to_owned());
    tx.insert(application)
        .map_err(|error| if matches!(error, StoreError::Duplicate) { taken() } else { error.into() })?;
    let look = identifier_look(&application.application_uri);
    if !tx.claim_name(NameKind::ClientLook, &look, application.id)? {
        let message = "there is or was an application whose client id looks like this one";
        return Err(Fault::Conflict(message.to_owned()));
    }
    note_name(tx, application)
}

/// Claims the name of a client that an administrator registered, so that a client that registers itself cannot use it.
pub(crate) fn note_name(tx: &mut Tx<'_>, application: &TrustedApplication) -> Result<(), Fault> {
    if ClientMetadata::stored(application.metadata.as_deref())?.registered_itself {
        return Ok(());
    }
    Ok(tx.note_application_look(application.id, &name_look(&application.name))?)
}

/// The name of the product, which clients that register themselves cannot use.
const PRODUCT: &str = "Grantor";

/// The origin of the registration of a client.
pub enum Origin {
    /// An administrator.
    Administrator,
    /// The client itself.
    Itself {
        /// The similar name of a client of an administrator, or of the product.
        looks_like: Option<String>,
    },
}

/// Returns who registered a client.
///
/// # Errors
/// If the registry cannot be read.
pub async fn origin(ctx: &Ctx, application: &TrustedApplication) -> Result<Origin, Fault> {
    if !ClientMetadata::stored(application.metadata.as_deref())?.registered_itself {
        return Ok(Origin::Administrator);
    }
    let look = name_look(&application.name);
    let known =
        ctx.store().read(move |read| read.find_known_application(&look)).await?.map(|known| known.name);
    let product = identifier_look(PRODUCT);
    let names_product = name_look(&application.name).starts_with(&product)
        || word_looks(&application.name).contains(&product);
    Ok(Origin::Itself { looks_like: known.or_else(|| names_product.then(|| PRODUCT.to_owned())) })
}

/// How many rows one transaction processes.
const BATCH: u64 = 200;

/// Names that could not be claimed. They stay in use; an administrator should look at them.
#[derive(Debug, Default)]
pub struct Unnamed {
    /// Logins that are similar to another one, or not allowed for new users.
    pub logins: BTreeSet<String>,
    /// Logins of users whose confirmed address another user has confirmed as well.
    pub addresses: BTreeSet<String>,
}

/// Claims the names of users and clients that an older program inserted. Logins in their canonical form have priority.
///
/// # Errors
/// If the registry cannot be read or written.
pub async fn name_all(ctx: &Ctx) -> Result<Unnamed, Fault> {
    let mut unnamed = Unnamed::default();
    for kind in [NameKind::Login, NameKind::LoginLook] {
        name_users(ctx, kind, true).await?;
        unnamed.logins.extend(name_users(ctx, kind, false).await?);
    }
    unnamed.addresses = name_users(ctx, NameKind::Address, false).await?;
    name_applications(ctx).await?;
    Ok(unnamed)
}

/// Returns the name of a kind that a user should have.
fn name_of(kind: NameKind, user: &User) -> Option<String> {
    let canonical = Login::canonical(&user.login).map(String::from);
    match kind {
        NameKind::Login => canonical,
        NameKind::LoginLook => Some(identifier_look(&canonical.unwrap_or_else(|| user.login.clone()))),
        NameKind::Address => {
            let confirmed = user.email.as_deref().filter(|_| user.email_confirmed);
            confirmed.and_then(|text| EmailAddress::parse(text).ok()).map(|own| own.canonical())
        }
        NameKind::ClientLook => None,
    }
}

/// Claims missing names of users. Returns the logins of users whose names are taken.
async fn name_users(ctx: &Ctx, kind: NameKind, only_canonical: bool) -> Result<BTreeSet<String>, Fault> {
    let (mut after, mut unnamed) = (None, BTreeSet::new());
    loop {
        let users = ctx.store().read(move |read| read.list_users_without_name(kind, after, BATCH)).await?;
        let Some(last) = users.last() else { return Ok(unnamed) };
        after = Some(last.id);
        let is_meant = move |user: &User| {
            !only_canonical || name_of(NameKind::Login, user).as_deref() == Some(user.login.as_str())
        };
        let refused = ctx.transaction(move |_, tx| {
            let mut refused = Vec::new();
            for user in users.iter().filter(|user| is_meant(user)) {
                let is_named = match name_of(kind, user) {
                    Some(name) => tx.claim_name(kind, &name, user.id)?,
                    None => false,
                };
                if !is_named {
                    refused.push(user.login.clone());
                }
            }
            Ok(refused)
        });
        unnamed.extend(refused.await?);
    }
}

async fn name_applications(ctx: &Ctx) -> Result<(), Fault> {
    let mut after = None;
    loop {
        let found = ctx.store().read(move |read| read.list_applications_without_name(after, BATCH)).await?;
        let Some(last) = found.last() else { return Ok(()) };
        after = Some(last.id);
        ctx.transaction(move |_, tx| {
            for application in &found {
                tx.claim_name(
                    NameKind::ClientLook,
                    &identifier_look(&application.application_uri),
                    application.id,
                )?;
                note_name(tx, application)?;
            }
            Ok(())
        })
        .await?;
    }
}
