//! What browsers are told that pages may do.

use axum::http::{HeaderValue, header};
use axum::response::Response;

/// Which forms a page has.
enum Forms {
    /// They are sent to its own site.
    Own,
    /// One is sent to an application, which goes on wherever it wants to: browsers ask the policy about each redirect behind a form.
    Elsewhere,
}

/// What pages may load and where their forms may lead to, besides their own site. The reference, which is read from folders
/// as well, has its icon in its address (`data:`).
fn policy(forms: &Forms, frames: &str) -> String {
    let form_action = match forms {
        Forms::Own => " form-action 'self';",
        Forms::Elsewhere => "",
    };
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;{form_action} \
         frame-ancestors 'none'; base-uri 'none'; connect-src 'self'{frames}"
    )
}

/// Lets the form of a page be sent to an application (OAuth 2.0 Form Post Response Mode).
pub fn post_elsewhere(mut response: Response) -> Response {
    if let Ok(policy) = HeaderValue::from_str(&policy(&Forms::Elsewhere, "")) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Lets a page show frames of these addresses' origins, and of no others.
pub fn frame<'a>(mut response: Response, uris: impl IntoIterator<Item = &'a str>) -> Response {
    let origins: String = uris.into_iter().filter_map(origin).map(|origin| format!(" {origin}")).collect();
    let frames = if origins.is_empty() { String::new() } else { format!("; frame-src{origins}") };
    if let Ok(policy) = HeaderValue::from_str(&policy(&Forms::Own, &frames)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The origin of an http address as a source of a policy, with its port (CSP Level 3, section 2.3.1).
fn origin(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let named = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte));
    match scheme {
        "http" | "https" if named && !host.is_empty() => Some(format!("{scheme}://{host}")),
        // A policy cannot name an IPv6 address.
        "http" | "https" => Some(format!("{scheme}:")),
        _ => None,
    }
}

/// The policy of every document that has none of its own.
pub fn standard_policy() -> String {
    policy(&Forms::Own, "")
}
