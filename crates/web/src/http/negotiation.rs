//! The headers by which requests and responses agree on a representation and on credentials: `Accept`, `Content-Type`
//! and `Authorization`.
//!
//! OData negotiates further parameters of `Accept` in the pure crate `odata`.

use authority::Fault;
use axum::http::{HeaderMap, HeaderValue, header};

/// JSON.
pub const JSON: &str = "application/json";
/// A form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The media ranges that a request accepts (RFC 9110, section 12.5.1).
#[derive(Debug)]
pub struct Accept(Vec<(String, f32)>);

impl Accept {
    /// Reads all lines of the header. A range with a malformed weight is not accepted.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] if a line is not text.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, Fault> {
        let mut ranges = Vec::new();
        for line in headers.get_all(header::ACCEPT) {
            let line = line.to_str().map_err(|_| invalid("the header Accept is not readable"))?;
            ranges.extend(line.split(',').map(range).filter(|(essence, _)| !essence.is_empty()));
        }
        Ok(Self(ranges))
    }

    /// Returns whether the request has no preference.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the weight of a media type, between 0 and 1, by the most specific range that includes it.
    pub fn weight(&self, media_type: &str) -> f32 {
        let kind = media_type.split('/').next().unwrap_or_default();
        let by_kind = || self.find(&format!("{kind}/*"));
        self.find(media_type).or_else(by_kind).or_else(|| self.find("*/*")).unwrap_or(0.0)
    }

    /// Returns whether the request accepts a media type by its name, not only by a wildcard.
    pub fn names(&self, media_type: &str) -> bool {
        self.find(media_type).is_some_and(|weight| weight > 0.0)
    }

    fn find(&self, wanted: &str) -> Option<f32> {
        self.0.iter().find(|(range, _)| range == wanted).map(|(_, weight)| *weight)
    }
}

/// Returns a range in lower case, and its weight.
fn range(text: &str) -> (String, f32) {
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let weight =
        parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    let weight = weight.map_or(Ok(1.0), |(_, weight)| weight.trim().parse::<f32>());
    (essence, weight.ok().filter(|weight| (0.0..=1.0).contains(weight)).unwrap_or(0.0))
}

/// The media type of a body (RFC 9110, section 8.3).
#[derive(Debug, PartialEq, Eq)]
pub struct ContentType {
    /// Type and subtype in lower case.
    essence: String,
    /// The parameters, with names in lower case.
    parameters: Vec<(String, String)>,
}

impl ContentType {
    /// Reads the header; there is none if it is absent, repeated or not text.
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let mut lines = headers.get_all(header::CONTENT_TYPE).iter();
        let (Some(line), None) = (lines.next(), lines.next()) else { return None };
        let mut parts = line.to_str().ok()?.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let parameters = parts.filter_map(|part| part.split_once('='));
        let parameters = parameters
            .map(|(name, value)| {
                (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned())
            })
            .collect();
        Some(Self { essence, parameters })
    }

    /// Returns type and subtype in lower case.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// Returns the value of a parameter, without quotes; of a repeated one, the first. The name is in lower case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Returns whether this is the media type, in UTF-8. A form has no charset: some clients send one, which means nothing.
    fn is(&self, media_type: &str) -> bool {
        let is_utf_8 =
            || self.parameter("charset").is_none_or(|charset| charset.eq_ignore_ascii_case("utf-8"));
        self.essence == media_type && (media_type == FORM || is_utf_8())
    }
}

/// Returns whether a body has a media type, in UTF-8.
pub fn has_media_type(headers: &HeaderMap, media_type: &str) -> bool {
    ContentType::from_headers(headers).is_some_and(|content_type| content_type.is(media_type))
}

/// Checks the media type of a body.
///
/// # Errors
/// [`Fault::InvalidRequest`] for another media type, or one that is not readable.
pub fn require_media_type(headers: &HeaderMap, media_type: &str) -> Result<(), Fault> {
    if has_media_type(headers, media_type) {
        Ok(())
    } else {
        Err(invalid(&format!("the body is {media_type}")))
    }
}

/// The header `Authorization`: an authentication scheme and credentials (RFC 9110, section 11.6.2).
#[derive(Clone, Copy)]
pub struct Authorization<'a> {
    scheme: &'a str,
    credentials: &'a str,
}

/// The reason why the header `Authorization` is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadAuthorization {
    /// There is more than one line.
    Repeated,
    /// The line is not text, or has no credentials.
    Malformed,
}

impl<'a> Authorization<'a> {
    /// Reads the header, if there is one.
    ///
    /// # Errors
    /// [`BadAuthorization`].
    pub fn from_headers(headers: &'a HeaderMap) -> Result<Option<Self>, BadAuthorization> {
        let mut lines = headers.get_all(header::AUTHORIZATION).iter();
        let Some(line) = lines.next() else { return Ok(None) };
        if lines.next().is_some() {
            return Err(BadAuthorization::Repeated);
        }
        Self::parse(line).map(Some).ok_or(BadAuthorization::Malformed)
    }

    fn parse(line: &'a HeaderValue) -> Option<Self> {
        let (scheme, credentials) = line.to_str().ok()?.split_once(' ')?;
        let credentials = credentials.trim();
        (!credentials.is_empty()).then_some(Self { scheme, credentials })
    }

    /// Returns the credentials if they are of this scheme, which is compared without case.
    pub const fn of_scheme(self, scheme: &str) -> Option<&'a str> {
        if self.scheme.eq_ignore_ascii_case(scheme) { Some(self.credentials) } else { None }
    }
}

fn invalid(message: &str) -> Fault {
    Fault::InvalidRequest(message.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn headers(name: &HeaderName, lines: &[&'static [u8]]) -> HeaderMap {
        lines.iter().map(|line| (name.clone(), HeaderValue::from_bytes(line).unwrap())).collect()
    }

    #[test]
    fn the_most_specific_range_has_the_weight() {
        let accept = |lines: &[&'static [u8]]| {
            let mut all = HeaderMap::new();
            for line in lines {
                all.append(header::ACCEPT, HeaderValue::from_bytes(line).unwrap());
            }
            Accept::from_headers(&all)
        };
        let one =
            accept(&[b"Text/HTML; q=0.5, text/*;level=1;Q=0.25", b"*/*;q=.125, a/b;q=2, c/d;q=x, , e/f;q=0"])
                .unwrap();
        for (media_type, weight, is_named) in [
            ("text/html", 0.5, true),
            ("text/plain", 0.25, false),
            ("image/png", 0.125, false),
            ("a/b", 0.0, false),
            ("c/d", 0.0, false),
            ("e/f", 0.0, false),
        ] {
            assert_eq!(
                (one.weight(media_type).to_bits(), one.names(media_type)),
                (f32::to_bits(weight), is_named),
                "{media_type}"
            );
        }
        let none = accept(&[b""]).unwrap();
        assert!(none.is_empty() && none.weight("text/html").to_bits() == 0);
        assert!(accept(&[b"text/html", b"\xe9"]).is_err(), "an unreadable line is not an absent one");
    }

    #[test]
    fn a_body_has_one_readable_media_type_in_utf_8() {
        for (line, expected) in [
            (&b"application/json"[..], true),
            (b"Application/JSON ; Charset=\"UTF-8\"", true),
            (b"application/json;charset=utf-16", false),
            (b"application/jsonp", false),
            (b"text/plain; application/json", false),
            (b"\xe9", false),
            (b"", false),
        ] {
            assert_eq!(has_media_type(&headers(&header::CONTENT_TYPE, &[line]), JSON), expected, "{line:?}");
        }
        let mut twice = headers(&header::CONTENT_TYPE, &[b"application/json"]);
        assert!(require_media_type(&twice, JSON).is_ok() && require_media_type(&twice, FORM).is_err());
        twice.append(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
        assert!(!has_media_type(&twice, JSON));
        let form =
            headers(&header::CONTENT_TYPE, &[b"application/x-www-form-urlencoded; charset=ISO-8859-1"]);
        assert!(has_media_type(&form, FORM));
        assert!(!has_media_type(&HeaderMap::new(), JSON));
    }

    #[test]
    fn there_are_one_scheme_and_credentials() {
        use BadAuthorization::{Malformed, Repeated};
        let read = |lines: &[&'static [u8]]| {
            let mut all = HeaderMap::new();
            for line in lines {
                all.append(header::AUTHORIZATION, HeaderValue::from_bytes(line).unwrap());
            }
            let found = Authorization::from_headers(&all)?;
            Ok(found.map(|found| (found.scheme.to_owned(), found.credentials.to_owned())))
        };
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[b"Bearer  a b "]), Ok(Some(("Bearer".to_owned(), "a b".to_owned()))));
        for malformed in [&b"Bearer"[..], b"Bearer ", b"", b"Bearer \xe9"] {
            assert_eq!(read(&[malformed]), Err(Malformed), "{malformed:?}");
        }
        assert_eq!(read(&[b"Bearer a", b"Bearer a"]), Err(Repeated));
        let dpop = Authorization { scheme: "DPoP", credentials: "a" };
        assert_eq!((dpop.of_scheme("dpop"), dpop.of_scheme("bearer")), (Some("a"), None));
    }
}
