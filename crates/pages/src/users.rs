//! The pages on which administrators manage the sign-ins of users.

use authority::registry::{names, query};
use authority::{Caller, Fault, tokens, users};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::entities::{GrantKind, User};
use model::query::{Comparison, Condition, Literal, Object, OrderBy, Query};
use model::{Record as _, Uuid, Value};
use web::http::encode_form;

use super::account::sessions;
use super::forms::{Body, Form};
use super::tokens::{HANDED_OVER, made_row, revoked};
use super::views::shell::Section;
use super::views::users::{EndUserPage, Ending, ResetFactorPage, UserFacts, UserPage, UsersPage};
use super::visitor::{Visitor, see_other};

const PAGE: &str = "/users";
/// The page of one user.
pub(super) const ONE: &str = "/users/one";

/// How many users a page shows.
const ROWS: u64 = 50;

/// The attributes that the pages show.
const SHOWN: [&str; 9] = [
    "Login",
    "Name",
    "Email",
    "EmailConfirmed",
    "Active",
    "IsAdmin",
    "UserType",
    "TwoFactorEnabled",
    "LockoutEndUtc",
];

/// Shows the users by their logins.
pub(super) async fn show(visitor: Visitor) -> Result<Response, Response> {
    let caller = visitor.administrator(PAGE)?;
    let page = page(&visitor, caller, StatusCode::OK, String::new(), None).await;
    page.map_err(|fault| visitor.reject(&fault))
}

/// Redirects to the user whose login was entered.
pub(super) async fn find(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = visitor.sent_by_administrator(PAGE, body)?;
    let login = form.get("login").trim();
    let found = user(&visitor, caller, login).await.map_err(|fault| visitor.reject(&fault))?;
    if found.is_some() {
        return Ok(see_other(ONE, &[("login", login)]));
    }
    let error = Some("There is no user with this login.".to_owned());
    let page = page(&visitor, caller, StatusCode::NOT_FOUND, login.to_owned(), error).await;
    page.map_err(|fault| visitor.reject(&fault))
}

async fn page(
    visitor: &Visitor,
    caller: &Caller,
    status: StatusCode,
    login: String,
    error: Option<String>,
) -> Result<Response, Fault> {
    let after = visitor.parameter("after").and_then(|text| parse_position(&text));
    let is_first = after.is_none();
    let query = Query {
        after,
        order_by: vec![OrderBy { name: "Login".into(), descending: false }],
        top: Some(ROWS),
        ..shown()
    };
    let page = query::page(&visitor.ctx, caller, User::entity(), &query).await?;
    let next = page.next.as_deref().and_then(position);
    let next = next.map(|position| format!("{PAGE}?{}", encode_form([("after", position.as_str())])));
    let users = page.objects.iter().map(|object| facts(visitor, object)).collect();
    let shell = visitor.shell(Section::Users);
    let notice = visitor.parameter("done").and_then(|done| notice(&done));
    Ok(visitor.show(status, &UsersPage { shell, login, error, users, notice, is_first, next }))
}

fn shown() -> Query {
    Query { select: SHOWN.iter().map(|name| (*name).into()).collect(), ..Query::default() }
}

/// Returns a position as the address of the next page carries it: the identifier and the login.
fn position(next: &[Value]) -> Option<String> {
    match next {
        [Value::Text(login), Value::Guid(id)] => Some(format!("{id}.{login}")),
        _ => None,
    }
}

fn parse_position(text: &str) -> Option<Vec<Value>> {
    let (id, login) = text.split_once('.')?;
    Some(vec![Value::Text(login.to_owned()), Value::Guid(Uuid::parse_str(id).ok()?)])
}

/// Finds a user by login.
async fn user(visitor: &Visitor, caller: &Caller, login: &str) -> Result<Option<UserFacts>, Fault> {
    let Some(login) = names::find_login(&visitor.ctx, login).await? else { return Ok(None) };
    let login = Literal::Text(login);
    let filter = Some(Condition::Compare(vec!["Login".into()], Comparison::Eq, login));
    let query = Query { filter, top: Some(1), ..shown() };
    let page = query::page(&visitor.ctx, caller, User::entity(), &query).await?;
    Ok(page.objects.first().map(|object| facts(visitor, object)))
}

fn facts(visitor: &Visitor, object: &Object) -> UserFacts {
    let text = |name: &str| object.text(name);
    let is = |name: &str| matches!(object.value(name), Some(Value::Bool(true)));
    let locked_until = match object.value("LockoutEndUtc") {
        Some(Value::Time(end)) if *end > visitor.ctx.now => Some(*end),
        _ => None,
    };
    UserFacts {
        id: object.id,
        login: text("Login").unwrap_or_default(),
        name: text("Name").unwrap_or_default(),
        email: text("Email"),
        email_confirmed: is("EmailConfirmed"),
        is_active: is("Active"),
        is_admin: is("IsAdmin"),
        has_second_factor: is("TwoFactorEnabled"),
        locked_until,
    }
}

/// Shows a user with the sessions.
pub(super) async fn show_one(visitor: Visitor) -> Result<Response, Response> {
    let caller = visitor.administrator(PAGE)?;
    let login = visitor.parameter("login").unwrap_or_default();
    let page = one(&visitor, caller, &login).await.map_err(|fault| visitor.reject(&fault))?;
    Ok(visitor.show(StatusCode::OK, &page))
}

async fn get(visitor: &Visitor, caller: &Caller, login: &str) -> Result<UserFacts, Fault> {
    let unknown = || Fault::NotFound("there is no such user".to_owned());
    user(visitor, caller, login).await?.ok_or_else(unknown)
}

async fn one(visitor: &Visitor, caller: &Caller, login: &str) -> Result<UserPage, Fault> {
    let user = get(visitor, caller, login).await?;
    let sessions = users::list_sessions(&visitor.ctx, caller, &user.login).await?;
    let has_own_name = names::has_own_name(&visitor.ctx, &user.login).await?;
    let made = tokens::made_by(&visitor.ctx, user.id).await?;
    let own = caller.session().map(|session| session.id);
    Ok(UserPage {
        shell: visitor.shell(Section::Users),
        notice: done(visitor),
        is_own: user.id == caller.user.id,
        user,
        has_own_name,
        made: made.iter().map(made_row).collect(),
        sessions: sessions.iter().map(|session| sessions::line(visitor, session, own)).collect(),
    })
}

/// Returns the notice for what was done. The address only names it, so that no other site can choose the text.
fn done(visitor: &Visitor) -> Option<String> {
    if visitor.parameter("handed-over").is_some() {
        return Some(HANDED_OVER.to_owned());
    }
    let revoked = visitor.parameter("revoked").and_then(|count| revoked(&count));
    revoked.or_else(|| visitor.parameter("done").and_then(|done| notice(&done)))
}

fn notice(done: &str) -> Option<String> {
    let text = match done {
        "unlock" => "The wrong passwords and codes are forgotten.",
        "reset" => "The second factors were removed, and the user was signed out everywhere.",
        "session" => "The session was ended.",
        "sessions" => "The user was signed out everywhere.",
        "disable" => "The user was disabled.",
        "enable" => "The user was enabled. Nothing that ended comes back.",
        "delete" => "The user was deleted.",
        _ => return None,
    };
    Some(text.to_owned())
}

/// Unlocks, enables, signs out, or after a confirmation disables, deletes or removes the second factors.
pub(super) async fn act(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = visitor.sent_by_administrator(PAGE, body)?;
    acted(&visitor, caller, &form).await.map_err(|fault| visitor.sign_in_or_reject(&fault, PAGE))
}

async fn acted(visitor: &Visitor, caller: &Caller, form: &Form) -> Result<Response, Fault> {
    let (ctx, login) = (&visitor.ctx, form.get("login"));
    let done = match (form.get("act"), form.get("confirm")) {
        ("unlock", _) => {
            users::unlock(ctx, caller, login).await?;
            "unlock"
        }
        ("reset", "yes") => {
            users::reset_second_factor(ctx, caller, login).await?;
            "reset"
        }
        ("reset", _) => {
            let (shell, user) = (visitor.shell(Section::Users), get(visitor, caller, login).await?);
            return Ok(visitor.show(StatusCode::OK, &ResetFactorPage { shell, user }));
        }
        ("enable", _) => {
            users::enable(ctx, caller, login).await?;
            "enable"
        }
        ("disable" | "delete", "yes") => return ended(visitor, caller, login, form.get("act")).await,
        ("disable" | "delete", _) => return ask_to_end(visitor, caller, login, form.get("act")).await,
        ("sign-out", _) => signed_out(visitor, caller, login, form.get("session")).await?,
        _ => return Err(Fault::InvalidRequest("there is no such button".to_owned())),
    };
    let fields = encode_form([("login", login), ("done", done)]);
    Ok(Redirect::to(&format!("{ONE}?{fields}")).into_response())
}

/// Ends one session, or all if none is named.
async fn signed_out(
    visitor: &Visitor,
    caller: &Caller,
    login: &str,
    session: &str,
) -> Result<&'static str, Fault> {
    if session.is_empty() {
        users::sign_out(&visitor.ctx, caller, login, None).await?;
        return Ok("sessions");
    }
    let unknown = |_| Fault::NotFound("there is no such session".to_owned());
    let id = Uuid::parse_str(session).map_err(unknown)?;
    users::sign_out(&visitor.ctx, caller, login, Some(id)).await?;
    Ok("session")
}

/// Shows what ends for a user.
async fn ask_to_end(visitor: &Visitor, caller: &Caller, login: &str, act: &str) -> Result<Response, Fault> {
    let ending = Ending::from_name(act).unwrap_or(Ending::Disable);
    let user = get(visitor, caller, login).await?;
    let effects = users::preview_disable(&visitor.ctx, caller, &user.login).await?;
    let mut ends = vec![format!("Sessions: {}", effects.sessions)];
    ends.extend(effects.grants.iter().map(|(kind, count)| format!("{}: {count}", kind_name(*kind))));
    let service_tokens = effects.to_hand_over.len();
    let shell = visitor.shell(Section::Users);
    Ok(visitor.show(StatusCode::OK, &EndUserPage { shell, user, ending, ends, service_tokens }))
}

const fn kind_name(kind: GrantKind) -> &'static str {
    match kind {
        GrantKind::PersonalAccessToken => "Personal access tokens",
        GrantKind::ServiceAccessToken => "Service access tokens",
        GrantKind::ReferenceToken => "Access tokens of applications",
        GrantKind::RefreshToken => "Refresh tokens",
        GrantKind::AuthorizationCode => "Authorization codes",
        GrantKind::DeviceCode => "Device codes",
        GrantKind::BackchannelRequest => "Sign-in requests",
        GrantKind::UserConsent => "Consents",
    }
}

/// Disables or deletes a user.
async fn ended(visitor: &Visitor, caller: &Caller, login: &str, act: &str) -> Result<Response, Fault> {
    let ctx = &visitor.ctx;
    let to = match Ending::from_name(act) {
        Some(Ending::Delete) => {
            users::delete(ctx, caller, login).await?;
            format!("{PAGE}?{}", encode_form([("done", act)]))
        }
        _ => {
            users::disable(ctx, caller, login).await?;
            format!("{ONE}?{}", encode_form([("login", login), ("done", act)]))
        }
    };
    Ok(Redirect::to(&to).into_response())
}
