//! The addresses to which the answers of sign-ins and sign-outs go.

use std::fmt;

/// An address to which an answer may be sent; registered whole (RFC 9700, section 2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri(String);

/// The longest address, in bytes.
const MAX_LENGTH: usize = 500;
/// Schemes of which no answer may ever be made.
const DANGEROUS: [&str; 8] = ["javascript", "data", "vbscript", "file", "blob", "about", "ftp", "ws"];

impl RedirectUri {
    /// Reads an address that is to be registered: `https`, `http` on this computer alone (RFC 8252, section 7.3), or
    /// a scheme of the application's own with a dot in it (section 7.1); without fragment and user information.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        // The registry keeps several in one line, separated by commas.
        if text.contains([',', '*', '\\', '#']) || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("a redirect URI is absolute, without fragment, comma, backslash or wildcard");
        }
        if text.len() > MAX_LENGTH {
            return Err("a redirect URI has at most 500 characters");
        }
        let (scheme, rest) = text.split_once(':').ok_or("a redirect URI begins with a scheme")?;
        match scheme {
            "https" => check_host(rest)?,
            "http" if is_local(check_host_of(rest)?) => {}
            "http" => return Err("a redirect URI with http is for this computer alone; others need https"),
            _ if !is_scheme(scheme) => return Err("the scheme of a redirect URI is in lower case"),
            _ if DANGEROUS.contains(&scheme) => return Err("a redirect URI cannot have this scheme"),
            _ if !scheme.contains('.') => {
                return Err("a scheme of one's own is a domain name backwards, such as org.example.app");
            }
            _ if rest.trim_matches('/').is_empty() => {
                return Err("a redirect URI has something behind its scheme");
            }
            _ => {}
        }
        Ok(Self(text.to_owned()))
    }

    /// Reads the list that the registry keeps; it was checked when it was stored.
    pub fn stored(list: Option<&str>) -> Vec<Self> {
        let addresses = list.unwrap_or_default().split(',').map(str::trim);
        addresses.filter(|address| !address.is_empty()).map(|address| Self(address.to_owned())).collect()
    }

    /// Whether a request that names `asked` means this address: it is the same, character by character. Where the
    /// registered one is `http` on a loopback address, the port is free (RFC 8252, section 7.3).
    #[must_use]
    pub fn matches(&self, asked: &str) -> bool {
        if self.0 == asked {
            return true;
        }
        let (Some(own), Some(other)) = (Loopback::parse(&self.0), Loopback::parse(asked)) else {
            return false;
        };
        own == other
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Scheme, host and port, where the address has them (RFC 6454, section 4).
    #[must_use]
    pub fn origin(&self) -> Option<(&str, String, u16)> {
        let (scheme, rest) = self.0.split_once("://")?;
        let (host, port) = host_and_port(rest.split(['/', '?']).next()?)?;
        let usual = if scheme == "https" { 443 } else { 80 };
        let port = port.map_or(Some(usual), |port| port.parse().ok())?;
        scheme.starts_with("http").then(|| (scheme, host.to_ascii_lowercase(), port))
    }

    /// The host, where there is one.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        let rest = self.0.split_once("://")?.1;
        host_and_port(rest.split(['/', '?']).next()?).map(|(host, _)| host)
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address of a program that listens on this computer, whatever the port.
#[derive(PartialEq, Eq)]
struct Loopback<'a> {
    host: &'a str,
    rest: &'a str,
}

impl<'a> Loopback<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix("http://")?;
        let end = text.find(['/', '?', '#', '\\']).unwrap_or(text.len());
        let (authority, rest) = text.split_at(end);
        let (host, _) = host_and_port(authority)?;
        // Not `localhost`: whose that is depends on the computer (RFC 8252, section 8.3).
        (host == "127.0.0.1" || host == "[::1]").then_some(Self { host, rest })
    }
}

fn check_host(rest: &str) -> Result<(), &'static str> {
    check_host_of(rest).map(|_| ())
}

/// Returns the host of the part after the scheme.
fn check_host_of(rest: &str) -> Result<&str, &'static str> {
    let rest = rest.strip_prefix("//").ok_or("a redirect URI has a host")?;
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("a redirect URI has no user information");
    }
    let (host, _) = host_and_port(authority).ok_or("a redirect URI has a host, and perhaps a port")?;
    Ok(host)
}

/// Splits `host:port`; an IPv6 host is in brackets.
fn host_and_port(authority: &str) -> Option<(&str, Option<&str>)> {
    let end = match authority.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(end)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_[]:".contains(&byte);
    if host.is_empty() || !host.bytes().all(allowed) {
        return None;
    }
    match port.strip_prefix(':') {
        None => port.is_empty().then_some((host, None)),
        Some(port) => port.parse::<u16>().ok().filter(|_| !port.starts_with('+')).map(|_| (host, Some(port))),
    }
}

fn is_local(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "[::1]" | "localhost")
}

fn is_scheme(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_registered() {
        for good in [
            "https://app.example",
            "https://app.example/cb?x=1",
            "https://app.example:8443/cb",
            "http://127.0.0.1/cb",
            "http://127.0.0.1:8765/callback",
            "http://[::1]:1/",
            "http://localhost:3000/cb",
            "org.example.app:/cb",
            "org.example.app://cb",
        ] {
            assert_eq!(RedirectUri::parse(good).map(|uri| uri.to_string()).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "/cb",
            "app.example/cb",
            "https:",
            "https://",
            "https:///cb",
            "https:app.example",
            "https://app.example/#x",
            "https://user@app.example/",
            "https://app.example:x/",
            "https://app.example:70000/",
            "https://app.example\\@evil.example/",
            "https://*.example/",
            "https://a,b.example/",
            "https://app.example/ x",
            "https://app%2eexample/",
            "HTTPS://app.example/",
            "http://app.example/cb",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.2/",
            "javascript:alert(1)",
            "data:text/html,x",
            "myapp:/cb",
            "org.example.app:",
            "org.example.app://",
        ] {
            assert!(RedirectUri::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn matching_is_exact_but_for_the_port_of_a_loopback() {
        let same = |registered: &str, asked: &str| RedirectUri::parse(registered).unwrap().matches(asked);
        assert!(same("https://app.example/cb", "https://app.example/cb"));
        for other in [
            "https://app.example/cb/",
            "https://app.example/cb?x",
            "https://app.example:443/cb",
            "https://APP.example/cb",
            "https://app.example/cb#x",
            "https://app.example/%63b",
            "https://app.example/cb/../cb",
        ] {
            assert!(!same("https://app.example/cb", other), "{other}");
        }
        for registered in ["http://127.0.0.1/cb", "http://127.0.0.1:8765/cb"] {
            assert!(same(registered, "http://127.0.0.1:50000/cb") && same(registered, "http://127.0.0.1/cb"));
            for other in [
                "http://127.0.0.1:50000/cb2",
                "http://127.0.0.1:50000/cb?x",
                "http://127.0.0.1:50000@evil.example/cb",
                "http://127.0.0.1:99999/cb",
                "http://127.0.0.1:/cb",
                "http://127.0.0.1\\evil/cb",
                "http://[::1]:50000/cb",
                "http://localhost:50000/cb",
                "https://127.0.0.1:50000/cb",
            ] {
                assert!(!same(registered, other), "{other}");
            }
        }
        assert!(same("http://[::1]/cb", "http://[::1]:9/cb"));
        assert!(!same("http://localhost:1/cb", "http://localhost:2/cb"));
        assert_eq!(RedirectUri::parse("https://app.example:8443/cb").unwrap().host(), Some("app.example"));
    }

    #[test]
    fn the_registry_keeps_a_list() {
        let list = RedirectUri::stored(Some("https://a.example/, https://b.example/,"));
        assert_eq!(list.len(), 2);
        assert!(list[1].matches("https://b.example/"));
        assert!(RedirectUri::stored(None).is_empty());
    }
}
