//! The authorization endpoint (RFC 6749, section 3.1).

use authority::authorization::{self, Answer, AuthorizationRequest, Refusal, ReturnAddress, Step};
use authority::grants::Params;
use authority::{Caller, Fault, Scopes, scopes};
use axum::http::{StatusCode, Uri};
use axum::response::Response;

use super::response::{MAX_QUERY, as_query, request_at, see_other, send};
use super::shown;
use crate::http::{encode_form, form_pairs};
use crate::oauth::answer::code;
use crate::oauth::path;
use crate::pages::forms::{Body, Origin};
use crate::pages::views::{AccountPage, ConsentPage, Scope, Section};
use crate::pages::{Visitor, lead, registration};

/// A request in the address.
pub(super) async fn show(visitor: Visitor, uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    match proceed(&visitor, query).await {
        Ok(response) => response,
        Err(refusal) => refuse(&visitor, refusal),
    }
}

/// A request in a form (OpenID Connect Core, section 3.1.2.1). It goes on as one in the address: with a form from another
/// site the browser does not send the cookie that says who is signed in.
pub(super) async fn posted(visitor: Visitor, body: Body) -> Response {
    as_query(&visitor, path::AUTHORIZE, body)
}

fn params(query: &str) -> Result<Params, Fault> {
    if query.len() > MAX_QUERY {
        return Err(Fault::InvalidRequest(format!("a request has at most {MAX_QUERY} bytes")));
    }
    Params::new(form_pairs(query.as_bytes())?)
}

async fn proceed(visitor: &Visitor, query: &str) -> Result<Response, Refusal> {
    let request = authorization::read(&visitor.ctx, &params(query)?).await?;
    let next = next(visitor, &request, query).await;
    next.map_err(|fault| Refusal::Returned(Box::new(request.return_to.clone()), fault))
}

async fn next(visitor: &Visitor, request: &AuthorizationRequest, query: &str) -> Result<Response, Fault> {
    let ctx = &visitor.ctx;
    let shown_at = shown::shown_at(ctx, query);
    let caller = visitor.caller.as_ref();
    match (authorization::step(ctx, request, caller, shown_at).await?, caller) {
        (Step::ChooseAccount, Some(caller)) => Ok(choose(visitor, request, caller, query)),
        (Step::Agree, Some(caller)) => Ok(ask(visitor, request, caller, query)),
        (Step::Grant, Some(caller)) => Ok(send(visitor, &authorization::grant(ctx, request, caller).await?)),
        (Step::SecondFactor, Some(_)) => Ok(see_other(&second_factor(visitor, query))),
        (Step::SecondFactor | Step::SignIn | Step::ChooseAccount | Step::Agree | Step::Grant, _) => {
            Ok(see_other(&sign_in(visitor, request, query)))
        }
    }
}

/// The page to sign in, which leads back to this request.
fn sign_in(visitor: &Visitor, request: &AuthorizationRequest, query: &str) -> String {
    let back = format!("{}?{}", path::AUTHORIZE, shown::mark(&visitor.ctx, query));
    let hint = request.login_hint.as_deref().map(|hint| ("login", hint));
    // Whoever entered the password and has to show a second factor is not asked for the password again.
    let again = visitor.unfinished.is_none().then_some(("again", "1"));
    let fields = [("return_to", back.as_str())].into_iter().chain(again).chain(hint);
    format!("/signin?{}", encode_form(fields))
}

/// The page to show a second factor, which leads back to this request.
fn second_factor(visitor: &Visitor, query: &str) -> String {
    let back = format!("{}?{}", path::AUTHORIZE, shown::mark(&visitor.ctx, query));
    format!("/signin/code?{}", encode_form([("return_to", back.as_str())]))
}

fn choose(visitor: &Visitor, request: &AuthorizationRequest, caller: &Caller, query: &str) -> Response {
    let page = AccountPage {
        shell: visitor.shell(Section::Other),
        application: request.application.name.clone(),
        name: caller.user.name.clone(),
        login: caller.user.login.clone(),
        go_on: format!("{}?{}", path::AUTHORIZE, shown::mark(&visitor.ctx, query)),
        sign_in: sign_in(visitor, request, query),
    };
    visitor.show(StatusCode::OK, &page)
}

fn ask(visitor: &Visitor, request: &AuthorizationRequest, caller: &Caller, query: &str) -> Response {
    let catalogue = visitor.ctx.catalogue();
    let scope = |name: &str| {
        let scope = Scope { name: name.to_owned(), meaning: catalogue.explain(name) };
        (scope, name != scopes::OPENID)
    };
    let service = |address: &String| {
        let name = catalogue.resource(address).map(|resource| resource.name.clone());
        (name.unwrap_or_default(), address.clone())
    };
    let registration =
        registration(&request.application.application_uri, request.application.metadata.registered_itself);
    let page = ConsentPage {
        shell: visitor.shell(Section::Other),
        application: request.application.name.clone(),
        client_id: request.application.application_uri.clone(),
        description: request.application.description.clone(),
        login: caller.user.login.clone(),
        registration,
        scopes: request.scopes_of(&visitor.ctx, caller).iter().map(scope).collect(),
        services: request.resources.iter().map(service).collect(),
        details: request.details.shown(),
        returns_to: host(&request.return_to.redirect_uri).to_owned(),
        request: query.to_owned(),
    };
    visitor.show(StatusCode::OK, &page)
}

/// The part of a redirect URI that people recognise.
fn host(uri: &str) -> &str {
    let (scheme, rest) = uri.split_once("://").unwrap_or(("", uri));
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    if scheme.starts_with("http") { host } else { uri.split(':').next().unwrap_or_default() }
}

/// What the person decided on the page to agree.
pub(super) async fn decide(visitor: Visitor, body: Body) -> Response {
    let (origin, form) = match visitor.receive(body) {
        Ok(received) => received,
        Err(refusal) => return refusal,
    };
    let query = form.get("request").to_owned();
    let request = request_at(path::AUTHORIZE, &query);
    match origin {
        Origin::Current => {}
        // The request is asked again of the person who is signed in now, or who signs in.
        Origin::SignedOut | Origin::OtherPerson | Origin::LostCookie => return lead(&request),
        Origin::Foreign => return visitor.forged(&request),
    }
    let agreed = match form.get("decision") {
        "allow" => Scopes::of(form.all("scope")).map(Some),
        "deny" => Ok(None),
        _ => Err(Fault::InvalidRequest("allow or deny".to_owned())),
    };
    let decided = async { decided(&visitor, &query, agreed?).await };
    decided.await.unwrap_or_else(|refusal| refuse(&visitor, refusal))
}

async fn decided(visitor: &Visitor, query: &str, agreed: Option<Scopes>) -> Result<Response, Refusal> {
    let request = authorization::read(&visitor.ctx, &params(query)?).await?;
    let answered = answered(visitor, &request, query, agreed).await;
    answered.map_err(|fault| Refusal::Returned(Box::new(request.return_to.clone()), fault))
}

async fn answered(
    visitor: &Visitor,
    request: &AuthorizationRequest,
    query: &str,
    agreed: Option<Scopes>,
) -> Result<Response, Fault> {
    let ctx = &visitor.ctx;
    let shown_at = shown::shown_at(ctx, query);
    let step = authorization::step(ctx, request, visitor.caller.as_ref(), shown_at).await?;
    let Some(caller) = visitor.caller.as_ref().filter(|_| matches!(step, Step::Agree | Step::Grant)) else {
        return Ok(see_other(&sign_in(visitor, request, query)));
    };
    let agreed = agreed.ok_or(Fault::AccessDenied)?;
    Ok(send(visitor, &authorization::agree(ctx, request, caller, &agreed).await?))
}

/// Tells whoever is to be told.
fn refuse(visitor: &Visitor, refusal: Refusal) -> Response {
    match refusal {
        Refusal::Shown(fault) => visitor.refuse_request(&fault),
        Refusal::Returned(to, fault) => returned(visitor, &to, &fault),
    }
}

fn returned(visitor: &Visitor, to: &ReturnAddress, fault: &Fault) -> Response {
    let (status, error) = code(fault);
    if status.is_server_error() {
        tracing::error!(?fault, "an authorization request failed");
    } else {
        tracing::info!(?fault, error, "an authorization request was refused");
    }
    match Answer::refusal(&visitor.ctx, to, error, &fault.to_string()) {
        Ok(answer) => send(visitor, &answer),
        Err(fault) => visitor.refuse(&fault),
    }
}
