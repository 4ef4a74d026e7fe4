//! The way to another site.

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use super::views::authorize::LeavePage;
use super::views::shell::Section;
use super::visitor::Visitor;
use super::way::{has_mark, redirect, unusable};

impl Visitor {
    /// Sends the browser to another site: by a redirect, or behind a form by a page that goes on by itself.
    pub(crate) fn leave(&self, to: &str) -> Response {
        let follows_form = *self.method() == Method::POST || has_mark(self.query());
        if !follows_form {
            return redirect(to);
        }
        let Ok(refresh) = HeaderValue::from_str(&format!("0; url={to}")) else { return unusable() };
        let page = LeavePage { shell: self.shell_without_user(Section::Other), to: to.to_owned() };
        let mut response = self.show(StatusCode::OK, &page);
        response.headers_mut().insert(header::REFRESH, refresh);
        response
    }
}
