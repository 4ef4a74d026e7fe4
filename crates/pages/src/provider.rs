//! Signing in with an account at another OpenID provider.

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
use super::sign_in::{go_on, local_path};
use super::views::{ErrorPage, Section};
use super::visitor::Visitor;

/// The longest query with which a provider may send somebody back, in bytes.
const MAX_QUERY: usize = 16 * 1024;
/// The longest cookie that browsers keep, with room for its name and attributes (RFC 6265, section 6.1).
const MAX_COOKIE: usize = 3800;
/// How many characters of a state name its cookie.
const NAMED: usize = 12;
/// How many sign-ins at providers one browser may have begun: each has a cookie that goes along with every request.
const MOST_FLOWS: usize = 4;
/// Where a person can sign in.
const SIGN_IN: &str = "/signin";
/// Where account pages lead to.
const ACCOUNT: &str = "/account";

fn provider(visitor: &Visitor, path: Result<Path<String>, PathRejection>) -> Result<Provider, Response> {
    let name = path.map(|Path(name)| name).unwrap_or_default();
    Provider::find(&visitor.ctx, &name).cloned().map_err(|fault| visitor.refuse(&fault))
}

/// Sends somebody to a provider, to sign in or to link the account there.
pub(super) async fn start(visitor: Visitor, path: Result<Path<String>, PathRejection>) -> Response {
    let provider = match provider(&visitor, path) {
        Ok(provider) => provider,
        Err(refusal) => return refusal,
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
            return visitor.lead_or_refuse(&fault, ACCOUNT);
        }
        options = SignInOptions {
            return_to: ACCOUNT,
            select_account: true,
            link: Some(caller),
            ..SignInOptions::default()
        };
    }
    leave(&visitor, &provider, options).await
}

async fn leave(visitor: &Visitor, provider: &Provider, options: SignInOptions<'_>) -> Response {
    let metadata = match visitor.app.upstream.metadata(&visitor.ctx, provider).await {
        Ok(metadata) => metadata,
        Err(trouble) => return troubled(visitor, provider, &trouble),
    };
    let begun = match begin(&visitor.ctx, provider, options) {
        Ok(begun) => begun,
        Err(fault) => return visitor.refuse(&fault),
    };
    if begun.cookie.len() > MAX_COOKIE {
        let message = "the request of the application is too long for a sign-in elsewhere";
        return visitor.refuse(&Fault::InvalidRequest(message.to_owned()));
    }
    let address = Upstream::address(&metadata, &begun.parameters);
    let mut response = visitor.leave(address.as_str());
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

/// What an application asked of the sign-in that somebody is on the way to.
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

/// What a provider sends along when it sends somebody back.
#[derive(Default)]
struct Answer {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

impl Answer {
    /// Reads it; each parameter comes once.
    fn read(query: &str) -> Result<Self, Fault> {
        let bad = |message: &str| Fault::InvalidRequest(message.to_owned());
        if query.len() > MAX_QUERY {
            return Err(bad("the answer of the provider is too long"));
        }
        let mut answer = Self::default();
        for (name, value) in form_pairs(query.as_bytes())? {
            let place = match name.as_str() {
                "state" => &mut answer.state,
                "code" => &mut answer.code,
                "iss" => &mut answer.iss,
                "error" => &mut answer.error,
                _ => continue,
            };
            if place.replace(value).is_some() {
                return Err(bad("the answer of the provider says something twice"));
            }
        }
        Ok(answer)
    }
}

/// Somebody whom a provider sends back.
pub(super) async fn callback(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Response {
    let provider = match provider(&visitor, path) {
        Ok(provider) => provider,
        Err(refusal) => return refusal,
    };
    let query = uri.query().unwrap_or_default();
    let kept = Answer::read(query).ok().and_then(|answer| flow_cookie(&visitor, answer.state.as_deref()?));
    let mut response = match finish(&visitor, &provider, query, kept.as_deref()).await {
        Ok(response) => response,
        Err(Failure::Refused(fault)) => refused(&visitor, &provider, &fault),
        Err(Failure::Troubled(trouble)) => troubled(&visitor, &provider, &trouble),
    };
    // A sign-in is finished once, one way or the other.
    if let Some(cookie) = kept.and_then(|name| remove_cookie(&visitor.app, &name)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

enum Failure {
    Refused(Fault),
    Troubled(Trouble),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Troubled(trouble)
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
        tracing::info!(provider = provider.name, error, "a provider signed nobody in");
        return Err(Fault::AccessDenied.into());
    }
    let code = answer.code.ok_or(Fault::AccessDenied)?;
    let counted = Counted::begin(ctx).await?;
    let identity = visitor.app.upstream.identity(ctx, provider, &flow, &code).await?;
    let ctx = &ctx.at_present();
    let arrival = arrive(ctx, visitor.place(), provider, &flow, &identity).await?;
    counted.take_back(ctx).await?;
    Ok(match arrival {
        Arrival::Linked => Redirect::to("/account?done=linked").into_response(),
        Arrival::Entered(entrance) => go_on(visitor, entrance, &flow.return_to),
    })
}

/// The page for a sign-in that is refused here.
fn refused(visitor: &Visitor, provider: &Provider, fault: &Fault) -> Response {
    tracing::info!(?fault, provider = provider.name, "a sign-in at a provider was refused");
    let (status, message) = match fault {
        Fault::AccessDenied => (StatusCode::FORBIDDEN, format!("{} did not sign you in.", provider.label)),
        Fault::Forbidden(_) => {
            (StatusCode::FORBIDDEN, format!("No user here is linked to your account at {}.", provider.label))
        }
        Fault::Unauthenticated(_) => (
            StatusCode::FORBIDDEN,
            "You may not sign in here now, or this sign-in was finished before.".to_owned(),
        ),
        Fault::InvalidRequest(_) => (
            StatusCode::BAD_REQUEST,
            "This sign-in was not begun in this browser, or too long ago.".to_owned(),
        ),
        fault => return visitor.refuse(fault),
    };
    failed(visitor, status, message)
}

fn failed(visitor: &Visitor, status: StatusCode, message: String) -> Response {
    visitor.show_error(&ErrorPage::provider(visitor.shell(Section::Other), status, message, SIGN_IN))
}

/// The page for a provider that cannot be asked, or whose answer is not believed. Why is in the log alone.
fn troubled(visitor: &Visitor, provider: &Provider, trouble: &Trouble) -> Response {
    tracing::warn!(%trouble, provider = provider.name, "a provider could not be asked, or is not believed");
    let (status, message) = match trouble {
        Trouble::Mistrust(authority::upstream::Mistrust::NotFresh) => (
            StatusCode::FORBIDDEN,
            format!("{} did not ask you to sign in anew, which is needed here.", provider.label),
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

    #[test]
    fn an_answer_says_everything_once() {
        assert_eq!(
            Answer::read("state=a&code=b&session_state=c&session_state=d").unwrap().code.as_deref(),
            Some("b")
        );
        for query in ["state=a&state=b", "code=a&code=a", "iss=a&iss=b", "code=%zz"] {
            assert!(Answer::read(query).is_err(), "{query}");
        }
    }
}
