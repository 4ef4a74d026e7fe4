use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use authority::actions::session::{Place, find_any_session, lacks_factor};
use authority::{Caller, Ctx, Fault, Needed};
use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::extract::rejection::BytesRejection;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use token::SystemRandom;
use token::random_id::RandomId;

use super::session::{cookie, cookie_name, csrf_cookie_name, set_cookie};
use super::views::{ErrorPage, Section, Shell, SignedIn};
use super::words::sentence;
use crate::app::App;
use crate::http::{self, RequestCtx};

/// What came with a form, as far as it could be read.
pub(crate) type Body = Result<Bytes, BytesRejection>;

/// Somebody who looks at a page, signed in or not.
pub(crate) struct Visitor {
    pub(super) app: Arc<App>,
    pub(crate) ctx: Ctx,
    pub(crate) caller: Option<Caller>,
    /// Whoever entered their password, and may do nothing before they show a second factor.
    pub(crate) unfinished: Option<Caller>,
    csrf: String,
    /// The form cookie, where the visitor had none.
    new_cookie: Option<HeaderValue>,
    headers: HeaderMap,
    uri: Uri,
}

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let RequestCtx(ctx) = RequestCtx::from_request_parts(parts, app).await?;
        let present = match cookie(&parts.headers, cookie_name(app)) {
            Some(secret) => find_any_session(&ctx, secret).await.ok(),
            None => None,
        };
        let (csrf, new_cookie) = form_secret(app, present.as_ref(), &parts.headers);
        let is_unfinished = present.as_ref().is_some_and(|caller| lacks_factor(&ctx, caller));
        let (caller, unfinished) = if is_unfinished { (None, present) } else { (present, None) };
        let (headers, uri) = (parts.headers.clone(), parts.uri.clone());
        Ok(Self { app: Arc::clone(app), ctx, caller, unfinished, csrf, new_cookie, headers, uri })
    }
}

/// What forms have to send back: the session's secret, or that of a cookie of its own.
fn form_secret(app: &App, caller: Option<&Caller>, headers: &HeaderMap) -> (String, Option<HeaderValue>) {
    if let Some(session) = caller.and_then(Caller::session) {
        return (session.csrf.clone(), None);
    }
    let name = csrf_cookie_name(app);
    let known = cookie(headers, name).filter(|value| RandomId::parse(value).is_ok());
    let known = known.map(|value| (value.to_owned(), None));
    known.unwrap_or_else(|| {
        // Without randomness the form cannot be sent, which is the safe outcome.
        let new = RandomId::generate(&SystemRandom).map(|id| id.expose().to_owned()).unwrap_or_default();
        let set = set_cookie(app, name, &new);
        (new, set)
    })
}

/// The fields of a form that was checked to come from one of our pages.
#[derive(Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// A field's value; empty where it is missing.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All values of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

impl Visitor {
    /// The headers of the request.
    pub(crate) const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Whoever is here, even if they still have to show a second factor.
    pub(super) fn present(&self) -> Option<&Caller> {
        self.caller.as_ref().or(self.unfinished.as_ref())
    }

    /// Where somebody signs in.
    pub(super) fn place(&self) -> Place<'_> {
        let browser = self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Place { before: self.present(), browser: browser.unwrap_or_default(), csrf: &self.csrf }
    }

    /// The frame around a page that shows nobody as signed in.
    pub(crate) fn shell_without_user(&self, section: Section) -> Shell {
        Shell { user: None, ..self.shell(section) }
    }

    /// The frame around a page.
    pub(crate) fn shell(&self, section: Section) -> Shell {
        let user = self.present().map(|caller| SignedIn {
            name: caller.user.name.clone(),
            login: caller.user.login.clone(),
            is_admin: caller.user.is_admin,
        });
        Shell { user, csrf: self.csrf.clone(), section, demo: self.app.demo }
    }

    /// The person who is signed in.
    ///
    /// # Errors
    /// The way to the sign-in page, and from there back to this one.
    pub(super) fn signed_in(&self) -> Result<&Caller, Response> {
        self.signed_in_or(self.uri.path_and_query().map_or("/", |here| here.as_str()))
    }

    /// The person who is signed in and sent a form.
    ///
    /// # Errors
    /// The way to the sign-in page, and from there to the page that has the form.
    pub(super) fn signed_in_or(&self, form: &str) -> Result<&Caller, Response> {
        self.caller.as_ref().ok_or_else(|| see_other("/signin", &[("return_to", form)]))
    }

    /// An administrator who is signed in, as recently and as strongly as that needs; `page` is where they want to be.
    ///
    /// # Errors
    /// The way to the sign-in page, and from there to `page`; or the page that says who may see it.
    pub(super) fn administrator(&self, page: &str) -> Result<&Caller, Response> {
        let caller = self.signed_in_or(page)?;
        caller.require_administrator(&self.ctx).map_err(|fault| self.lead_or_refuse(&fault, page))?;
        Ok(caller)
    }

    /// The person who is signed in and sent a form, and the form; `page` is where the form stands.
    ///
    /// # Errors
    /// The way to the sign-in page, and from there to `page`; or the page that says what is wrong with the form.
    pub(super) fn sent(&self, page: &str, body: Body) -> Result<(&Caller, Form), Response> {
        Ok((self.signed_in_or(page)?, self.form(body)?))
    }

    /// Leads whoever has to show more of who they are to where they can, and from there back; otherwise shows the page for a fault.
    pub(super) fn lead_or_refuse(&self, fault: &Fault, back: &str) -> Response {
        let fields = [("return_to", back), ("again", "1")];
        match fault {
            Fault::InteractionNeeded(Needed::Login) | Fault::InsufficientUserAuthentication { .. } => {
                see_other("/signin", &fields)
            }
            Fault::InteractionNeeded(Needed::SecondFactor) => see_other("/signin/code", &fields[..1]),
            fault => self.refuse(fault),
        }
    }

    /// The value of a parameter of the page's address.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let query = self.uri.query().unwrap_or_default();
        let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
        http::decode(value.as_bytes()).ok()
    }

    /// Reads a form, if it was sent from one of our own pages to the same visitor.
    ///
    /// # Errors
    /// The page that says what is wrong.
    pub(crate) fn form(&self, body: Body) -> Result<Form, Response> {
        let body = http::body(body).map_err(|status| self.refuse_with(status, "The form is too long"))?;
        let fields = http::form_fields(&self.headers, &body);
        let form =
            Form(fields.map_err(|_| self.refuse_with(StatusCode::BAD_REQUEST, "The form cannot be read"))?);
        let sent = form.get("csrf");
        let same = !self.csrf.is_empty() && token::digest::same(sent.as_bytes(), self.csrf.as_bytes());
        if same && self.is_same_origin() {
            Ok(form)
        } else {
            Err(self.show(StatusCode::FORBIDDEN, &ErrorPage::forged_form(self.shell(Section::Other))))
        }
    }

    /// Whether the browser says that the request came from this very site; old ones say nothing.
    fn is_same_origin(&self) -> bool {
        let site = self.headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        let origin = self.headers.get(header::ORIGIN).map(HeaderValue::as_bytes);
        site.is_none_or(|site| matches!(site, b"same-origin" | b"none"))
            && origin.is_none_or(|origin| self.is_own(origin))
    }

    /// Whether an origin is this site: by the public address, or by the name under which the browser reached the program.
    fn is_own(&self, origin: &[u8]) -> bool {
        let public = self.ctx.settings().public_url.as_bytes();
        let host = self.headers.get(header::HOST).map(HeaderValue::as_bytes);
        let named = [&b"http://"[..], b"https://"].iter().find_map(|scheme| origin.strip_prefix(*scheme));
        origin.eq_ignore_ascii_case(public) || (named.is_some() && named == host)
    }

    /// Shows a page.
    pub(crate) fn show(&self, status: StatusCode, page: &impl Template) -> Response {
        let Ok(html) = page.render() else {
            tracing::error!("a page could not be made");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let html_type = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
        self.with_form_cookie((status, html_type, html).into_response())
    }

    /// Gives the visitor the cookie against forged forms, unless they have it.
    pub(super) fn with_form_cookie(&self, mut response: Response) -> Response {
        if let Some(cookie) = &self.new_cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        response
    }

    /// Shows the page for a fault.
    pub(crate) fn refuse(&self, fault: &Fault) -> Response {
        let (status, _) = http::api_code(fault);
        if status.is_server_error() {
            tracing::error!(?fault, "a page failed");
            return self.show(status, &ErrorPage::internal(self.shell(Section::Other)));
        }
        if status == StatusCode::NOT_FOUND {
            return self.show(status, &ErrorPage::not_found(self.shell(Section::Other)));
        }
        self.refuse_with(status, &fault.to_string())
    }

    fn refuse_with(&self, status: StatusCode, message: &str) -> Response {
        let page = ErrorPage {
            shell: self.shell(Section::Other),
            status: status.as_u16(),
            title: "This was not done".to_owned(),
            message: sentence(message),
            advice: "Nothing was changed. Go back and try again.".to_owned(),
        };
        self.show(status, &page)
    }
}

/// Sends a browser on to a page of ours.
pub(super) fn see_other(page: &str, fields: &[(&str, &str)]) -> Response {
    Redirect::to(&format!("{page}?{}", http::encode_form(fields.iter().copied()))).into_response()
}
