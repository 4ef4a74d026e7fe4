//! Signing in with an account at another OpenID provider.

mod answer;

use authority::Fault;
use authority::sign_in::provider::{Arrival, arrive};
use authority::sign_in::second_factor::require_fresh;
use authority::upstream::{Counted, LIFETIME, Provider, SignInOptions, began, begin, check_issuer, resume};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use web::http::cookies::{cookie, cookies, flow_cookie_start, remove_cookie, set_lasting_cookie};
use web::http::form_pairs;
use web::upstream::{Trouble, Upstream};

use token::random_id::RandomId;

use super::account::providers::is_own_link;
use super::sign_in::{continue_sign_in, local_path};
use super::views::error::ErrorPage;
use super::views::shell::Section;
use super::visitor::Visitor;
use answer::Answer;

/// The longest cookie that browsers keep, with room for its name and attributes (RFC 6265, section 6.1).
const MAX_COOKIE: usize = 3800;
/// The number of characters of the state that are part of its cookie's name.
const NAMED: usize = 12;
/// The maximum number of pending sign-ins at providers per browser: each has a cookie, which every request carries.
const MOST_FLOWS: usize = 4;
/// The page to sign in.
const SIGN_IN: &str = "/signin";
/// The page after an account is linked.
const ACCOUNT: &str = "/account";

fn provider(visitor: &Visitor, path: Result<Path<String>, PathRejection>) -> Result<Provider, Response> {
    let name = path.map(|Path(name)| name).unwrap_or_default();
    Provider::find(&visitor.ctx, &name).cloned().map_err(|fault| visitor.reject(&fault))
}

/// Redirects to a provider, to sign in or to link the account there.
pub(super) async fn start(visitor: Visitor, path: Result<Path<String>, PathRejection>) -> Response {
    let provider = match provider(&visitor, path) {
        Ok(provider) => provider,
        Err(response) => return response,
    };
    let return_to = local_path(&visitor.parameter("return_to").unwrap_or_default());
    let asked = asked_for(&return_to);
    let hint = visitor.parameter("login").or(asked.login_hint);
    let mut options = SignInOptions {
        return_to: &return_to,
        login_hint: hint.as_deref(),
        max_age: asked.max_age.or(visitor.parameter("again").map(|_| 0)),
        select_account: asked.select_account,
        link: None,
    };
    if let Some(mark) = visitor.parameter("link") {
        let caller = match visitor.signed_in_or(ACCOUNT) {
            Ok(caller) => caller,
            Err(sign_in) => return sign_in,
        };
        if !is_own_link(&visitor, caller, &provider, &mark) {
            return visitor.show_error(&ErrorPage::stale_link(visitor.shell(Section::Other), ACCOUNT));
        }
        if let Err(fault) = require_fresh(&visitor.ctx, caller).await {
            return visitor.sign_in_or_reject(&fault, ACCOUNT);
        }
        options = SignInOptions {
            return_to: ACCOUNT,
            select_account: true,
            link: Some(caller),
            ..SignInOptions::default()
        };
    }
    redirect_to_provider(&visitor, &provider, options).await
}

async fn redirect_to_provider(
    visitor: &Visitor,
    provider: &Provider,
    options: SignInOptions<'_>,
) -> Response {
    let metadata = match visitor.app.upstream.metadata(&visitor.ctx, provider).await {
        Ok(metadata) => metadata,
        Err(trouble) => return provider_failed(visitor, provider, &trouble),
    };
    let begun = match begin(&visitor.ctx, provider, options) {
        Ok(begun) => begun,
        Err(fault) => return visitor.reject(&fault),
    };
    if begun.cookie.len() > MAX_COOKIE {
        let message = "the request of the application is too long for a sign-in elsewhere";
        return visitor.reject(&Fault::InvalidRequest(message.to_owned()));
    }
    let address = Upstream::address(&metadata, &begun.parameters);
    let mut response = visitor.redirect_to_site(address.as_str());
    let name = flow_cookie(visitor, &begun.state);
    let new = name.and_then(|name| set_lasting_cookie(&visitor.app, &name, &begun.cookie, LIFETIME));
    for cookie in new.into_iter().chain(superfluous(visitor)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The name of the cookie of a sign-in: of several in one browser, each has its own.
fn flow_cookie(visitor: &Visitor, state: &str) -> Option<String> {
    RandomId::parse(state).ok()?;
    Some(format!("{}{}", flow_cookie_start(&visitor.app), state.get(..NAMED)?))
}

/// What takes the cookies of sign-ins back that were not finished, all but the latest.
fn superfluous(visitor: &Visitor) -> Vec<HeaderValue> {
    let start = flow_cookie_start(&visitor.app);
    let mut begun: Vec<_> = cookies(visitor.headers())
        .filter(|(name, _)| name.starts_with(start))
        .map(|(name, value)| (began(&visitor.ctx, value), name))
        .collect();
    begun.sort_unstable();
    let most = begun.len().saturating_sub(MOST_FLOWS - 1);
    begun.iter().take(most).filter_map(|(_, name)| remove_cookie(&visitor.app, name)).collect()
}

/// The requirements of the authorization request behind a sign-in.
#[derive(Default)]
struct Asked {
    max_age: Option<i64>,
    select_account: bool,
    login_hint: Option<String>,
}

fn asked_for(return_to: &str) -> Asked {
    let query = return_to.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let mut asked = Asked::default();
    for (name, value) in form_pairs(query.as_bytes()).unwrap_or_default() {
        let prompts = |prompt: &str| value.split(' ').any(|own| own == prompt);
        match name.as_str() {
            "prompt" => {
                asked.select_account = prompts("select_account");
                asked.max_age = if prompts("login") { Some(0) } else { asked.max_age };
            }
            "max_age" if asked.max_age != Some(0) => asked.max_age = value.parse::<u32>().ok().map(i64::from),
            "login_hint" => asked.login_hint = Some(value),
            _ => {}
        }
    }
    asked
}

/// Completes a sign-in after the redirect from the provider.
pub(super) async fn callback(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Response {
    let provider = match provider(&visitor, path) {
        Ok(provider) => provider,
        Err(response) => return response,
    };
    let query = uri.query().unwrap_or_default();
    let kept = Answer::read(query).ok().and_then(|answer| flow_cookie(&visitor, answer.state.as_deref()?));
    let mut response = match finish(&visitor, &provider, query, kept.as_deref()).await {
        Ok(response) => response,
        Err(Failure::Rejected(fault)) => rejected(&visitor, &provider, &fault),
        Err(Failure::Provider(trouble)) => provider_failed(&visitor, &provider, &trouble),
    };
    // The state of a sign-in is used once, whatever the result.
    if let Some(cookie) = kept.and_then(|name| remove_cookie(&visitor.app, &name)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

enum Failure {
    Rejected(Fault),
    Provider(Trouble),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Rejected(fault)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Provider(trouble)
    }
}

async fn finish(
    visitor: &Visitor,
    provider: &Provider,
    query: &str,
    kept: Option<&str>,
) -> Result<Response, Failure> {
    let ctx = &visitor.ctx;
    let answer = Answer::read(query)?;
    let kept = kept.and_then(|name| cookie(visitor.headers(), name));
    let flow = resume(ctx, provider, kept, answer.state.as_deref().unwrap_or_default())?;
    let metadata = visitor.app.upstream.metadata(ctx, provider).await?;
    check_issuer(provider, answer.iss.as_deref(), metadata.says_issuer)?;
    if let Some(error) = answer.error {
        let error: String =
            error.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect();
        tracing::info!(provider = provider.name, error, "a provider returned an error");
        return Err(Fault::AccessDenied.into());
    }
    let code = answer.code.ok_or(Fault::AccessDenied)?;
    let counted = Counted::begin(ctx).await?;
    let identity = visitor.app.upstream.identity(ctx, provider, &flow, &code).await?;
    let ctx = &ctx.at_present();
    let arrival = arrive(ctx, visitor.browser_context(), provider, &flow, &identity).await?;
    counted.take_back(ctx).await?;
    Ok(match arrival {
        Arrival::Linked => Redirect::to("/account?done=linked").into_response(),
        Arrival::Entered(sign_in) => continue_sign_in(visitor, sign_in, &flow.return_to),
    })
}

/// Shows the page for a sign-in that is refused here.
fn rejected(visitor: &Visitor, provider: &Provider, fault: &Fault) -> Response {
    tracing::info!(?fault, provider = provider.name, "a sign-in at a provider was refused");
    let (status, message) = match fault {
        Fault::AccessDenied => (StatusCode::FORBIDDEN, format!("{} did not sign you in.", provider.label)),
        Fault::Forbidden(_) => {
            (StatusCode::FORBIDDEN, format!("No user here is linked to your account at {}.", provider.label))
        }
        Fault::Unauthenticated(_) => (
            StatusCode::FORBIDDEN,
            "You may not sign in here now, or this sign-in was already completed.".to_owned(),
        ),
        Fault::InvalidRequest(_) => (
            StatusCode::BAD_REQUEST,
            "This sign-in was not started in this browser, or it was started too long ago.".to_owned(),
        ),
        fault => return visitor.reject(fault),
    };
    failed(visitor, status, message)
}

fn failed(visitor: &Visitor, status: StatusCode, message: String) -> Response {
    visitor.show_error(&ErrorPage::provider(visitor.shell(Section::Other), status, message, SIGN_IN))
}

/// Shows the page for a provider that does not respond or whose response is not valid. Only the log has the reason.
fn provider_failed(visitor: &Visitor, provider: &Provider, trouble: &Trouble) -> Response {
    tracing::warn!(%trouble, provider = provider.name, "a provider did not respond, or its response is not valid");
    let (status, message) = match trouble {
        Trouble::Mistrust(authority::upstream::Mistrust::NotFresh) => (
            StatusCode::FORBIDDEN,
            format!("{} did not ask you to sign in again, which is required here.", provider.label),
        ),
        _ => (StatusCode::BAD_GATEWAY, format!("{} cannot sign you in at the moment.", provider.label)),
    };
    failed(visitor, status, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_application_asks_is_passed_on() {
        let asked = asked_for("/id/connect/authorize?client_id=x&max_age=60&login_hint=ada%40example.org");
        assert_eq!((asked.max_age, asked.select_account), (Some(60), false));
        assert_eq!(asked.login_hint.as_deref(), Some("ada@example.org"));
        for query in ["prompt=login&max_age=60", "max_age=60&prompt=login%20select_account"] {
            assert_eq!(asked_for(&format!("/id/connect/authorize?{query}")).max_age, Some(0), "{query}");
        }
        assert!(asked_for("/tokens").max_age.is_none());
    }
}
