//! Signing out at the wish of an application (OpenID Connect RP-Initiated Logout 1.0).

use authority::sign_out::Ended;
use authority::sign_out::end_session::{self, EndSession};
use authority::{Caller, Fault, Params};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use reference::http::{Body as RequestBody, Endpoint, Field, Kind, Method, Tag, query};
use web::http::paths::oauth as path;
use web::http::{encode_form, form_pairs};

use super::declaration::{PAGE, REDIRECT, REFUSED};
use super::response::{as_query, request_at};
use crate::forms::{Body, Origin};
use crate::redirects::redirect_to_page;
use crate::signed_out::{forget_cookie, signed_out};
use crate::views::authorize::SignOutPage;
use crate::views::shell::Section;
use crate::visitor::Visitor;

pub(super) const ENDPOINT: Endpoint = Endpoint {
    description: "OpenID Connect RP-Initiated Logout 1.0. For browsers: the user confirms, unless a hint identifies the session.",
    parameters: &query(FIELDS),
    answers: &[PAGE, REDIRECT, REFUSED],
    ..Endpoint::new(Method::Get, path::END_SESSION, Tag::SignIn, "endSession", "Signs a user out")
};

pub(super) const BY_FORM: Endpoint = Endpoint {
    method: Method::Post,
    id: "endSessionByForm",
    parameters: &[],
    body: Some(RequestBody::form(FIELDS)),
    ..ENDPOINT
};

const FIELDS: &[Field; 4] = &[
    Field::new("id_token_hint", Kind::Text, "An ID token of the user."),
    Field::new("client_id", Kind::Text, "The client."),
    Field::new(
        "post_logout_redirect_uri",
        Kind::Uri,
        "The registered address to which the user is redirected.",
    ),
    Field::new("state", Kind::Text, "A value that the redirect repeats."),
];

/// A request in the address.
pub(super) async fn show(visitor: Visitor, uri: Uri) -> Response {
    begin(&visitor, uri.query().unwrap_or_default()).await
}

/// A request in a form, which may come from another site.
pub(super) async fn posted(visitor: Visitor, body: Body) -> Response {
    as_query(&visitor, path::END_SESSION, body)
}

async fn begin(visitor: &Visitor, query: &str) -> Response {
    let asked = match read(visitor, query).await {
        Ok(asked) => asked,
        Err(fault) => return visitor.reject_request(&fault),
    };
    match &visitor.caller {
        None => gone(visitor, &asked, &Ended::default()),
        Some(caller) if asked.is_certain(caller) => sign_out(visitor, caller, &asked).await,
        Some(_) => {
            let page = SignOutPage {
                shell: visitor.shell(Section::Other),
                application: asked.application.as_ref().map(|application| application.name.clone()),
                request: query.to_owned(),
            };
            visitor.show(StatusCode::OK, &page)
        }
    }
}

async fn read(visitor: &Visitor, query: &str) -> Result<EndSession, Fault> {
    end_session::read(&visitor.ctx, &Params::new(form_pairs(query.as_bytes())?)?).await
}

/// The user confirmed it.
pub(super) async fn confirmed(visitor: Visitor, body: Body) -> Response {
    let (origin, form) = match visitor.receive(body) {
        Ok(received) => received,
        Err(refusal) => return refusal,
    };
    let request = request_at(path::END_SESSION, form.get("request"));
    match origin {
        // A user who is already signed out continues as after a sign-out.
        Origin::Current | Origin::SignedOut => {}
        Origin::OtherPerson | Origin::LostCookie => return redirect_to_page(&request),
        Origin::Foreign => return visitor.forged(&request),
    }
    match (read(&visitor, form.get("request")).await, &visitor.caller) {
        (Ok(asked), Some(caller)) => sign_out(&visitor, caller, &asked).await,
        (Ok(asked), None) => gone(&visitor, &asked, &Ended::default()),
        (Err(fault), _) => visitor.reject_request(&fault),
    }
}

async fn sign_out(visitor: &Visitor, caller: &Caller, asked: &EndSession) -> Response {
    match end_session::end_session(&visitor.ctx, caller).await {
        Ok(ended) => forget_cookie(visitor, gone(visitor, asked, &ended)),
        Err(fault) => visitor.reject(&fault),
    }
}

/// Shows the page after the sign-out. The browser notifies the other applications, then continues to the address of the request.
fn gone(visitor: &Visitor, asked: &EndSession, ended: &Ended) -> Response {
    let go_on = asked.return_to.as_deref().map(|uri| with_state(uri, asked.state.as_deref()));
    // As with errors at the authorization endpoint: without a signed-in user, an unverified client cannot redirect the browser.
    let by_itself = visitor.caller.is_some() || !asked.is_unverified();
    match go_on {
        Some(uri) if by_itself && ended.front_channel.is_empty() => visitor.redirect_to_site(&uri),
        go_on => signed_out(visitor, &ended.front_channel, go_on, by_itself),
    }
}

/// Section 3.
fn with_state(uri: &str, state: Option<&str>) -> String {
    let Some(state) = state else { return uri.to_owned() };
    let mark = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{mark}{}", encode_form([("state", state)]))
}
