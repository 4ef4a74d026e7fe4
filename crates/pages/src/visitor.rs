//! The sender of a request for a page.

mod rejection;

use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use authority::sign_in::session::{BrowserContext, find_any_session, lacks_factor};
use authority::{Caller, Ctx};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use model::Uuid;
use web::App;
use web::http::cookies::{cookie, cookie_name, known_cookie_name};
use web::http::{self, RequestCtx};

use super::forms::{Body, BrowserCookie, Form, Origin, Sender};
use super::redirects::redirect_to_page;
use super::views::error::ErrorPage;
use super::views::shell::{Section, Shell, SignedIn};

/// The sender of a request for a page, signed in or not.
pub struct Visitor {
    pub(super) app: Arc<App>,
    pub(crate) ctx: Ctx,
    pub(crate) caller: Option<Caller>,
    /// A user who entered the password and still has to show a second factor.
    pub(crate) pending_mfa: Option<Caller>,
    browser: BrowserCookie,
    headers: HeaderMap,
    method: Method,
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
        let is_mfa_pending = present.as_ref().is_some_and(|caller| lacks_factor(&ctx, caller));
        let (caller, pending_mfa) = if is_mfa_pending { (None, present) } else { (present, None) };
        Ok(Self {
            app: Arc::clone(app),
            ctx,
            caller,
            pending_mfa,
            browser: BrowserCookie::from_headers(app, &parts.headers),
            headers: parts.headers.clone(),
            method: parts.method.clone(),
            uri: parts.uri.clone(),
        })
    }
}

impl Visitor {
    /// The headers of the request.
    pub(crate) const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The method of the request.
    pub(super) const fn method(&self) -> &Method {
        &self.method
    }

    /// The query of the page's address.
    pub(super) fn query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }

    /// Returns the user, including one who still has to show a second factor.
    pub(super) fn present(&self) -> Option<&Caller> {
        self.caller.as_ref().or(self.pending_mfa.as_ref())
    }

    fn user_id(&self) -> Option<Uuid> {
        self.present().map(|caller| caller.user.id)
    }

    /// Returns the browser of a sign-in.
    pub(super) fn browser_context(&self) -> BrowserContext<'_> {
        let browser = self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        BrowserContext {
            before: self.present(),
            browser: browser.unwrap_or_default(),
            cookie: self.browser.secret(),
            known: cookie(&self.headers, known_cookie_name(&self.app)),
        }
    }

    /// Returns the frame of a page without a signed-in user.
    pub(crate) fn shell_without_user(&self, section: Section) -> Shell {
        Shell { user: None, ..self.shell(section) }
    }

    /// Returns the frame of a page whose forms act for a user who is not signed in yet.
    pub(super) fn shell_for(&self, section: Section, user: Uuid) -> Shell {
        Shell { csrf: self.browser.value(&self.ctx, Some(user)), ..self.shell_without_user(section) }
    }

    /// Returns the frame of a page.
    pub(crate) fn shell(&self, section: Section) -> Shell {
        let user = self.present().map(|caller| SignedIn {
            name: caller.user.name.clone(),
            login: caller.user.login.clone(),
            is_admin: caller.user.is_admin,
        });
        Shell { user, csrf: self.browser.value(&self.ctx, self.user_id()), section, demo: self.app.demo }
    }

    /// Returns the signed-in user.
    ///
    /// # Errors
    /// A redirect to the sign-in page, which returns to this page.
    pub(super) fn signed_in(&self) -> Result<&Caller, Response> {
        self.signed_in_or(self.uri.path_and_query().map_or("/", |here| here.as_str()))
    }

    /// Returns the signed-in user who sent a form.
    ///
    /// # Errors
    /// A redirect to the sign-in page, which returns to the page `form`.
    pub(super) fn signed_in_or(&self, form: &str) -> Result<&Caller, Response> {
        self.caller.as_ref().ok_or_else(|| see_other("/signin", &[("return_to", form)]))
    }

    /// Returns the signed-in administrator, if the sign-in is recent and strong enough.
    ///
    /// # Errors
    /// A redirect to the sign-in page, which returns to `page`; or an error page.
    pub(super) fn administrator(&self, page: &str) -> Result<&Caller, Response> {
        let caller = self.signed_in_or(page)?;
        caller.require_administrator(&self.ctx).map_err(|fault| self.sign_in_or_reject(&fault, page))?;
        Ok(caller)
    }

    /// Returns the administrator who sent a form, and the form; `page` has the form.
    ///
    /// # Errors
    /// As [`Self::sent`] and [`Self::administrator`].
    pub(super) fn sent_by_administrator(&self, page: &str, body: Body) -> Result<(&Caller, Form), Response> {
        let (_, form) = self.sent(page, body)?;
        Ok((self.administrator(page)?, form))
    }

    /// Returns the signed-in user who sent a form, and the form; `page` has the form.
    ///
    /// # Errors
    /// A redirect to the sign-in page, which returns to `page`; or an error page.
    pub(super) fn sent(&self, page: &str, body: Body) -> Result<(&Caller, Form), Response> {
        let caller = self.signed_in_or(page)?;
        Ok((caller, self.sent_as_shown(page, body)?))
    }

    /// Reads a form that acts for the user to whom it was shown; `page` has the form.
    ///
    /// # Errors
    /// An error page with a link to `page`.
    pub(super) fn sent_as_shown(&self, page: &str, body: Body) -> Result<Form, Response> {
        let (origin, form) = self.receive(body)?;
        match origin {
            Origin::Current => Ok(form),
            Origin::SignedOut => Err(see_other("/signin", &[("return_to", page)])),
            Origin::OtherPerson => {
                Err(self.show_error(&ErrorPage::other_person(self.shell(Section::Other), page)))
            }
            Origin::LostCookie | Origin::Foreign => Err(self.forged(page)),
        }
    }

    /// Reads a form that identifies its user itself, by a password or by a secret in its address. `page` gives the address of the
    /// page with the form.
    ///
    /// # Errors
    /// A redirect to the page if the browser lost its cookie; otherwise an error page.
    pub(super) fn entered(&self, body: Body, page: impl FnOnce(&Form) -> String) -> Result<Form, Response> {
        let (origin, form) = self.receive(body)?;
        match origin {
            Origin::Current | Origin::SignedOut | Origin::OtherPerson => Ok(form),
            Origin::LostCookie => Err(self.with_browser_cookie(redirect_to_page(&page(&form)))),
            Origin::Foreign => Err(self.forged(&page(&form))),
        }
    }

    /// Reads a form and determines its origin.
    ///
    /// # Errors
    /// An error page if it cannot be read.
    pub(crate) fn receive(&self, body: Body) -> Result<(Origin, Form), Response> {
        self.receive_for(self.user_id(), body)
    }

    /// Reads a form that acts for a user who is not signed in yet, and determines its origin.
    pub(super) fn receive_for(&self, user: Option<Uuid>, body: Body) -> Result<(Origin, Form), Response> {
        let body = http::body(body).map_err(|error| self.unread(&error))?;
        let form = http::form_fields(&self.headers, &body).and_then(Form::new);
        let form = form.map_err(|fault| self.reject_with(StatusCode::BAD_REQUEST, &fault.to_string()))?;
        let sender = Sender::from_headers(&self.ctx, &self.headers);
        Ok((self.browser.origin(&self.ctx, &form, user, sender), form))
    }

    /// The value of a parameter of the page's address.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let value = self.query().split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
        http::decode(value.as_bytes()).ok()
    }

    /// Shows a page.
    pub(crate) fn show(&self, status: StatusCode, page: &impl Template) -> Response {
        let Ok(html) = page.render() else {
            tracing::error!("a page could not be rendered");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let html_type = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
        self.with_browser_cookie((status, html_type, html).into_response())
    }

    /// Shows an error page, with its status.
    pub(crate) fn show_error(&self, page: &ErrorPage) -> Response {
        self.show(page.status, page)
    }

    /// Sets the cookie of the browser if it has none.
    pub(super) fn with_browser_cookie(&self, mut response: Response) -> Response {
        if let Some(cookie) = &self.browser.new {
            response.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        response
    }
}

/// Redirects to one of our pages.
pub(super) fn see_other(page: &str, fields: &[(&str, &str)]) -> Response {
    Redirect::to(&format!("{page}?{}", http::encode_form(fields.iter().copied()))).into_response()
}
