//! The cookies of the pages.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::state::App;

/// The cookie of the session. The prefix limits it to this host (RFC 6265bis, section 4.1.3.2).
pub fn cookie_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-grantor" } else { "grantor" }
}

/// The cookie of the browser itself, against which forms are checked.
pub fn browser_cookie_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-grantor-form" } else { "grantor-form" }
}

/// The cookie of a user who entered the password, before the second factor. It is no session: it is sealed,
/// is valid for minutes, and only together with the cookie of the browser.
pub fn mfa_cookie_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-grantor-half" } else { "grantor-half" }
}

/// The cookie of a browser in which a user has signed in before. A sign-out keeps it.
pub fn known_cookie_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-grantor-known" } else { "grantor-known" }
}

/// What the names of the cookies of sign-ins at providers begin with: each sign-in has its own. They are sealed, and are valid for minutes.
pub fn flow_cookie_start(app: &App) -> &'static str {
    if app.is_secure() { "__Host-grantor-provider-" } else { "grantor-provider-" }
}

/// The value of a cookie that a request carries.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    cookies(headers).find(|(own, _)| *own == name).map(|(_, value)| value)
}

/// The cookies that a request carries, by name.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// A cookie that scripts cannot read and other sites cannot send along with their forms; it ends with the browser's session.
pub fn set_cookie(app: &App, name: &str, value: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{name}={value}; {}", attributes(app))).ok()
}

/// A cookie as [`set_cookie`] makes it, which the browser keeps for so many seconds, also when it is closed.
pub fn set_lasting_cookie(app: &App, name: &str, value: &str, seconds: i64) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{name}={value}; {}; Max-Age={seconds}", attributes(app))).ok()
}

fn attributes(app: &App) -> &'static str {
    if app.is_secure() { "Path=/; HttpOnly; SameSite=Lax; Secure" } else { "Path=/; HttpOnly; SameSite=Lax" }
}

/// The lifetime of the cookie of a browser in seconds: 400 days, the maximum of browsers (RFC 6265bis, section 5.5).
pub const LASTING: i64 = 400 * 24 * 3600;

/// Takes a cookie back.
pub fn remove_cookie(app: &App, name: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{name}=; {}; Max-Age=0", attributes(app))).ok()
}
