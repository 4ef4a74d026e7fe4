use authority::tokens::{PresentedToken, Scheme};
use authority::{Fault, Reason};
use axum::http::{HeaderMap, HeaderName};
use data_encoding::BASE64;
use input::Secret;

use super::negotiation::{Authorization, BadAuthorization};

const KEY_HEADERS: [HeaderName; 2] =
    [HeaderName::from_static("x-api-key"), HeaderName::from_static("api-key")];

/// Returns the token of a request: a bearer token (RFC 6750, section 2.1), a token with a key proof (RFC 9449, section 7.1),
/// or a token in `X-Api-Key` or `Api-Key`.
///
/// # Errors
/// [`Fault::InvalidRequest`] for more than one token, [`Fault::Unauthenticated`] for a malformed header.
pub fn presented_token(headers: &HeaderMap) -> Result<Option<PresentedToken>, Fault> {
    presented(headers, with_scheme)
}

/// Returns the token of a request, also if it is the password of basic authentication (RFC 7617), for clients such as Excel
/// that send nothing else. The user name is not used.
///
/// # Errors
/// As [`presented_token`].
pub fn presented_token_or_password(headers: &HeaderMap) -> Result<Option<PresentedToken>, Fault> {
    presented(headers, |authorization| with_scheme(authorization).or_else(|| password(authorization)))
}

fn presented(
    headers: &HeaderMap,
    read: impl FnOnce(Authorization<'_>) -> Option<(Secret, Scheme)>,
) -> Result<Option<PresentedToken>, Fault> {
    let names = KEY_HEADERS;
    let mut keys = names.iter().flat_map(|name| headers.get_all(name).iter());
    let (token, scheme) = match (Authorization::from_headers(headers), keys.next(), keys.next()) {
        (Err(BadAuthorization::Repeated), ..) | (_, _, Some(_)) => return Err(several()),
        (Ok(Some(_)) | Err(_), Some(_), None) => return Err(several()),
        (Err(BadAuthorization::Malformed), None, None) => return Err(malformed()),
        (Ok(Some(authorization)), None, None) => read(authorization).ok_or(malformed())?,
        (Ok(None), Some(key), None) => (key.to_str().map_err(|_| malformed())?.trim().into(), Scheme::Bearer),
        (Ok(None), None, None) => return Ok(None),
    };
    if token.expose().is_empty() { Err(malformed()) } else { Ok(Some(PresentedToken { token, scheme })) }
}

fn several() -> Fault {
    let message = "a request carries one token: either as Authorization: Bearer, or in X-Api-Key or Api-Key";
    Fault::InvalidRequest(message.to_owned())
}

const fn malformed() -> Fault {
    Fault::Unauthenticated(Reason::Malformed)
}

fn with_scheme(authorization: Authorization<'_>) -> Option<(Secret, Scheme)> {
    let schemes = [("bearer", Scheme::Bearer), ("dpop", Scheme::Dpop)];
    schemes.into_iter().find_map(|(name, scheme)| Some((authorization.of_scheme(name)?.into(), scheme)))
}

/// Reads the password of basic authentication.
fn password(authorization: Authorization<'_>) -> Option<(Secret, Scheme)> {
    let decoded = BASE64.decode(authorization.of_scheme("basic")?.as_bytes()).ok()?;
    let decoded = Secret::from(String::from_utf8(decoded).ok()?);
    let (_, password) = decoded.expose().split_once(':')?;
    Some((password.trim().into(), Scheme::Basic))
}
