use authority::{Fault, Reason};
use axum::http::{HeaderMap, HeaderName, header};

const KEY_HEADERS: [HeaderName; 2] =
    [HeaderName::from_static("x-api-key"), HeaderName::from_static("api-key")];

/// The one token that a request carries: as a bearer (RFC 6750, section 2.1) or in `X-Api-Key` or `Api-Key`.
///
/// # Errors
/// [`Fault::InvalidRequest`] where there is more than one, [`Fault::Unauthenticated`] where the form is wrong.
pub(crate) fn presented_token(headers: &HeaderMap) -> Result<Option<String>, Fault> {
    let bearers = headers.get_all(header::AUTHORIZATION).iter();
    let names = KEY_HEADERS;
    let keys = names.iter().flat_map(|name| headers.get_all(name).iter());
    let malformed = Fault::Unauthenticated(Reason::Malformed);
    let mut found = bearers.map(|value| (true, value)).chain(keys.map(|value| (false, value)));
    let Some((is_authorization, value)) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        let message =
            "a request carries one token: either as Authorization: Bearer, or in X-Api-Key or Api-Key";
        return Err(Fault::InvalidRequest(message.to_owned()));
    }
    let Ok(text) = value.to_str() else { return Err(malformed) };
    let token = if is_authorization { bearer(text) } else { Some(text) };
    token
        .map(str::trim)
        .filter(|token| !token.is_empty())
        .map(|token| Some(token.to_owned()))
        .ok_or(malformed)
}

fn bearer(text: &str) -> Option<&str> {
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
