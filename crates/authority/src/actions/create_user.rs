//! Adding users.

use model::entities::{User, UserType};
use store::StoreError;
use token::password::PasswordHash;

use super::session::MAX_PASSWORD;
use crate::validate::checked;
use crate::{Caller, Ctx, Fault, scopes};

/// What is asked for.
pub struct CreateUser {
    /// The name with which the user signs in.
    pub login: String,
    /// The user's name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The password; without one the user cannot sign in.
    pub password: Option<String>,
    /// Whether the user administers the system.
    pub is_admin: bool,
    /// What the user is.
    pub user_type: UserType,
}

/// The shortest password, in characters (NIST SP 800-63B, section 5.1.1.2).
pub const MIN_PASSWORD: usize = 8;

/// Adds a user; for administrators.
pub async fn create_user(ctx: &Ctx, caller: &Caller, asked: CreateUser) -> Result<User, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    let user = prepare(ctx, asked).await?;
    let row = user.clone();
    ctx.transaction(move |_, tx| tx.insert(&row).map_err(login_taken)).await?;
    Ok(user)
}

/// A user that is about to be added, the password hashed.
pub(crate) async fn prepare(ctx: &Ctx, asked: CreateUser) -> Result<User, Fault> {
    let password = match asked.password {
        Some(password) => Some(hash(ctx, password).await?),
        None => None,
    };
    if asked.login.chars().any(char::is_whitespace) {
        return Err(Fault::BadField { field: "login", message: "spaces are not allowed".into() });
    }
    if asked.email.as_ref().is_some_and(|email| !is_email(email)) {
        return Err(Fault::BadField { field: "email", message: "this is not an e-mail address".into() });
    }
    checked(User {
        password,
        is_admin: asked.is_admin,
        email: asked.email,
        ..blank(ctx, asked.login, asked.name, asked.user_type)?
    })
}

/// A user without password, e-mail address and rights.
pub(crate) fn blank(ctx: &Ctx, login: String, name: String, user_type: UserType) -> Result<User, Fault> {
    Ok(User {
        id: ctx.new_id()?,
        object_version: 1,
        external_id: None,
        external_system: None,
        updated_at: Some(ctx.now),
        access_failed_count: 0,
        active: true,
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

pub(crate) async fn hash(ctx: &Ctx, password: String) -> Result<String, Fault> {
    let password = zeroize::Zeroizing::new(password);
    if password.chars().count() < MIN_PASSWORD || password.len() > MAX_PASSWORD {
        let message = format!("a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters");
        return Err(Fault::BadField { field: "password", message });
    }
    let (params, random) = (ctx.settings().password_params, ctx.authority().random.clone());
    let slots = &ctx.authority().password_slots;
    let _slot = slots.acquire().await.map_err(|error| Fault::Unavailable(error.to_string()))?;
    let hashed =
        tokio::task::spawn_blocking(move || PasswordHash::hash(&password, params, random.as_ref())).await;
    Ok(hashed.map_err(|error| Fault::Internal(error.to_string()))??.to_phc().to_string())
}

pub(crate) fn login_taken(error: StoreError) -> Fault {
    match error {
        StoreError::Duplicate => Fault::Conflict("there is a user with this login already".to_owned()),
        other => other.into(),
    }
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !text.chars().any(char::is_whitespace)
    })
}
