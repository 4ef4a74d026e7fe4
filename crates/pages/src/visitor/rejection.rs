//! The pages for requests that are refused.

use authority::{Fault, Needed};
use axum::http::StatusCode;
use axum::response::Response;
use web::http;

use super::super::sentences::sentence;
use super::super::views::error::ErrorPage;
use super::super::views::shell::Section;
use super::{Visitor, see_other};

impl Visitor {
    /// Returns the error page for a form that is not from a page of this browser; `page` shows the form again.
    pub(crate) fn forged(&self, page: &str) -> Response {
        self.show_error(&ErrorPage::forged_form(self.shell(Section::Other), page))
    }

    /// Redirects to a page where the user can authenticate again or more strongly, and returns to `back`; for other faults, shows
    /// the error page.
    pub(crate) fn sign_in_or_reject(&self, fault: &Fault, back: &str) -> Response {
        let fields = [("return_to", back), ("again", "1")];
        match fault {
            Fault::InteractionNeeded(Needed::Login) | Fault::InsufficientUserAuthentication { .. } => {
                see_other("/signin", &fields)
            }
            Fault::InteractionNeeded(Needed::SecondFactor) => see_other("/signin/code", &fields[..1]),
            fault => self.reject(fault),
        }
    }

    /// Shows the error page for a fault.
    pub(crate) fn reject(&self, fault: &Fault) -> Response {
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
        http::advise(self.reject_with(status, &fault.to_string()), fault)
    }

    /// Shows the error page for an invalid request of a client.
    pub(crate) fn reject_request(&self, fault: &Fault) -> Response {
        let message = match fault {
            Fault::InvalidClient => "The application is not registered here, or was disabled.".to_owned(),
            fault => sentence(&fault.to_string()),
        };
        match http::api_code(fault).0 {
            status @ (StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                self.show_error(&ErrorPage::bad_request(self.shell(Section::Other), status, message))
            }
            _ => self.reject(fault),
        }
    }

    /// Shows the error page for a form that could not be received.
    pub(crate) fn unread(&self, error: &http::BodyError) -> Response {
        self.reject_with(error.status(), &error.to_string())
    }

    pub(super) fn reject_with(&self, status: StatusCode, message: &str) -> Response {
        self.show_error(&ErrorPage::rejected(self.shell(Section::Other), status, sentence(message)))
    }
}
