use authority::Fault;
use authority::sign_in::known_browsers;
use authority::sign_in::passkeys::{self, Answer};
use authority::sign_in::session::{SignIn, SignedIn, sign_in};
use authority::sign_out::Ended;
use authority::sign_out::end_session::end_session;
use authority::upstream::Provider;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use web::http::cookies::{
    cookie, cookie_name, known_cookie_name, mfa_cookie_name, remove_cookie, set_cookie, set_lasting_cookie,
};
use web::http::{advise, encode_form};

use super::forms::{Body, Form};
use super::redirects::redirect_to_page;
use super::sentences::sentence;
use super::signed_out::{forget_cookie, signed_out};
use super::views::providers::ProviderLink;
use super::views::shell::Section;
use super::views::sign_in::{PasskeyChallenge, SignInPage};
use super::visitor::{Visitor, see_other};

/// The page after a sign-in without a return location.
const HOME: &str = "/tokens";
/// The page after a sign-out.
const START: &str = "/";

/// The page to sign in.
pub(super) async fn show(visitor: Visitor) -> Response {
    let return_to = local_path(&visitor.parameter("return_to").unwrap_or_default());
    // A client may require a signed-in user to authenticate again.
    if visitor.parameter("again").is_none() {
        if visitor.caller.is_some() {
            return redirect_to_page(&return_to);
        }
        if visitor.pending_mfa.is_some() {
            return see_other(CODE, &[("return_to", &return_to)]);
        }
    }
    let known = visitor.caller.as_ref().map(|caller| caller.user.login.clone());
    let login = visitor.parameter("login").or(known).unwrap_or_default();
    page(&visitor, StatusCode::OK, return_to, login.chars().take(MAX_LOGIN).collect(), None)
}

/// The page to enter the code of a second factor.
pub(super) const CODE: &str = "/signin/code";

/// The longest login with which the field is prefilled, in characters (`Login` of the model).
const MAX_LOGIN: usize = 64;

fn page(
    visitor: &Visitor,
    status: StatusCode,
    return_to: String,
    login: String,
    error: Option<String>,
) -> Response {
    let providers = providers(visitor, &return_to, &login);
    let notice = visitor.parameter("done").filter(|done| done == "reset");
    let view = SignInPage {
        shell: visitor.shell_without_user(Section::Other),
        return_to,
        login,
        passkey: passkey(visitor),
        providers,
        can_reset: visitor.ctx.settings().sends_mail,
        notice: notice.map(|_| "The new password is set. Sign in with it.".to_owned()),
        error,
    };
    visitor.show(status, &view)
}

/// Returns the challenge for a passkey, or nothing if passkeys are not available.
pub(super) fn passkey(visitor: &Visitor) -> Option<PasskeyChallenge> {
    let rp_id = passkeys::rp_id(visitor.ctx.settings())?.to_owned();
    Some(PasskeyChallenge {
        challenge: passkeys::challenge(&visitor.ctx, visitor.browser_context()).ok()?,
        rp_id,
    })
}

/// Reads the response of a passkey from a form.
pub(super) fn answer(form: &Form) -> Answer<'_> {
    Answer {
        challenge: form.get("challenge"),
        credential: form.get("credential"),
        client_data: form.get("client_data"),
        authenticator_data: form.get("authenticator_data"),
        signature: form.get("signature"),
    }
}

/// Signs a user in with a passkey.
pub(super) async fn submit_passkey(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let form = visitor.entered(body, again)?;
    let return_to = local_path(form.get("return_to"));
    let fault = match passkeys::sign_in(
        &visitor.ctx,
        visitor.browser_context(),
        mfa_cookie(&visitor),
        &answer(&form),
    )
    .await
    {
        Ok(signed_in) => return Ok(enter(&visitor, &signed_in, &return_to)),
        Err(fault) => fault,
    };
    match rejection(&fault, "This passkey does not fit.") {
        Some((status, error)) => {
            Ok(advise(page(&visitor, status, return_to, String::new(), Some(error)), &fault))
        }
        None => Err(visitor.reject(&fault)),
    }
}

/// Returns the sign-in page that follows a form that is not accepted. It redirects a signed-in user.
fn again(form: &Form) -> String {
    let return_to = local_path(form.get("return_to"));
    format!("/signin?{}", encode_form([("return_to", return_to.as_str())]))
}

/// Signs a user in. The form identifies the user, so the user to whom the page was shown does not matter.
pub(super) async fn submit(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let form = visitor.entered(body, again)?;
    Ok(check_password(&visitor, &form).await)
}

async fn check_password(visitor: &Visitor, form: &Form) -> Response {
    let return_to = local_path(form.get("return_to"));
    let fault =
        match sign_in(&visitor.ctx, visitor.browser_context(), form.get("login"), &form.secret("password"))
            .await
        {
            Ok(outcome) => return continue_sign_in(visitor, outcome, &return_to),
            Err(fault) => fault,
        };
    match rejection(&fault, "This name and password do not fit.") {
        Some((status, error)) => {
            let login = form.get("login").to_owned();
            advise(page(visitor, status, return_to, login, Some(error)), &fault)
        }
        None => visitor.reject(&fault),
    }
}

/// Starts the session, or asks for the second factor.
pub(super) fn continue_sign_in(visitor: &Visitor, outcome: SignIn, return_to: &str) -> Response {
    let pending = match outcome {
        SignIn::Complete(signed_in) => return enter(visitor, &signed_in, return_to),
        SignIn::SecondFactorRequired(pending) => pending,
    };
    let mut response = visitor.with_browser_cookie(see_other(CODE, &[("return_to", return_to)]));
    if let Some(cookie) = set_cookie(&visitor.app, mfa_cookie_name(&visitor.app), &pending) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Returns the providers for a sign-in that continues at `return_to`.
fn providers(visitor: &Visitor, return_to: &str, login: &str) -> Vec<ProviderLink> {
    let hint = Some(("login", login)).filter(|_| !login.is_empty());
    // A signed-in user is here to authenticate again.
    let again = visitor.caller.is_some().then_some(("again", "1"));
    let fields: Vec<_> = [("return_to", return_to)].into_iter().chain(again).chain(hint).collect();
    let query = encode_form(fields);
    let link = |provider: &Provider| ProviderLink {
        label: provider.label.clone(),
        href: format!("/signin/provider/{}?{query}", provider.name),
    };
    visitor.ctx.settings().providers.iter().map(link).collect()
}

/// Returns the message for a refused password or code. It does not reveal which check failed.
pub(super) fn rejection(fault: &Fault, unfit: &str) -> Option<(StatusCode, String)> {
    match fault {
        Fault::Unauthenticated(reason) => {
            tracing::info!(?reason, "a sign-in was refused");
            Some((StatusCode::UNAUTHORIZED, unfit.to_owned()))
        }
        Fault::TooManyAttempts(_) => Some((StatusCode::TOO_MANY_REQUESTS, sentence(&fault.to_string()))),
        _ => None,
    }
}

/// Returns the cookie of a sign-in that lacks the second factor.
pub(super) fn mfa_cookie(visitor: &Visitor) -> Option<&str> {
    cookie(visitor.headers(), mfa_cookie_name(&visitor.app))
}

/// Sets the cookie of the session and redirects.
pub(super) fn enter(visitor: &Visitor, signed_in: &SignedIn, to: &str) -> Response {
    with_session(visitor, signed_in, redirect_to_page(to))
}

/// Sets the cookie of the session, with its new secret.
pub(super) fn with_session(visitor: &Visitor, signed_in: &SignedIn, mut response: Response) -> Response {
    let app = &visitor.app;
    let session = set_cookie(app, cookie_name(app), signed_in.secret.expose());
    let pending = cookie(visitor.headers(), mfa_cookie_name(app));
    let pending = pending.and_then(|_| remove_cookie(app, mfa_cookie_name(app)));
    let known = set_lasting_cookie(app, known_cookie_name(app), &signed_in.known, known_browsers::LIFETIME);
    for cookie in session.into_iter().chain(pending).chain(known) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Signs the user out. Without a signed-in user, for example after a sign-out in another tab, there is nothing to do.
pub(super) async fn sign_out(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let Some(caller) = visitor.present() else { return Ok(Redirect::to(START).into_response()) };
    visitor.sent_as_shown(START, body)?;
    let ended = end_session(&visitor.ctx, caller).await;
    let Ended { front_channel } = ended.map_err(|fault| visitor.reject(&fault))?;
    let next = if front_channel.is_empty() {
        Redirect::to(START).into_response()
    } else {
        signed_out(&visitor, &front_channel, None, true)
    };
    Ok(forget_cookie(&visitor, next))
}

/// Returns the path if it is on this site, otherwise the default: no redirect leaves the site.
pub(super) fn local_path(path: &str) -> String {
    let inside = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic());
    if inside && plain { path.to_owned() } else { HOME.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_return_location_leaves_the_site() {
        assert_eq!(local_path("/device?user_code=AB"), "/device?user_code=AB");
        for bad in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "evil", "/\u{2215}x"]
        {
            assert_eq!(local_path(bad), HOME, "{bad}");
        }
    }
}
