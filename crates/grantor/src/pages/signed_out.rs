use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::views::{Section, SignedOutPage};
use super::visitor::{Visitor, frame};

/// How long the browser stays to tell applications, in seconds.
const STAY: u8 = 3;

/// The page of somebody who is signed out. By frames nobody sees, the browser tells applications (OpenID Connect
/// Front-Channel Logout 1.0), and then goes on by itself where it is to.
pub(crate) fn signed_out(visitor: &Visitor, frames: Vec<String>, go_on: Option<String>) -> Response {
    let refresh = go_on.as_ref().and_then(|uri| HeaderValue::from_str(&format!("{STAY}; url={uri}")).ok());
    let shell = visitor.shell_without_user(Section::Other);
    let page = SignedOutPage { shell, frames, go_on };
    let mut response = visitor.show(StatusCode::OK, &page);
    if let Some(refresh) = refresh {
        response.headers_mut().insert(header::REFRESH, refresh);
    }
    frame(response, page.frames.iter().map(String::as_str))
}
