use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flows::authorization::{Answer, ResponseMode};
use web::http::policy::post_elsewhere;
use web::http::{self, encode_form};

use crate::forms::Body;
use crate::views::authorize::FormPostPage;
use crate::views::shell::Section;
use crate::visitor::Visitor;

/// Sends the browser back with an answer.
pub(super) fn send(visitor: &Visitor, answer: &Answer) -> Response {
    match destination(answer.clone()) {
        (address, None) => visitor.redirect_to_site(&address),
        (action, Some(fields)) => {
            let page = FormPostPage { shell: visitor.shell(Section::Other), action, fields };
            post_elsewhere(visitor.show(StatusCode::OK, &page))
        }
    }
}

/// Where an answer goes: an address, and for an answer that is posted the fields of the form.
pub(super) fn destination(answer: Answer) -> (String, Option<Vec<(&'static str, String)>>) {
    let Answer { redirect_uri, mode, fields } = answer;
    let form = || encode_form(fields.iter().map(|(name, value)| (*name, value.as_str())));
    match mode {
        ResponseMode::Query => {
            let mark = if redirect_uri.contains('?') { '&' } else { '?' };
            (format!("{redirect_uri}{mark}{}", form()), None)
        }
        ResponseMode::Fragment => (format!("{redirect_uri}#{}", form()), None),
        ResponseMode::FormPost => (redirect_uri, Some(fields)),
    }
}

/// The longest query of a request, in bytes.
pub(super) const MAX_QUERY: usize = 24 * 1024;

/// The address of a request that a form sends along, which a browser can ask again.
pub(super) fn request_at(path: &str, query: &str) -> String {
    let plain = query.len() <= MAX_QUERY && query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    format!("{path}?{}", if plain { query } else { "" })
}

/// Redirects from a request in a form to the same request in the address.
pub(super) fn as_query(visitor: &Visitor, path: &str, body: Body) -> Response {
    let fields = match http::body(body) {
        Ok(body) => http::form_fields(visitor.headers(), &body),
        Err(error) => return visitor.unread(&error),
    };
    match fields {
        Ok(fields) => {
            let query = encode_form(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            see_other(&format!("{path}?{query}"))
        }
        Err(fault) => visitor.reject(&fault),
    }
}

/// Redirects to one of our pages, always with 303, so that no form with a password is sent again (RFC 9700, section 4.12).
pub(super) fn see_other(location: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
