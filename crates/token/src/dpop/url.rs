//! Normalization of URLs for comparison.

/// Returns a URL without query and fragment, normalized according to RFC 3986 sections 6.2.2 and 6.2.3 as
/// far as they apply to http: lower-case scheme and host, no default port, no dot segments, a single
/// encoding of each byte. `None` if it is not an http URL.
pub(super) fn normalized(url: &str) -> Option<String> {
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(default_port).or_else(|| host.strip_suffix(':')).unwrap_or(&host);
    if host.is_empty() || host.contains(['@', '\\']) {
        return None;
    }
    Some(format!("{scheme}://{host}{}", without_dots(&decoded(path)?)))
}

/// Decodes unreserved characters of a path and writes other percent-encodings in upper case.
fn decoded(path: &str) -> Option<String> {
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let (digits, behind) = after.split_at_checked(2)?;
        let byte = u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            plain.push(char::from(byte));
        } else {
            plain.push('%');
            plain.push_str(&digits.to_ascii_uppercase());
        }
        rest = behind;
    }
    plain.push_str(rest);
    Some(plain)
}

/// Removes `.` and `..` from a path (RFC 3986 section 5.2.4). The empty path becomes `/`.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for (index, segment) in segments.iter().enumerate() {
        let is_last = index + 1 == segments.len();
        match *segment {
            "." | ".." => {
                if *segment == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            segment => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_addresses_have_one_form() {
        for (url, form) in [
            ("https://server.example.com/token", "https://server.example.com/token"),
            ("HTTPS://Server.Example.com:443/token?a=b#c", "https://server.example.com/token"),
            ("https://server.example.com", "https://server.example.com/"),
            ("https://server.example.com:/", "https://server.example.com/"),
            ("http://127.0.0.1:8080/a/./b/../c", "http://127.0.0.1:8080/a/c"),
            ("http://[::1]:80/a/..", "http://[::1]/"),
            ("https://e.example/%7ea%2fb%C3%a9", "https://e.example/~a%2Fb%C3%A9"),
            ("https://e.example/%2e%2e/x", "https://e.example/x"),
        ] {
            assert_eq!(normalized(url).as_deref(), Some(form), "{url}");
        }
        for url in [
            "",
            "/token",
            "ftp://e.example/",
            "https:///x",
            "https://a@e.example/",
            "https://e.example/%zz",
            "https://e.example/a b",
            "https://e.example/%4",
        ] {
            assert_eq!(normalized(url), None, "{url}");
        }
    }
}
