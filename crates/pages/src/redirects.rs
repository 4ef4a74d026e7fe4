//! Redirects to our own pages.
//!
//! Chromium applies the policy of the page with a form (`form-action`) to every redirect after the form, including those of
//! the client. A chain of redirects that begins with a form therefore ends on one of our pages, which then leaves the site.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// The parameter of a redirect that follows a form.
const AFTER_FORM: &str = "grantor_after_form";
/// The paths that can redirect to another site.
const LEADS_ON: [&str; 2] = ["/id/", "/signin/provider/"];

/// Redirects to one of our pages (303), after a form as well.
pub(crate) fn redirect_to_page(to: &str) -> Response {
    redirect(&marked(to))
}

/// Marks an address that can redirect to another site, so that its redirect is known to follow a form.
fn marked(to: &str) -> String {
    let bare = to.split('#').next().unwrap_or_default();
    let query = bare.split_once('?').map(|(_, query)| query);
    if !LEADS_ON.iter().any(|start| bare.starts_with(start)) || query.is_some_and(has_mark) {
        return to.to_owned();
    }
    let joint = if query.is_some() { '&' } else { '?' };
    format!("{bare}{joint}{AFTER_FORM}=1")
}

/// Returns whether a query has the mark.
pub(super) fn has_mark(query: &str) -> bool {
    query.split('&').any(is_mark)
}

/// Returns whether a pair of a query is the mark, which is not part of the client's request.
pub(crate) fn is_mark(pair: &str) -> bool {
    pair.split('=').next() == Some(AFTER_FORM)
}

/// Always 303, so that no form with a password is sent on (RFC 9700, section 4.12).
pub(super) fn redirect(to: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(to) else { return unusable() };
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Returns the response for an address that is not a valid header value.
pub(super) fn unusable() -> Response {
    tracing::error!("a redirect address is not a valid header value");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_can_leave_the_site_is_marked_once() {
        for (to, marked_as) in [
            ("/tokens", "/tokens"),
            ("/device?user_code=A", "/device?user_code=A"),
            ("/id/connect/authorize?a=b", "/id/connect/authorize?a=b&grantor_after_form=1"),
            ("/id/connect/endsession", "/id/connect/endsession?grantor_after_form=1"),
            ("/signin/provider/acme", "/signin/provider/acme?grantor_after_form=1"),
            ("/signin?return_to=%2Fid%2F", "/signin?return_to=%2Fid%2F"),
            ("/id/x?a=b#c", "/id/x?a=b&grantor_after_form=1"),
            ("/tokens#x", "/tokens#x"),
        ] {
            assert_eq!(marked(to), marked_as);
            assert_eq!(marked(&marked(to)), marked_as);
        }
    }
}
