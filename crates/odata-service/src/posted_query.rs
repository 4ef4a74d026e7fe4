//! Query options in the body of a request (OData 4.01 part 2, section 4.17): `POST Set/$query`.

use axum::body::{Body, to_bytes};
use axum::http::Method;
use axum::http::request::Parts;
use odata::OdataError;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use web::http::negotiation::ContentType;

use super::answer::Refusal;

/// The last segment of the path, also with an encoded `$`.
const SEGMENTS: [&str; 2] = ["/$query", "/%24query"];
/// Maximum length of the options, in bytes.
const MAX_LENGTH: usize = 64 * 1024;
/// The characters that are not allowed in the query of a URL (RFC 3986, section 3.4). Percent signs begin escapes.
const NOT_IN_QUERIES: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The path and query of a request to read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The path below the service root, percent-encoded.
    pub(super) path: String,
    /// The query options, percent-encoded.
    pub(super) query: String,
    /// Whether the options were sent in the body, so that the request reads although it is a POST.
    pub(super) is_posted: bool,
}

/// Returns the target of a request, and its body if that has no options. The options in a body follow those in the URL.
///
/// # Errors
/// [`OdataError`] for a body of `/$query` that has no options.
pub(super) async fn target(parts: &Parts, path: &str, body: Body) -> Result<(Target, Body), Refusal> {
    let query = parts.uri.query().unwrap_or_default();
    let resource = SEGMENTS.iter().find_map(|segment| path.strip_suffix(segment));
    let Some(resource) = resource.filter(|_| parts.method == Method::POST) else {
        return Ok((Target { path: path.to_owned(), query: query.to_owned(), is_posted: false }, body));
    };
    let options = options(parts, body).await?;
    let divider = if query.is_empty() || options.is_empty() { "" } else { "&" };
    let query = format!("{query}{divider}{options}");
    Ok((Target { path: resource.to_owned(), query, is_posted: true }, Body::empty()))
}

async fn options(parts: &Parts, body: Body) -> Result<String, Refusal> {
    const EXPECTED: &str = "text/plain";
    if !ContentType::from_headers(&parts.headers).is_some_and(|media| is_plain_text(&media)) {
        return Err(OdataError::MediaType { expected: EXPECTED }.into());
    }
    let expected = format!("query options of at most {MAX_LENGTH} bytes in UTF-8");
    let refused = || OdataError::BadOption { name: "$query".to_owned(), expected };
    let bytes = to_bytes(body, MAX_LENGTH).await.ok();
    let text = bytes.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()).ok_or_else(refused)?;
    // Links repeat the options in a URL.
    Ok(utf8_percent_encode(text.trim(), NOT_IN_QUERIES).to_string())
}

/// Returns whether a media type is plain text in UTF-8 or a subset of it.
fn is_plain_text(media: &ContentType) -> bool {
    let is_known =
        |charset: &str| ["utf-8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known));
    media.essence() == "text/plain" && media.parameter("charset").is_none_or(is_known)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    async fn found(method: &str, uri: &str, media: &str, body: &str) -> Result<(String, String), u16> {
        let request = Request::builder().method(method).uri(uri).header("content-type", media);
        let (parts, body) = request.body(Body::from(body.to_owned())).unwrap().into_parts();
        let path = parts.uri.path().trim_start_matches('/').to_owned();
        match target(&parts, &path, body).await {
            Ok((Target { path, query, .. }, _)) => Ok((path, query)),
            Err(Refusal::Odata(error)) => Err(error.kind().status()),
            Err(_) => Err(500),
        }
    }

    #[tokio::test]
    async fn options_are_read_from_the_body() {
        let target = |path: &str, query: &str| Ok((path.to_owned(), query.to_owned()));
        let plain = "text/plain";
        for (method, uri, media, body, expected) in [
            ("GET", "/Users?$top=1", plain, "$skip=1", target("Users", "$top=1")),
            ("HEAD", "/Users", plain, "", target("Users", "")),
            (
                "POST",
                "/Users/$query",
                plain,
                "$filter=Login%20eq%20'a%26b'\r\n",
                target("Users", "$filter=Login%20eq%20'a%26b'"),
            ),
            (
                "POST",
                "/Users/%24query?$top=1",
                "Text/Plain; charset=UTF-8",
                "filter=Login eq 'ä#'",
                target("Users", "$top=1&filter=Login%20eq%20'%C3%A4%23'"),
            ),
            ("POST", "/Users/$query", plain, "", target("Users", "")),
            ("POST", "/Users/$query", "application/json", "{}", Err(415)),
            ("POST", "/Users/$query", "text/plain;charset=utf-16", "", Err(415)),
            ("POST", "/Users", plain, "$top=1", target("Users", "")),
            ("PUT", "/Users/$query", plain, "$top=1", target("Users/$query", "")),
        ] {
            assert_eq!(found(method, uri, media, body).await, expected, "{method} {uri} {media} {body}");
        }
        let long = "x".repeat(MAX_LENGTH + 1);
        assert_eq!(found("POST", "/Users/$query", plain, &long).await, Err(400));
    }
}
