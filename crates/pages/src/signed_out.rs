use authority::sign_out::FrontChannel;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use web::http::cookies::{cookie_name, remove_cookie};
use web::http::encode_form;
use web::http::policy::frame;

use super::views::authorize::SignedOutPage;
use super::views::shell::Section;
use super::visitor::Visitor;

/// The time for the frames to notify the applications before the browser continues, in seconds.
const STAY: u8 = 3;

/// Shows the page after a sign-out. Hidden frames notify the applications (OpenID Connect Front-Channel Logout 1.0). Then the
/// browser continues at `go_on`: automatically if `by_itself`, otherwise when the user follows the link.
pub(crate) fn signed_out(
    visitor: &Visitor,
    applications: &[FrontChannel],
    go_on: Option<String>,
    by_itself: bool,
) -> Response {
    let frames = applications.iter().map(|application| address(visitor, application)).collect();
    let refresh = go_on
        .as_ref()
        .filter(|_| by_itself)
        .and_then(|uri| HeaderValue::from_str(&format!("{STAY}; url={uri}")).ok());
    let shell = visitor.shell_without_user(Section::Other);
    let page = SignedOutPage { shell, frames, go_on, by_itself };
    let mut response = visitor.show(StatusCode::OK, &page);
    if let Some(refresh) = refresh {
        response.headers_mut().insert(header::REFRESH, refresh);
    }
    frame(response, page.frames.iter().map(String::as_str))
}

/// Returns the logout URI with issuer and session (section 3). Both are always present, so that no application has to require
/// them.
fn address(visitor: &Visitor, application: &FrontChannel) -> String {
    let issuer = visitor.ctx.settings().issuer();
    let mark = if application.uri.contains('?') { '&' } else { '?' };
    let fields = encode_form([("iss", issuer.as_str()), ("sid", application.session.as_str())]);
    format!("{}{mark}{fields}", application.uri)
}

/// Removes the cookie of the session.
pub(crate) fn forget_cookie(visitor: &Visitor, mut response: Response) -> Response {
    if let Some(cookie) = remove_cookie(&visitor.app, cookie_name(&visitor.app)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
