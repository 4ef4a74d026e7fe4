//! The original request: a proof of a key (RFC 9449) is for its method and address.

use axum::http::{HeaderMap, Method, header};

/// The method and the address of the request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Original {
    pub(super) method: String,
    pub(super) url: String,
}

/// The error if the original request is not described exactly once.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OriginalError {
    /// Missing or invalid: the proxy is misconfigured.
    Misconfigured(&'static str),
    /// Twice: the sender of the request can have added one.
    Ambiguous,
}

/// The reason to refuse a request that is described twice.
pub(super) const AMBIGUOUS: &str = "the request carries headers that only a proxy may set";

/// The maximum length of an address, in bytes.
const LONGEST: usize = 8192;

const NGINX_URL: [&str; 2] = ["x-original-url", "x-original-uri"];
const NGINX_METHOD: &str = "x-original-method";
const FORWARDED_URI: &str = "x-forwarded-uri";
const FORWARDED_METHOD: &str = "x-forwarded-method";

/// Reads a request from its headers: `X-Original-…` (nginx) or `X-Forwarded-…` (Traefik, Caddy). A proxy sets its own
/// headers and forwards the others unchanged, so both together are refused.
pub(super) fn from_headers(method: &Method, headers: &HeaderMap) -> Result<Original, OriginalError> {
    let [url, uri] = NGINX_URL;
    let (url, uri, forwarded) = (one(headers, url)?, one(headers, uri)?, one(headers, FORWARDED_URI)?);
    let methods = (one(headers, NGINX_METHOD)?, one(headers, FORWARDED_METHOD)?);
    let is_nginx = url.is_some() || uri.is_some() || methods.0.is_some();
    if (is_nginx && (forwarded.is_some() || methods.1.is_some())) || (url.is_some() && uri.is_some()) {
        return Err(OriginalError::Ambiguous);
    }
    let method = methods.0.or(methods.1).map_or_else(|| method.as_str().to_owned(), str::to_owned);
    let url = match (url, uri.or(forwarded)) {
        (Some(url), _) => limited(url.to_owned())?,
        (None, Some(path)) => joined(headers, path)?,
        (None, None) => {
            return Err(OriginalError::Misconfigured("the proxy does not send the address of the request"));
        }
    };
    Ok(Original { method, url })
}

/// Reads a request of Envoy: method, host and path are its own.
pub(super) fn from_envoy(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Result<Original, OriginalError> {
    let path = if path.is_empty() { "/" } else { path };
    Ok(Original { method: method.as_str().to_owned(), url: joined(headers, path)? })
}

fn joined(headers: &HeaderMap, path: &str) -> Result<String, OriginalError> {
    let proto = one(headers, "x-forwarded-proto")?;
    let proto = proto.ok_or(OriginalError::Misconfigured("the proxy does not send X-Forwarded-Proto"))?;
    let host = match one(headers, "x-forwarded-host")? {
        Some(host) => Some(host),
        None => one(headers, header::HOST.as_str())?,
    };
    let host = host.ok_or(OriginalError::Misconfigured("the proxy does not send X-Forwarded-Host"))?;
    if !path.starts_with('/') {
        return Err(OriginalError::Misconfigured("the path does not begin with a slash"));
    }
    limited(format!("{proto}://{host}{path}"))
}

fn limited(url: String) -> Result<String, OriginalError> {
    if url.len() <= LONGEST { Ok(url) } else { Err(OriginalError::Misconfigured("the address is too long")) }
}

/// Returns the only line of a header, if there is one.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, OriginalError> {
    let mut lines = headers.get_all(name).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    if lines.next().is_some() {
        return Err(OriginalError::Ambiguous);
    }
    line.to_str()
        .map(Some)
        .map_err(|_| OriginalError::Misconfigured("a header that describes the request is no text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn found_in(lines: &[(&'static str, &str)]) -> Result<(String, String), OriginalError> {
        from_headers(&Method::GET, &headers(lines)).map(|original| (original.method, original.url))
    }

    fn found(method: &str, url: &str) -> Result<(String, String), OriginalError> {
        Ok((method.to_owned(), url.to_owned()))
    }

    #[test]
    fn each_proxy_has_its_way() {
        let nginx = [("x-original-method", "PUT"), ("x-original-url", "https://a.example/x?y")];
        assert_eq!(found_in(&nginx), found("PUT", "https://a.example/x?y"));
        let (proto, host) = (("x-forwarded-proto", "https"), ("x-forwarded-host", "a.example"));
        assert_eq!(
            found_in(&[("x-original-uri", "/x"), proto, ("host", "b.example")]),
            found("GET", "https://b.example/x")
        );
        let traefik =
            [("x-forwarded-method", "POST"), ("x-forwarded-uri", "/x"), proto, host, ("host", "gate")];
        assert_eq!(found_in(&traefik), found("POST", "https://a.example/x"));
        let envoy = from_envoy(&Method::PUT, "/x", &headers(&[proto, ("host", "a.example")])).unwrap();
        assert_eq!(envoy, Original { method: "PUT".to_owned(), url: "https://a.example/x".to_owned() });
    }

    #[test]
    fn nobody_describes_a_request_of_somebody_else() {
        let own = [("x-forwarded-uri", "/x"), ("x-forwarded-proto", "https"), ("host", "a.example")];
        assert!(found_in(&own).is_ok());
        for smuggled in [
            ("x-original-uri", "/y"),
            ("x-original-url", "https://a.example/y"),
            ("x-original-method", "GET"),
            ("x-forwarded-uri", "/y"),
            ("x-forwarded-proto", "http"),
        ] {
            let lines = [&own[..], &[smuggled]].concat();
            assert_eq!(found_in(&lines), Err(OriginalError::Ambiguous), "{smuggled:?}");
        }
        assert!(matches!(found_in(&[]), Err(OriginalError::Misconfigured(_))));
        assert!(matches!(found_in(&[("x-original-uri", "/x")]), Err(OriginalError::Misconfigured(_))));
        assert!(matches!(
            found_in(&[("x-original-url", &"x".repeat(9000))]),
            Err(OriginalError::Misconfigured(_))
        ));
    }
}
