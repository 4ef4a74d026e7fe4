use authority::tokens::{PresentedToken, Scheme};
use authority::{Fault, Reason};
use axum::http::{HeaderMap, HeaderName, header};
use data_encoding::BASE64;
use input::Secret;

const KEY_HEADERS: [HeaderName; 2] =
    [HeaderName::from_static("x-api-key"), HeaderName::from_static("api-key")];

/// The one token that a request carries: as a bearer (RFC 6750, section 2.1), with a proof (RFC 9449,
/// section 7.1) or in `X-Api-Key` or `Api-Key`.
///
/// # Errors
/// [`Fault::InvalidRequest`] where there is more than one, [`Fault::Unauthenticated`] where the form is wrong.
pub fn presented_token(headers: &HeaderMap) -> Result<Option<PresentedToken>, Fault> {
    presented(headers, split)
}

/// Returns the one token that a request carries, also as the password of basic authentication (RFC 7617), for clients such
/// as Excel that send nothing else. The user name is not used.
///
/// # Errors
/// As [`presented_token`].
pub fn presented_token_or_password(headers: &HeaderMap) -> Result<Option<PresentedToken>, Fault> {
    presented(headers, |text| split(text).or_else(|| password(text)))
}

fn presented(
    headers: &HeaderMap,
    read: impl FnOnce(&str) -> Option<(Scheme, Secret)>,
) -> Result<Option<PresentedToken>, Fault> {
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
        if is_authorization { read(text).ok_or(malformed())? } else { (Scheme::Bearer, text.trim().into()) };
    if token.expose().is_empty() { Err(malformed()) } else { Ok(Some(PresentedToken { token, scheme })) }
}

const fn malformed() -> Fault {
    Fault::Unauthenticated(Reason::Malformed)
}

fn split(text: &str) -> Option<(Scheme, Secret)> {
    let (name, token) = text.split_once(' ')?;
    let schemes = [("bearer", Scheme::Bearer), ("dpop", Scheme::Dpop)];
    let (_, scheme) = schemes.into_iter().find(|(known, _)| name.eq_ignore_ascii_case(known))?;
    Some((scheme, token.trim().into()))
}

/// Reads the password of basic authentication.
fn password(text: &str) -> Option<(Scheme, Secret)> {
    let (name, encoded) = text.split_once(' ')?;
    if !name.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?;
    let decoded = Secret::from(decoded);
    let (_, password) = decoded.expose().split_once(':')?;
    Some((Scheme::Basic, password.trim().into()))
}
