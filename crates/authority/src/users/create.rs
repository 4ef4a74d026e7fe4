//! Creating users.

use input::text::Login;
use input::{EmailAddress, Secret, scopes};
use model::entities::{AuditEventType, User, UserType};
use store::Tx;

use crate::registry::audit::Event;
use crate::registry::names::insert_user;
use crate::sign_in::passwords;
use crate::users::change::check_admin;
use crate::{Caller, Ctx, Fault, validate};

/// A user to create.
pub struct CreateUser {
    /// The login.
    pub login: String,
    /// The user's name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The password; without one the user cannot sign in.
    pub password: Option<Secret>,
    /// Whether the user is an administrator.
    pub is_admin: bool,
    /// The type of the user.
    pub user_type: UserType,
}

pub use crate::sign_in::passwords::MIN_PASSWORD;

/// Creates a user; for administrators.
pub async fn create_user(ctx: &Ctx, caller: &Caller, asked: CreateUser) -> Result<User, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    let user = prepare(ctx, asked).await?;
    let row = user.clone();
    let by = caller.clone();
    caller.transaction(ctx, move |ctx, tx| insert_in(ctx, tx, &by, &row)).await?;
    Ok(user)
}

/// Adds a user that was prepared.
///
/// # Errors
/// As [`insert_user`].
pub fn insert_in(ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller, user: &User) -> Result<(), Fault> {
    insert_user(tx, user)?;
    let event = Event::for_user(AuditEventType::UserCreated, user.id).by(by);
    event.with("login", user.login.as_str()).note(ctx, tx)
}

/// Returns everything that is wrong with a user to create, except a login that is taken: that is found at the insertion.
///
/// # Errors
/// If the check itself fails.
pub async fn faults(ctx: &Ctx, asked: &CreateUser) -> Result<Vec<Fault>, Fault> {
    let mut faults = Vec::from_iter(Login::parse(&asked.login).err().map(Fault::from));
    let row = row(ctx, asked.login.clone(), asked.name.clone(), asked.user_type)?;
    let is_new =
        |fault: &Fault| faults.is_empty() || !matches!(fault, Fault::BadField { field: "Login", .. });
    let others: Vec<Fault> = validate::faults(&row).into_iter().filter(is_new).collect();
    faults.extend(others);
    faults.extend(asked.email.as_deref().and_then(|email| EmailAddress::parse(email).err().map(Fault::from)));
    faults.extend(check_admin(asked.is_admin, asked.user_type).err());
    if let Some(password) = &asked.password {
        let about = [Some(asked.login.as_str()), Some(asked.name.as_str()), asked.email.as_deref()];
        let about: Vec<&str> = about.into_iter().flatten().collect();
        faults.extend(passwords::fault(ctx, password, &about).await?);
    }
    Ok(faults)
}

/// Prepares the row of a user, with the hash of the password.
pub async fn prepare(ctx: &Ctx, asked: CreateUser) -> Result<User, Fault> {
    if let Some(first) = faults(ctx, &asked).await?.into_iter().next() {
        return Err(first);
    }
    let password = match &asked.password {
        Some(password) => Some(passwords::hash(ctx, password).await?),
        None => None,
    };
    let email = asked.email.as_deref().map(EmailAddress::parse).transpose()?;
    validate::checked(User {
        password,
        is_admin: asked.is_admin,
        email: email.map(|email| email.to_string()),
        ..blank(ctx, Login::parse(&asked.login)?, asked.name, asked.user_type)?
    })
}

/// Returns a user without password, e-mail address and rights.
pub(crate) fn blank(ctx: &Ctx, login: Login, name: String, user_type: UserType) -> Result<User, Fault> {
    row(ctx, login.into(), name, user_type)
}

fn row(ctx: &Ctx, login: String, name: String, user_type: UserType) -> Result<User, Fault> {
    Ok(User { login, name, user_type, ..User::new(ctx.new_id()?, ctx.now) })
}
