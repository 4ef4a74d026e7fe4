//! The content security policies of pages.

use axum::http::{HeaderValue, header};
use axum::response::Response;

/// The targets of the forms of a page.
enum Forms {
    /// Its own site.
    Own,
    /// A client, which can redirect anywhere: browsers apply the policy to each redirect after a form.
    Elsewhere,
}

/// Returns the policy: the sources of a page and the targets of its forms. The reference, which is also read from folders, has
/// its icon in a `data:` address.
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

/// Allows the form of a page to be sent to a client (OAuth 2.0 Form Post Response Mode).
pub fn post_elsewhere(mut response: Response) -> Response {
    if let Ok(policy) = HeaderValue::from_str(&policy(&Forms::Elsewhere, "")) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Allows a page to show frames of the origins of these addresses, and of no others.
pub fn frame<'a>(mut response: Response, uris: impl IntoIterator<Item = &'a str>) -> Response {
    let origins: String = uris.into_iter().filter_map(origin).map(|origin| format!(" {origin}")).collect();
    let frames = if origins.is_empty() { String::new() } else { format!("; frame-src{origins}") };
    if let Ok(policy) = HeaderValue::from_str(&policy(&Forms::Own, &frames)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Returns the origin of an http address as a source of a policy, with its port (CSP Level 3, section 2.3.1).
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

/// Returns the policy of every document without its own policy.
pub fn standard_policy() -> String {
    policy(&Forms::Own, "")
}
