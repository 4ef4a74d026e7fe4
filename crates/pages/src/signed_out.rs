use authority::sign_out::FrontChannel;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use web::http::cookies::{cookie_name, remove_cookie};
use web::http::encode_form;
use web::http::policy::frame;

use super::views::authorize::SignedOutPage;
use super::views::shell::Section;
use super::visitor::Visitor;

/// How long the browser stays to tell applications, in seconds.
const STAY: u8 = 3;

/// The page of somebody who is signed out. By frames nobody sees, the browser tells applications (OpenID Connect
/// Front-Channel Logout 1.0), and then goes on where it is to: `by_itself`, or when the person wants it.
pub(crate) fn signed_out(
    visitor: &Visitor,
    told: &[FrontChannel],
    go_on: Option<String>,
    by_itself: bool,
) -> Response {
    let frames = told.iter().map(|told| address(visitor, told)).collect();
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

/// Names the issuer and the session, by which an application knows whom it signs out (section 3). Neither is ever left out, so
/// no application has to ask for them.
fn address(visitor: &Visitor, told: &FrontChannel) -> String {
    let issuer = visitor.ctx.settings().issuer();
    let mark = if told.uri.contains('?') { '&' } else { '?' };
    format!("{}{mark}{}", told.uri, encode_form([("iss", issuer.as_str()), ("sid", told.session.as_str())]))
}

/// Takes back the cookie that says who is signed in.
pub(crate) fn forget_cookie(visitor: &Visitor, mut response: Response) -> Response {
    if let Some(cookie) = remove_cookie(&visitor.app, cookie_name(&visitor.app)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
