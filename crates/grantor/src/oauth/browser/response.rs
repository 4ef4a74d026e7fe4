use authority::authorization::{Answer, ResponseMode};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::http::encode_form;
use crate::pages::views::{FormPostPage, Section};
use crate::pages::{Visitor, lead_to};

/// Sends the browser back with an answer. Always with 303, so that no form with a password goes along (RFC 9700,
/// section 4.12).
pub(super) fn send(visitor: &Visitor, answer: &Answer) -> Response {
    let Answer { redirect_uri, mode, fields } = answer;
    let form = || encode_form(fields.iter().map(|(name, value)| (*name, value.as_str())));
    match mode {
        ResponseMode::Query => {
            let mark = if redirect_uri.contains('?') { '&' } else { '?' };
            see_other(&format!("{redirect_uri}{mark}{}", form()))
        }
        ResponseMode::Fragment => see_other(&format!("{redirect_uri}#{}", form())),
        ResponseMode::FormPost => {
            let fields = fields.iter().map(|(name, value)| (*name, value.clone())).collect();
            let page =
                FormPostPage { shell: visitor.shell(Section::Other), action: redirect_uri.clone(), fields };
            lead_to(visitor.show(StatusCode::OK, &page), [redirect_uri.as_str()])
        }
    }
}

pub(super) fn see_other(location: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
