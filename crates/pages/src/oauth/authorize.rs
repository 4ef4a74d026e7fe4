//! The authorization endpoint (RFC 6749, section 3.1).

use authority::oidc::claims;
use authority::{Caller, Ctx, Fault, Params, Scopes};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use flows::authorization::{
    self, Agreed, Answer, AuthorizationRequest, RequestError, ReturnAddress, Step, Terms,
};
use reference::http::{Body as RequestBody, Endpoint, Method, Tag, query};
use web::http::paths::oauth as path;
use web::http::policy::post_elsewhere;
use web::http::{encode_form, form_pairs, oauth_code};

use super::declaration::{AUTHORIZATION_FIELDS, PAGE, REDIRECT, REFUSED};
use super::prompt_marker::Mark;
use super::response::{MAX_QUERY, as_query, destination, request_at, see_other, send};
use crate::device::{registration, services};
use crate::forms::{Body, Form, Origin};
use crate::redirects::redirect_to_page;
use crate::sentences::sentence;
use crate::views::authorize::{AccountPage, ConsentPage, ReturnPage};
use crate::views::scope::Scope;
use crate::views::shell::Section;
use crate::visitor::Visitor;

pub(super) const ENDPOINT: Endpoint = Endpoint {
    description: "RFC 6749, section 3.1; OpenID Connect Core, section 3.1.2. For browsers: a client sends users here.",
    parameters: &query(AUTHORIZATION_FIELDS),
    answers: &[PAGE, REDIRECT, REFUSED],
    ..Endpoint::new(
        Method::Get,
        path::AUTHORIZE,
        Tag::SignIn,
        "authorize",
        "Signs a user in and asks for consent",
    )
};

pub(super) const BY_FORM: Endpoint = Endpoint {
    method: Method::Post,
    id: "authorizeByForm",
    parameters: &[],
    body: Some(RequestBody::form(AUTHORIZATION_FIELDS)),
    ..ENDPOINT
};

/// A request in the address.
pub(super) async fn show(visitor: Visitor, uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    match proceed(&visitor, query).await {
        Ok(response) => response,
        Err(refusal) => refuse(&visitor, refusal),
    }
}

/// Takes a request in a form (OpenID Connect Core, section 3.1.2.1) and redirects to the same request in the address: with a
/// form from another site, the browser does not send the cookie of the session.
pub(super) async fn posted(visitor: Visitor, body: Body) -> Response {
    as_query(&visitor, path::AUTHORIZE, body)
}

fn params(query: &str) -> Result<Params, Fault> {
    if query.len() > MAX_QUERY {
        return Err(Fault::InvalidRequest(format!("a request has at most {MAX_QUERY} bytes")));
    }
    Ok(Params::new(form_pairs(query.as_bytes())?)?)
}

async fn proceed(visitor: &Visitor, query: &str) -> Result<Response, RequestError> {
    let mark = Mark::read(&visitor.ctx, query);
    let request = authorization::read(&visitor.ctx, &params(query)?, mark.arrived).await?;
    let next = next(visitor, &request, Asked { query, mark }).await;
    next.map_err(|fault| RequestError::Returned(Box::new(request.return_to.clone()), fault))
}

/// A request as the browser brought it.
#[derive(Clone, Copy)]
struct Asked<'a> {
    query: &'a str,
    mark: Mark,
}

impl Asked<'_> {
    /// Returns the address of the request with the mark that a page was shown for it.
    fn shown(self, ctx: &Ctx) -> String {
        format!("{}?{}", path::AUTHORIZE, self.mark.shown(ctx, self.query))
    }
}

async fn next(
    visitor: &Visitor,
    request: &AuthorizationRequest,
    asked: Asked<'_>,
) -> Result<Response, Fault> {
    let ctx = &visitor.ctx;
    let caller = visitor.caller.as_ref();
    match (authorization::step(ctx, request, caller, asked.mark.shown).await?, caller) {
        (Step::ChooseAccount, Some(caller)) => Ok(choose(visitor, request, caller, asked)),
        (Step::Agree, Some(caller)) => ask(visitor, request, caller, asked).await,
        (Step::Grant, Some(caller)) => Ok(send(visitor, &authorization::grant(ctx, request, caller).await?)),
        (Step::SecondFactor, Some(_)) => Ok(see_other(&second_factor(visitor, asked))),
        (Step::SecondFactor | Step::SignIn | Step::ChooseAccount | Step::Agree | Step::Grant, _) => {
            Ok(see_other(&sign_in(visitor, request, asked)))
        }
    }
}

/// Returns the path of the sign-in page, which returns to this request.
fn sign_in(visitor: &Visitor, request: &AuthorizationRequest, asked: Asked<'_>) -> String {
    let back = asked.shown(&visitor.ctx);
    let hint = request.login_hint.as_deref().map(|hint| ("login", hint));
    // A user who entered the password and lacks the second factor is not asked for the password again.
    let again = visitor.pending_mfa.is_none().then_some(("again", "1"));
    let fields = [("return_to", back.as_str())].into_iter().chain(again).chain(hint);
    format!("/signin?{}", encode_form(fields))
}

/// Returns the path of the page for a second factor, which returns to this request.
fn second_factor(visitor: &Visitor, asked: Asked<'_>) -> String {
    let back = asked.shown(&visitor.ctx);
    format!("/signin/code?{}", encode_form([("return_to", back.as_str())]))
}

fn choose(visitor: &Visitor, request: &AuthorizationRequest, caller: &Caller, asked: Asked<'_>) -> Response {
    let page = AccountPage {
        shell: visitor.shell(Section::Other),
        application: request.application.name.clone(),
        name: caller.user.name.clone(),
        login: caller.user.login.clone(),
        go_on: asked.shown(&visitor.ctx),
        sign_in: sign_in(visitor, request, asked),
    };
    visitor.show(StatusCode::OK, &page)
}

async fn ask(
    visitor: &Visitor,
    request: &AuthorizationRequest,
    caller: &Caller,
    asked: Asked<'_>,
) -> Result<Response, Fault> {
    let ctx = &visitor.ctx;
    let (catalogue, terms) = (ctx.catalogue(), request.terms(ctx, caller));
    let scope = |name: &str| {
        let scope = Scope { name: name.to_owned(), meaning: catalogue.explain(name) };
        (scope, Terms::is_optional(name))
    };
    let claim = |name: &String| {
        let meaning = claims::find(name).map_or_else(String::new, |claim| claim.description.to_owned());
        Scope { name: name.clone(), meaning }
    };
    let registration = registration(&visitor.ctx, &request.application).await?;
    let page = ConsentPage {
        shell: visitor.shell(Section::Other),
        application: request.application.name.clone(),
        client_id: request.application.application_uri.clone(),
        description: request.application.description.clone(),
        login: caller.user.login.clone(),
        registration,
        scopes: terms.scopes.iter().map(scope).collect(),
        claims: terms.claims.iter().map(claim).collect(),
        are_services_optional: terms.has_optional_resources(),
        services: services(&catalogue, &terms.resources),
        details: terms.details.shown(),
        returns_to: host(&request.return_to.redirect_uri).to_owned(),
        request: asked.mark.kept(ctx, asked.query),
    };
    Ok(visitor.show(StatusCode::OK, &page))
}

/// Returns the part of a redirect URI that users recognise.
fn host(uri: &str) -> &str {
    let (scheme, rest) = uri.split_once("://").unwrap_or(("", uri));
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    if scheme.starts_with("http") { host } else { uri.split(':').next().unwrap_or_default() }
}

/// What the user decided on the page to agree.
pub(super) async fn decide(visitor: Visitor, body: Body) -> Response {
    let (origin, form) = match visitor.receive(body) {
        Ok(received) => received,
        Err(refusal) => return refusal,
    };
    let query = form.get("request").to_owned();
    let request = request_at(path::AUTHORIZE, &query);
    match origin {
        Origin::Current => {}
        // The request is shown again to the user who is signed in now, or who signs in.
        Origin::SignedOut | Origin::OtherPerson | Origin::LostCookie => return redirect_to_page(&request),
        Origin::Foreign => return visitor.forged(&request),
    }
    let agreed = match form.get("decision") {
        "allow" => agreed(&form).map(Some),
        "deny" => Ok(None),
        _ => Err(Fault::InvalidRequest("allow or deny".to_owned())),
    };
    let decided = async { decided(&visitor, &query, agreed?).await };
    decided.await.unwrap_or_else(|refusal| refuse(&visitor, refusal))
}

/// What the user left ticked.
fn agreed(form: &Form) -> Result<Agreed, Fault> {
    Ok(Agreed {
        scopes: Scopes::from_names(form.all("scope"))?,
        claims: form.all("claim").map(str::to_owned).collect(),
        resources: form.all("resource").map(str::to_owned).collect(),
    })
}

async fn decided(visitor: &Visitor, query: &str, agreed: Option<Agreed>) -> Result<Response, RequestError> {
    let mark = Mark::read(&visitor.ctx, query);
    let request = authorization::read(&visitor.ctx, &params(query)?, mark.arrived).await?;
    let answered = answered(visitor, &request, Asked { query, mark }, agreed).await;
    answered.map_err(|fault| RequestError::Returned(Box::new(request.return_to.clone()), fault))
}

async fn answered(
    visitor: &Visitor,
    request: &AuthorizationRequest,
    asked: Asked<'_>,
    agreed: Option<Agreed>,
) -> Result<Response, Fault> {
    let ctx = &visitor.ctx;
    let step = authorization::step(ctx, request, visitor.caller.as_ref(), asked.mark.shown).await?;
    let Some(caller) = visitor.caller.as_ref().filter(|_| matches!(step, Step::Agree | Step::Grant)) else {
        return Ok(see_other(&sign_in(visitor, request, asked)));
    };
    let agreed = agreed.ok_or(Fault::AccessDenied)?;
    Ok(send(visitor, &authorization::agree(ctx, request, caller, &agreed).await?))
}

/// Sends the error to the client, or shows it to the user if the client must not receive it.
fn refuse(visitor: &Visitor, refusal: RequestError) -> Response {
    match refusal {
        RequestError::Shown(fault) => visitor.reject_request(&fault),
        RequestError::Returned(to, fault) => returned(visitor, &to, &fault),
    }
}

/// Returns whether an error redirects the browser automatically. Without a signed-in user, that would make this server an open
/// redirector (RFC 9700, section 4.11.2), except for clients that an administrator registered.
fn redirects_automatically(visitor: &Visitor, to: &ReturnAddress) -> bool {
    visitor.caller.is_some() || !to.registered_itself
}

fn returned(visitor: &Visitor, to: &ReturnAddress, fault: &Fault) -> Response {
    let (status, error) = oauth_code(fault);
    if status.is_server_error() {
        tracing::error!(?fault, "an authorization request failed");
    } else {
        tracing::info!(?fault, error, "an authorization request was refused");
    }
    match Answer::refusal(&visitor.ctx, to, error, &fault.to_string()) {
        Ok(answer) if redirects_automatically(visitor, to) => send(visitor, &answer),
        Ok(answer) => {
            let (action, fields) = destination(answer);
            let page = ReturnPage {
                shell: visitor.shell(Section::Other),
                host: host(&action).to_owned(),
                message: sentence(&fault.to_string()),
                code: error,
                action,
                fields,
            };
            post_elsewhere(visitor.show(StatusCode::BAD_REQUEST, &page))
        }
        Err(fault) => visitor.reject(&fault),
    }
}
