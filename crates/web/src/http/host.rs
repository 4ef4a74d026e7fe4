//! The host that a request names.

use std::net::Ipv6Addr;

use axum::extract::Request;
use axum::http::{StatusCode, Version, header};
use axum::response::{IntoResponse, Response};

/// Refuses a request that does not name one host: HTTP/1.1 has exactly one `Host` header with a usable value (RFC 9112,
/// section 3.2). HTTP/1.0, as simple health checks send it, may have none.
pub async fn one_host(request: Request) -> Result<Request, Response> {
    let mut lines = request.headers().get_all(header::HOST).iter();
    let is_good = match (lines.next(), lines.next()) {
        (Some(host), None) => is_host(host.as_bytes()),
        (None, _) => request.version() < Version::HTTP_11,
        (Some(_), Some(_)) => false,
    };
    if is_good {
        Ok(request)
    } else {
        let message = "a request has exactly one Host header, with a host and perhaps a port\n";
        Err((StatusCode::BAD_REQUEST, message).into_response())
    }
}

/// `uri-host [ ":" port ]` (RFC 9110, section 7.2; RFC 3986, section 3.2.2); the host of an http address is not empty.
fn is_host(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let (is_host, rest) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((host, rest)) => (host.parse::<Ipv6Addr>().is_ok(), rest),
            None => return false,
        },
        None => {
            let (host, rest) = text.split_at(text.find(':').unwrap_or(text.len()));
            (!host.is_empty() && host.bytes().all(is_of_name) && is_percent_encoded(host), rest)
        }
    };
    is_host && is_port(rest)
}

/// Nothing, or a colon and a number; the number may be left out.
fn is_port(text: &str) -> bool {
    let Some(port) = text.strip_prefix(':') else { return text.is_empty() };
    port.bytes().all(|byte| byte.is_ascii_digit()) && (port.is_empty() || port.parse::<u16>().is_ok())
}

/// Whether two hexadecimal digits follow each percent sign (RFC 3986, section 2.1).
fn is_percent_encoded(text: &str) -> bool {
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    text.split('%').skip(1).all(|after| is_hex(after.as_bytes().first()) && is_hex(after.as_bytes().get(1)))
}

/// The characters of a name (RFC 3986, section 3.2.2).
const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'%' | b'!' | b'$' | b'&'..=b',' | b';' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_and_perhaps_a_port() {
        for good in [
            "a",
            "id.example.org",
            "id.example.org:443",
            "a:",
            "127.0.0.1:8080",
            "[::1]",
            "[::1]:80",
            "a_b",
            "a%20b",
        ] {
            assert!(is_host(good.as_bytes()), "{good}");
        }
        for bad in [
            "", ":80", "a b", "a,b c", "a/b", "a?b", "a#b", "user@a", "a:b", "a:80:81", "a:65536", "a:-1",
            "[::1", "[::1]x", "[a]", "[]", "::1", "a\u{e4}", "a\\b", "<a>", "%", "a%", "a%2", "a%zz",
            "a%2g:80", "%%20",
        ] {
            assert!(!is_host(bad.as_bytes()), "{bad}");
        }
        assert!(!is_host(b"\xff"));
    }
}
