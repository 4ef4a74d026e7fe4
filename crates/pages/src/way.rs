//! Where a browser goes on.
//!
//! Chromium asks the policy of the page with a form (`form-action`) about every redirect behind the form, also about those that
//! the application makes. So a chain of redirects that begins with a form ends on a page of ours, and that page goes on.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// The parameter of a redirect that follows a form.
const AFTER_FORM: &str = "grantor_after_form";
/// What may lead on to other sites, or to what does.
const LEADS_ON: [&str; 2] = ["/id/", "/signin/provider/"];

/// Redirects to a page of ours (303), also behind a form.
pub(crate) fn lead(to: &str) -> Response {
    redirect(&marked(to))
}

/// Marks an address that may lead on to another site, so that its redirect is known to follow a form.
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

/// Returns whether a pair of a query is the mark, which is no part of what an application asks for.
pub(crate) fn is_mark(pair: &str) -> bool {
    pair.split('=').next() == Some(AFTER_FORM)
}

/// Always 303, so that no form with a password is sent on (RFC 9700, section 4.12).
pub(super) fn redirect(to: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(to) else { return unusable() };
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The answer where an address cannot be a header.
pub(super) fn unusable() -> Response {
    tracing::error!("an address cannot stand in a header");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_lead_to_another_site_is_marked_once() {
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
