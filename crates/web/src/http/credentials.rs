use authority::tokens::{PresentedToken, Scheme};
use authority::{Fault, Reason};
use axum::http::{HeaderMap, HeaderName, header};

const KEY_HEADERS: [HeaderName; 2] =
    [HeaderName::from_static("x-api-key"), HeaderName::from_static("api-key")];

/// The one token that a request carries: as a bearer (RFC 6750, section 2.1), with a proof (RFC 9449,
/// section 7.1) or in `X-Api-Key` or `Api-Key`.
///
/// # Errors
/// [`Fault::InvalidRequest`] where there is more than one, [`Fault::Unauthenticated`] where the form is wrong.
pub fn presented_token(headers: &HeaderMap) -> Result<Option<PresentedToken>, Fault> {
    let bearers = headers.get_all(header::AUTHORIZATION).iter();
    let names = KEY_HEADERS;
    let keys = names.iter().flat_map(|name| headers.get_all(name).iter());
    let mut found = bearers.map(|value| (true, value)).chain(keys.map(|value| (false, value)));
    let Some((is_authorization, value)) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        let message =
            "a request carries one token: either as Authorization: Bearer, or in X-Api-Key or Api-Key";
        return Err(Fault::InvalidRequest(message.to_owned()));
    }
    let Ok(text) = value.to_str() else { return Err(malformed()) };
    let (scheme, token) =
        if is_authorization { split(text).ok_or(malformed())? } else { (Scheme::Bearer, text) };
    let token = token.trim();
    if token.is_empty() { Err(malformed()) } else { Ok(Some(PresentedToken { token: token.into(), scheme })) }
}

const fn malformed() -> Fault {
    Fault::Unauthenticated(Reason::Malformed)
}

fn split(text: &str) -> Option<(Scheme, &str)> {
    let (name, token) = text.split_once(' ')?;
    let schemes = [("bearer", Scheme::Bearer), ("dpop", Scheme::Dpop)];
    let (_, scheme) = schemes.into_iter().find(|(known, _)| name.eq_ignore_ascii_case(known))?;
    Some((scheme, token))
}
