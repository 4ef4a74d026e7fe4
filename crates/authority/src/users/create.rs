//! Adding users.

use input::text::Login;
use input::{EmailAddress, Secret, scopes};
use model::entities::{AuditEventType, User, UserType};

use crate::registry::audit::Event;
use crate::registry::names::insert_user;
use crate::sign_in::passwords;
use crate::{Caller, Ctx, Fault, validate};

/// What is asked for.
pub struct CreateUser {
    /// The name with which the user signs in.
    pub login: String,
    /// The user's name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The password; without one the user cannot sign in.
    pub password: Option<Secret>,
    /// Whether the user administers the system.
    pub is_admin: bool,
    /// What the user is.
    pub user_type: UserType,
}

pub use crate::sign_in::passwords::MIN_PASSWORD;

/// Adds a user; for administrators.
pub async fn create_user(ctx: &Ctx, caller: &Caller, asked: CreateUser) -> Result<User, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    let user = prepare(ctx, asked).await?;
    let row = user.clone();
    let by = caller.clone();
    caller
        .transaction(ctx, move |ctx, tx| {
            insert_user(tx, &row)?;
            Event::for_user(AuditEventType::UserCreated, row.id)
                .by(&by)
                .with("login", row.login.as_str())
                .note(ctx, tx)
        })
        .await?;
    Ok(user)
}

/// All that is wrong with what is asked for, so that it can be corrected at once. Whether the login is taken shows
/// when the user is added.
///
/// # Errors
/// Whatever kept it from being checked.
pub async fn faults(ctx: &Ctx, asked: &CreateUser) -> Result<Vec<Fault>, Fault> {
    let mut faults = Vec::from_iter(Login::parse(&asked.login).err().map(Fault::from));
    let row = row(ctx, asked.login.clone(), asked.name.clone(), asked.user_type)?;
    let is_new =
        |fault: &Fault| faults.is_empty() || !matches!(fault, Fault::BadField { field: "Login", .. });
    let others: Vec<Fault> = validate::faults(&row).into_iter().filter(is_new).collect();
    faults.extend(others);
    faults.extend(asked.email.as_deref().and_then(|email| EmailAddress::parse(email).err().map(Fault::from)));
    if let Some(password) = &asked.password {
        let about = [Some(asked.login.as_str()), Some(asked.name.as_str()), asked.email.as_deref()];
        let about: Vec<&str> = about.into_iter().flatten().collect();
        faults.extend(passwords::fault(ctx, password.expose(), &about).await?);
    }
    Ok(faults)
}

/// A user that is about to be added, the password hashed.
pub(crate) async fn prepare(ctx: &Ctx, asked: CreateUser) -> Result<User, Fault> {
    if let Some(first) = faults(ctx, &asked).await?.into_iter().next() {
        return Err(first);
    }
    let password = match &asked.password {
        Some(password) => Some(passwords::hash(ctx, password.expose()).await?),
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

/// A user without password, e-mail address and rights.
pub(crate) fn blank(ctx: &Ctx, login: Login, name: String, user_type: UserType) -> Result<User, Fault> {
    row(ctx, login.into(), name, user_type)
}

fn row(ctx: &Ctx, login: String, name: String, user_type: UserType) -> Result<User, Fault> {
    Ok(User {
        id: ctx.new_id()?,
        object_version: 1,
        external_id: None,
        external_system: None,
        updated_at: Some(ctx.now),
        access_failed_count: 0,
        active: true,
        basic_authentication_allowed: false,
        creation_time_utc: ctx.now,
        default_language: None,
        email: None,
        email_confirmed: false,
        is_admin: false,
        lockout_end_utc: None,
        login,
        name,
        notes: None,
        password: None,
        time_zone: None,
        two_factor_enabled: false,
        user_type,
    })
}
