//! Users: administrators create, change and delete them; users set what is theirs.

use model::entities::{User, UserType};
use model::writing::{FieldError, Given, Intent};
use model::{Record as _, Uuid};
use store::Tx;

use super::fields::{Fields, renamed};
use super::row::{self, Asked};
use super::{Action, Outcome, Step, not_writable};
use authority::users::change::{UpdateUser, delete_in, update_in};
use authority::users::create::{self, CreateUser, insert_in};
use authority::validate::checked;
use authority::{Caller, Ctx, Fault};

pub(super) async fn prepare(ctx: &Ctx, caller: &Caller, id: Uuid, action: Action) -> Result<Step, Fault> {
    let by = caller.clone();
    match action {
        Action::Create(given) => create(ctx, caller, id, given).await,
        Action::Update { given, replaces, condition } => {
            let asked = Asked { given, replaces, condition };
            Ok(Box::new(move |ctx, tx| update(ctx, tx, &by, id, &asked)))
        }
        Action::Delete(condition) => Ok(Box::new(move |ctx, tx| {
            let user = row::find(tx, id, &condition, version, |user| may_see(ctx, &by, user))?;
            delete_in(ctx, tx, &by, &user)?;
            Ok(Outcome::default())
        })),
        Action::Call { .. } => Err(not_writable(User::entity())),
    }
}

fn version(user: &User) -> i32 {
    user.object_version
}

fn may_see(ctx: &Ctx, by: &Caller, user: &User) -> bool {
    by.may_manage(ctx, Some(user.id))
}

async fn create(ctx: &Ctx, caller: &Caller, id: Uuid, given: Given) -> Result<Step, Fault> {
    caller.require_administrator(ctx)?;
    let mut fields = Fields::check(User::entity(), Intent::Create { owner: None }, &given);
    let asked = CreateUser {
        login: fields.text("Login").unwrap_or_default(),
        name: fields.text("Name").unwrap_or_default(),
        email: fields.text("Email"),
        password: None,
        is_admin: fields.value("IsAdmin").unwrap_or_default(),
        user_type: fields.value("UserType").unwrap_or(UserType::InternalUser),
    };
    for fault in create::faults(ctx, &asked).await? {
        if let Fault::BadFields(errors) = renamed(fault, name_of) {
            errors.into_iter().for_each(|FieldError { target, message, .. }| fields.refuse(&target, message));
        }
    }
    let (active, notes) = (fields.value("Active").unwrap_or(true), fields.text("Notes"));
    let basic_authentication_allowed = fields.value("BasicAuthenticationAllowed").unwrap_or(false);
    let (default_language, time_zone) = (fields.text("DefaultLanguage"), fields.text("TimeZone"));
    fields.end()?;
    let user = create::prepare(ctx, asked).await.map_err(|fault| renamed(fault, name_of))?;
    let user = User { id, active, basic_authentication_allowed, notes, default_language, time_zone, ..user };
    let user = checked(user)?;
    let by = caller.clone();
    Ok(Box::new(move |ctx, tx| {
        insert_in(ctx, tx, &by, &user)?;
        row::set_external::<User>(tx, id, &given)?;
        Ok(Outcome::of_version(user.object_version))
    }))
}

fn update(ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller, id: Uuid, asked: &Asked) -> Result<Outcome, Fault> {
    let user = row::find_locked(tx, id, &asked.condition, version, |user| may_see(ctx, by, user))?;
    let changes = row::changes(ctx, &user, asked)?;
    if changes.values.is_empty() {
        return Ok(Outcome::of_version(user.object_version));
    }
    if row::has_external(&changes) {
        by.require_administrator(ctx)?;
    }
    let fields = Fields::checked(&changes);
    let update = UpdateUser {
        name: fields.text("Name"),
        email: fields.given_text("Email"),
        is_admin: fields.value("IsAdmin"),
        active: fields.value("Active"),
        basic_authentication_allowed: fields.value("BasicAuthenticationAllowed"),
        default_language: fields.given_text("DefaultLanguage"),
        time_zone: fields.given_text("TimeZone"),
        notes: fields.given_text("Notes"),
    };
    fields.end()?;
    let after = update_in(ctx, tx, by, &user, &update).map_err(|fault| renamed(fault, name_of))?;
    row::set_external::<User>(tx, id, &changes)?;
    Ok(Outcome::of_version(after.object_version))
}

/// Returns the property that a verb calls by another name.
fn name_of(field: &str) -> Option<&'static str> {
    match field {
        "email" | "Email" => Some("Email"),
        "login" | "Login" => Some("Login"),
        "name" | "Name" => Some("Name"),
        "IsAdmin" => Some("IsAdmin"),
        other => User::entity().attribute(other).map(|attribute| attribute.name),
    }
}
