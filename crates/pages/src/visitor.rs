use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use authority::sign_in::session::{BrowserContext, find_any_session, lacks_factor};
use authority::{Caller, Ctx, Fault, Needed};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use model::Uuid;
use web::App;
use web::http::cookies::{cookie, cookie_name, known_cookie_name};
use web::http::{self, RequestCtx};

use super::forms::{Body, BrowserCookie, Form, Origin, Sender};
use super::views::{ErrorPage, Section, Shell, SignedIn};
use super::way::lead;
use super::words::sentence;

/// A person who looks at a page, signed in or not.
pub struct Visitor {
    pub(super) app: Arc<App>,
    pub(crate) ctx: Ctx,
    pub(crate) caller: Option<Caller>,
    /// A person who entered their password, and may do nothing before they show a second factor.
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
        let is_pending = present.as_ref().is_some_and(|caller| lacks_factor(&ctx, caller));
        let (caller, pending_mfa) = if is_pending { (None, present) } else { (present, None) };
        Ok(Self {
            app: Arc::clone(app),
            ctx,
            caller,
            pending_mfa,
            browser: BrowserCookie::of(app, &parts.headers),
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

    /// The person who is here, also one who still has to show a second factor.
    pub(super) fn present(&self) -> Option<&Caller> {
        self.caller.as_ref().or(self.pending_mfa.as_ref())
    }

    fn person(&self) -> Option<Uuid> {
        self.present().map(|caller| caller.user.id)
    }

    /// Where a person signs in.
    pub(super) fn place(&self) -> BrowserContext<'_> {
        let browser = self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        BrowserContext {
            before: self.present(),
            browser: browser.unwrap_or_default(),
            cookie: self.browser.secret(),
            known: cookie(&self.headers, known_cookie_name(&self.app)),
        }
    }

    /// The frame around a page that shows nobody as signed in.
    pub(crate) fn shell_without_user(&self, section: Section) -> Shell {
        Shell { user: None, ..self.shell(section) }
    }

    /// The frame around a page whose forms act for a person who is not signed in yet.
    pub(super) fn shell_for(&self, section: Section, person: Uuid) -> Shell {
        Shell { csrf: self.browser.value(&self.ctx, Some(person)), ..self.shell_without_user(section) }
    }

    /// The frame around a page.
    pub(crate) fn shell(&self, section: Section) -> Shell {
        let user = self.present().map(|caller| SignedIn {
            name: caller.user.name.clone(),
            login: caller.user.login.clone(),
            is_admin: caller.user.is_admin,
        });
        Shell { user, csrf: self.browser.value(&self.ctx, self.person()), section, demo: self.app.demo }
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

    /// An administrator who sent a form, and the form; `page` has the form.
    ///
    /// # Errors
    /// As [`Self::sent`] and [`Self::administrator`].
    pub(super) fn sent_by_administrator(&self, page: &str, body: Body) -> Result<(&Caller, Form), Response> {
        let (_, form) = self.sent(page, body)?;
        Ok((self.administrator(page)?, form))
    }

    /// The person who is signed in and sent a form that acts for them, and the form; `page` has the form.
    ///
    /// # Errors
    /// The way to the sign-in page, and from there to `page`; or the page that says why the form is refused.
    pub(super) fn sent(&self, page: &str, body: Body) -> Result<(&Caller, Form), Response> {
        let caller = self.signed_in_or(page)?;
        Ok((caller, self.sent_as_shown(page, body)?))
    }

    /// A form that acts for the person who is here; `page` has the form.
    ///
    /// # Errors
    /// The page that says why the form is refused, with the way back to `page`.
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

    /// A form that acts for nobody who is signed in: it says itself who sends it, by a password or by a secret in its address.
    /// `page` gives the address of the page with the form.
    ///
    /// # Errors
    /// The way to the page, where the cookie of the browser was lost; or the page that says why the form is refused.
    pub(super) fn entered(&self, body: Body, page: impl FnOnce(&Form) -> String) -> Result<Form, Response> {
        let (origin, form) = self.receive(body)?;
        match origin {
            Origin::Current | Origin::SignedOut | Origin::OtherPerson => Ok(form),
            Origin::LostCookie => Err(self.with_browser_cookie(lead(&page(&form)))),
            Origin::Foreign => Err(self.forged(&page(&form))),
        }
    }

    /// Reads a form, and finds out where it comes from.
    ///
    /// # Errors
    /// The page that says why it cannot be read.
    pub(crate) fn receive(&self, body: Body) -> Result<(Origin, Form), Response> {
        self.receive_for(self.person(), body)
    }

    /// The same for a form that acts for a person who is not signed in yet.
    pub(super) fn receive_for(&self, person: Option<Uuid>, body: Body) -> Result<(Origin, Form), Response> {
        let body = http::body(body).map_err(|error| self.unread(&error))?;
        let form = http::form_fields(&self.headers, &body).and_then(Form::new);
        let form = form.map_err(|fault| self.refuse_with(StatusCode::BAD_REQUEST, &fault.to_string()))?;
        let sender = Sender::of(&self.ctx, &self.headers);
        Ok((self.browser.origin(&self.ctx, &form, person, sender), form))
    }

    /// Refuses a form that did not come from a page of this browser; `page` is where the form can be loaded again.
    pub(crate) fn forged(&self, page: &str) -> Response {
        self.show_error(&ErrorPage::forged_form(self.shell(Section::Other), page))
    }

    /// Leads a person who has to show more of who they are to where they can, and from there back; otherwise shows the page for a fault.
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
        let value = self.query().split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
        http::decode(value.as_bytes()).ok()
    }

    /// Shows a page.
    pub(crate) fn show(&self, status: StatusCode, page: &impl Template) -> Response {
        let Ok(html) = page.render() else {
            tracing::error!("a page could not be made");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let html_type = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
        self.with_browser_cookie((status, html_type, html).into_response())
    }

    /// Shows a page that says what went wrong; the answer has the status that the page names.
    pub(crate) fn show_error(&self, page: &ErrorPage) -> Response {
        self.show(page.status, page)
    }

    /// Gives the browser its cookie, unless it has it.
    pub(super) fn with_browser_cookie(&self, mut response: Response) -> Response {
        if let Some(cookie) = &self.browser.new {
            response.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        response
    }

    /// Shows the page for a fault.
    pub(crate) fn refuse(&self, fault: &Fault) -> Response {
        // The session ended while the form was on its way.
        if matches!(fault, Fault::InteractionNeeded(Needed::Login)) {
            return see_other("/signin", &[("return_to", "/account")]);
        }
        let (status, _) = http::api_code(fault);
        let shell = self.shell(Section::Other);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            tracing::error!(?fault, "a page failed");
            return http::advise(self.show_error(&ErrorPage::unavailable(shell)), fault);
        }
        if status.is_server_error() {
            tracing::error!(?fault, "a page failed");
            return self.show_error(&ErrorPage::internal(shell));
        }
        if status == StatusCode::NOT_FOUND {
            return self.show_error(&ErrorPage::not_found(shell));
        }
        http::advise(self.refuse_with(status, &fault.to_string()), fault)
    }

    /// Shows the page for a request with which an application sent the browser and which cannot be answered.
    pub(crate) fn refuse_request(&self, fault: &Fault) -> Response {
        let message = match fault {
            Fault::InvalidClient => "The application is not registered here, or was disabled.".to_owned(),
            fault => sentence(&fault.to_string()),
        };
        match http::api_code(fault).0 {
            status @ (StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                self.show_error(&ErrorPage::bad_request(self.shell(Section::Other), status, message))
            }
            _ => self.refuse(fault),
        }
    }

    /// Shows the page that says why a form did not arrive.
    pub(crate) fn unread(&self, error: &http::BodyError) -> Response {
        self.refuse_with(error.status(), &error.to_string())
    }

    fn refuse_with(&self, status: StatusCode, message: &str) -> Response {
        self.show_error(&ErrorPage::refused(self.shell(Section::Other), status, sentence(message)))
    }
}

/// Sends a browser on to a page of ours.
pub(super) fn see_other(page: &str, fields: &[(&str, &str)]) -> Response {
    Redirect::to(&format!("{page}?{}", http::encode_form(fields.iter().copied()))).into_response()
}
