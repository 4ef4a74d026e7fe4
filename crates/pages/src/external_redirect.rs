//! Redirects to other sites.

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use super::redirects::{has_mark, redirect, unusable};
use super::views::authorize::ExternalRedirectPage;
use super::views::shell::Section;
use super::visitor::Visitor;

impl Visitor {
    /// Redirects to another site: directly, or after a form by a page with an immediate refresh.
    pub(crate) fn redirect_to_site(&self, to: &str) -> Response {
        let follows_form = *self.method() == Method::POST || has_mark(self.query());
        if !follows_form {
            return redirect(to);
        }
        let Ok(refresh) = HeaderValue::from_str(&format!("0; url={to}")) else { return unusable() };
        let page = ExternalRedirectPage { shell: self.shell_without_user(Section::Other), to: to.to_owned() };
        let mut response = self.show(StatusCode::OK, &page);
        response.headers_mut().insert(header::REFRESH, refresh);
        response
    }
}
