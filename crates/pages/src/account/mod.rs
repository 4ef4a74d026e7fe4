//! The page "My sign-in": the user's credentials and sessions.

pub(super) mod authenticator;
mod browser_name;
pub(super) mod email;
pub(super) mod passkeys;
pub(super) mod password;
pub(super) mod providers;
mod qr;
pub(super) mod sessions;

use authority::sign_in::{own_sessions, second_factor};
use authority::{Caller, Fault};
use axum::http::StatusCode;
use axum::response::Response;

use super::views::my_sign_in::{Email, MySignInPage};
use super::views::shell::Section;
use super::visitor::Visitor;

/// The page itself.
pub(super) const PAGE: &str = "/account";

/// Shows the page.
pub(super) async fn show(visitor: Visitor) -> Result<Response, Response> {
    let caller = visitor.signed_in()?;
    let page = page(&visitor, caller).await.map_err(|fault| visitor.reject(&fault))?;
    Ok(visitor.show(StatusCode::OK, &page))
}

async fn page(visitor: &Visitor, caller: &Caller) -> Result<MySignInPage, Fault> {
    let factors = second_factor::factors(&visitor.ctx, caller).await?;
    let sessions = own_sessions::list(&visitor.ctx, caller).await?;
    let own_passkeys = authority::sign_in::passkeys::list(&visitor.ctx, caller).await?;
    let own = caller.session().map(|session| session.id);
    Ok(MySignInPage {
        shell: visitor.shell(Section::SignIn),
        notice: visitor.parameter("done").and_then(|done| notice(&done)),
        has_password: caller.user.password.is_some(),
        linked: providers::linked(visitor, caller).await?,
        providers: providers::offered(visitor, caller),
        email: Email {
            address: caller.user.email.clone(),
            confirmed: caller.user.email_confirmed,
            can_change: visitor.ctx.settings().sends_mail,
        },
        totp: factors.totp,
        passkey: passkeys::new(visitor, caller, &own_passkeys)?,
        passkeys: own_passkeys.into_iter().map(passkeys::line).collect(),
        recovery_codes: factors.any().then_some(factors.recovery_codes),
        sessions: sessions.iter().map(|session| sessions::line(visitor, session, own)).collect(),
    })
}

/// Returns the notice for what was done. The address only names it, so that no other site can choose the text.
fn notice(done: &str) -> Option<String> {
    let text = match done {
        "password" => "The password was changed, and you were signed out everywhere else.",
        "email" => "A link was sent to the address. Open it to confirm that the address is yours.",
        "app" => "The authenticator app was added.",
        "app-removed" => "The authenticator app was removed.",
        "passkey" => "The passkey was added.",
        "passkey-removed" => "The passkey was removed.",
        "linked" => "The account was linked. You can sign in with it from now on.",
        "unlinked" => "The account was unlinked.",
        "session" => "The other browser was signed out.",
        "sessions" => "You were signed out everywhere else.",
        _ => return None,
    };
    Some(text.to_owned())
}
