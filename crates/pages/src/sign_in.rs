use authority::Fault;
use authority::sign_in::known_browsers;
use authority::sign_in::passkeys::{self, Answer};
use authority::sign_in::second_factor::{PendingSignIn, find_pending, prove_by_code};
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

use super::forms::{Body, Form, Origin};
use super::signed_out::{forget_cookie, signed_out};
use super::views::{PasskeyChallenge, ProviderLink, SecondFactorPage, Section, SignInPage};
use super::visitor::{Visitor, see_other};
use super::way::lead;
use super::words::sentence;

/// Where a person goes who signed in without coming from anywhere.
const HOME: &str = "/tokens";
/// Where a person goes who signed out.
const START: &str = "/";

/// The page to sign in.
pub(super) async fn show(visitor: Visitor) -> Response {
    let return_to = local_path(&visitor.parameter("return_to").unwrap_or_default());
    // An application may want that somebody who is signed in proves once more who they are.
    if visitor.parameter("again").is_none() {
        if visitor.caller.is_some() {
            return lead(&return_to);
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
const CODE: &str = "/signin/code";

/// The longest login that is entered for somebody, in characters (`Login` of the model).
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

/// What a passkey can answer; nothing where there can be none.
fn passkey(visitor: &Visitor) -> Option<PasskeyChallenge> {
    let rp_id = passkeys::rp_id(visitor.ctx.settings())?.to_owned();
    Some(PasskeyChallenge { challenge: passkeys::challenge(&visitor.ctx, visitor.place()).ok()?, rp_id })
}

/// What a form holds of a passkey.
pub(super) fn answer(form: &Form) -> Answer<'_> {
    Answer {
        challenge: form.get("challenge"),
        credential: form.get("credential"),
        client_data: form.get("client_data"),
        authenticator_data: form.get("authenticator_data"),
        signature: form.get("signature"),
    }
}

/// Signs a person in with a passkey.
pub(super) async fn submit_passkey(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let form = visitor.entered(body, again)?;
    let return_to = local_path(form.get("return_to"));
    let fault =
        match passkeys::sign_in(&visitor.ctx, visitor.place(), mfa_cookie(&visitor), &answer(&form)).await {
            Ok(signed_in) => return Ok(enter(&visitor, &signed_in, &return_to)),
            Err(fault) => fault,
        };
    match refused(&fault, "This passkey does not fit.") {
        Some((status, error)) => {
            Ok(advise(page(&visitor, status, return_to, String::new(), Some(error)), &fault))
        }
        None => Err(visitor.refuse(&fault)),
    }
}

/// The page on which a person signs in who sent a form that is not accepted. One who is signed in goes on from there.
fn again(form: &Form) -> String {
    let return_to = local_path(form.get("return_to"));
    format!("/signin?{}", encode_form([("return_to", return_to.as_str())]))
}

/// Signs a person in. The form says who it is, so it does not matter to whom the page was shown.
pub(super) async fn submit(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let form = visitor.entered(body, again)?;
    Ok(check_password(&visitor, &form).await)
}

async fn check_password(visitor: &Visitor, form: &Form) -> Response {
    let return_to = local_path(form.get("return_to"));
    let fault =
        match sign_in(&visitor.ctx, visitor.place(), form.get("login"), &form.secret("password")).await {
            Ok(entrance) => return go_on(visitor, entrance, &return_to),
            Err(fault) => fault,
        };
    match refused(&fault, "This name and password do not fit.") {
        Some((status, error)) => {
            let login = form.get("login").to_owned();
            advise(page(visitor, status, return_to, login, Some(error)), &fault)
        }
        None => visitor.refuse(&fault),
    }
}

/// Lets somebody in, or asks for the second factor.
pub(super) fn go_on(visitor: &Visitor, entrance: SignIn, return_to: &str) -> Response {
    let pending = match entrance {
        SignIn::Complete(signed_in) => return enter(visitor, &signed_in, return_to),
        SignIn::SecondFactorRequired(pending) => pending,
    };
    let mut response = visitor.with_browser_cookie(see_other(CODE, &[("return_to", return_to)]));
    if let Some(cookie) = set_cookie(&visitor.app, mfa_cookie_name(&visitor.app), &pending) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The providers at which somebody may sign in, to go on to `return_to`.
fn providers(visitor: &Visitor, return_to: &str, login: &str) -> Vec<ProviderLink> {
    let hint = Some(("login", login)).filter(|_| !login.is_empty());
    // Whoever is signed in already is here to prove it once more.
    let again = visitor.caller.is_some().then_some(("again", "1"));
    let fields: Vec<_> = [("return_to", return_to)].into_iter().chain(again).chain(hint).collect();
    let query = encode_form(fields);
    let link = |provider: &Provider| ProviderLink {
        label: provider.label.clone(),
        href: format!("/signin/provider/{}?{query}", provider.name),
    };
    visitor.ctx.settings().providers.iter().map(link).collect()
}

/// What is said to somebody whose password or code was refused: never which of the reasons it was.
fn refused(fault: &Fault, unfit: &str) -> Option<(StatusCode, String)> {
    match fault {
        Fault::Unauthenticated(reason) => {
            tracing::info!(?reason, "a sign-in was refused");
            Some((StatusCode::UNAUTHORIZED, unfit.to_owned()))
        }
        Fault::TooManyAttempts(_) => Some((StatusCode::TOO_MANY_REQUESTS, sentence(&fault.to_string()))),
        _ => None,
    }
}

/// The page to enter the code of a second factor.
pub(super) async fn show_code(visitor: Visitor) -> Response {
    let return_to = local_path(&visitor.parameter("return_to").unwrap_or_default());
    match pending(&visitor).await {
        Ok(pending) if pending.factors.any() => {
            code_page(&visitor, &pending, StatusCode::OK, return_to, None)
        }
        // A person who has to have a second factor and has none adds one first.
        Ok(_) if visitor.pending_mfa.is_some() => {
            see_other("/account/authenticator", &[("return_to", &return_to)])
        }
        Ok(_) => lead(&return_to),
        Err(fault) => first_factor_again(&fault, &return_to),
    }
}

/// Leads to the page to sign in, where the first factor is missing or is needed once more.
fn first_factor_again(fault: &Fault, return_to: &str) -> Response {
    let fields = [("return_to", return_to), ("again", "1")];
    let again = matches!(fault, Fault::InteractionNeeded(_));
    see_other("/signin", if again { &fields } else { &fields[..1] })
}

async fn pending(visitor: &Visitor) -> Result<PendingSignIn, Fault> {
    find_pending(&visitor.ctx, visitor.place(), mfa_cookie(visitor)).await
}

fn mfa_cookie(visitor: &Visitor) -> Option<&str> {
    cookie(visitor.headers(), mfa_cookie_name(&visitor.app))
}

fn code_page(
    visitor: &Visitor,
    pending: &PendingSignIn,
    status: StatusCode,
    return_to: String,
    error: Option<String>,
) -> Response {
    let page = SecondFactorPage {
        shell: visitor.shell_for(Section::Other, pending.user.id),
        login: pending.user.login.clone(),
        totp: pending.factors.totp,
        return_to,
        passkey: passkey(visitor).filter(|_| pending.factors.passkeys > 0),
        error,
    };
    visitor.show(status, &page)
}

/// Finishes a sign-in with a code.
pub(super) async fn submit_code(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let pending = pending(&visitor).await.ok();
    let (origin, form) = visitor.receive_for(pending.as_ref().map(|pending| pending.user.id), body)?;
    let return_to = local_path(form.get("return_to"));
    let page = format!("{CODE}?{}", encode_form([("return_to", return_to.as_str())]));
    let pending = match (origin, pending) {
        (Origin::Current, Some(pending)) => pending,
        (Origin::Foreign, _) => return Err(visitor.forged(&page)),
        // The page shows whose code it asks for now, or leads to where a sign-in begins.
        (Origin::Current | Origin::SignedOut | Origin::OtherPerson | Origin::LostCookie, _) => {
            return Err(lead(&page));
        }
    };
    let fault = match prove_by_code(&visitor.ctx, visitor.place(), &pending, &form.secret("code")).await {
        Ok(signed_in) => return Ok(enter(&visitor, &signed_in, &return_to)),
        Err(fault) => fault,
    };
    match refused(&fault, "This code does not fit or was used.") {
        Some((status, error)) => {
            Ok(advise(code_page(&visitor, &pending, status, return_to, Some(error)), &fault))
        }
        None => Err(visitor.refuse(&fault)),
    }
}

/// Gives a person the cookie of their session, and leads on.
pub(super) fn enter(visitor: &Visitor, signed_in: &SignedIn, to: &str) -> Response {
    with_session(visitor, signed_in, lead(to))
}

/// Gives a person the cookie of their session, under its new secret.
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

/// Signs a person out. Where nobody is signed in, as after the same in another tab, there is nothing to do.
pub(super) async fn sign_out(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let Some(caller) = visitor.present() else { return Ok(Redirect::to(START).into_response()) };
    visitor.sent_as_shown(START, body)?;
    let ended = end_session(&visitor.ctx, caller).await;
    let Ended { front_channel } = ended.map_err(|fault| visitor.refuse(&fault))?;
    let next = if front_channel.is_empty() {
        Redirect::to(START).into_response()
    } else {
        signed_out(&visitor, &front_channel, None, true)
    };
    Ok(forget_cookie(&visitor, next))
}

/// A path on this very site: nobody is sent elsewhere.
pub(super) fn local_path(path: &str) -> String {
    let inside = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic());
    if inside && plain { path.to_owned() } else { HOME.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(local_path("/device?user_code=AB"), "/device?user_code=AB");
        for bad in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "evil", "/\u{2215}x"]
        {
            assert_eq!(local_path(bad), HOME, "{bad}");
        }
    }
}
