//! The headers in which proxies name the client: `X-Forwarded-For`, and `Forwarded` (RFC 7239).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{HeaderMap, HeaderName, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The header in which the proxies name the client.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    /// Whichever is there; where both are, they have to agree.
    #[default]
    Any,
    /// `X-Forwarded-For`. The other is not read.
    XForwardedFor,
    /// `Forwarded`. The other is not read.
    Forwarded,
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The peer from which a proxy received the request: its address, or the text that is not readable as one.
pub(super) type Hop = Result<IpAddr, String>;

impl ForwardedHeader {
    /// Returns the hops of each header that counts, from the farthest to the nearest; an absent header has none.
    pub(super) fn read(self, headers: &HeaderMap) -> Vec<Vec<Hop>> {
        let mut said = Vec::new();
        if self != Self::Forwarded && headers.contains_key(X_FORWARDED_FOR) {
            said.push(lines(headers, &X_FORWARDED_FOR, x_forwarded_for));
        }
        if self != Self::XForwardedFor && headers.contains_key(header::FORWARDED) {
            said.push(lines(headers, &header::FORWARDED, forwarded));
        }
        said
    }
}

/// The hops of all lines of a header. A line that is no text is one hop that cannot be read.
fn lines(headers: &HeaderMap, name: &HeaderName, read: fn(&str) -> Vec<Hop>) -> Vec<Hop> {
    let lines = headers.get_all(name).iter();
    lines
        .flat_map(|line| match line.to_str() {
            Ok(text) => read(text),
            Err(_) => vec![Err(String::from_utf8_lossy(line.as_bytes()).into_owned())],
        })
        .collect()
}

/// `X-Forwarded-For`: a list of addresses. Some proxies add ports, and then put IPv6 addresses into brackets.
fn x_forwarded_for(line: &str) -> Vec<Hop> {
    // Empty members of a list do not count (RFC 9110, section 5.6.1.2).
    let members = line.split(',').map(str::trim).filter(|member| !member.is_empty());
    members
        .map(|member| match member.parse::<Ipv6Addr>() {
            Ok(bare) => Ok(IpAddr::V6(bare)),
            Err(_) => node(member).ok_or_else(|| member.to_owned()),
        })
        .collect()
}

/// `Forwarded` (RFC 7239, section 4): a list of elements, each of which has pairs such as `for=192.0.2.1`. A line that does not
/// follow the grammar is one hop that cannot be read: a client could have begun a quoted text that swallows the words of the
/// proxy.
fn forwarded(line: &str) -> Vec<Hop> {
    let unreadable = || vec![Err(line.to_owned())];
    let mut hops = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return hops;
        }
        let Some((node_name, behind)) = element(rest) else { return unreadable() };
        let hop = node_name.as_deref().and_then(node);
        hops.push(hop.ok_or_else(|| node_name.unwrap_or_else(|| "no for=".to_owned())));
        rest = behind;
    }
}

/// The value of `for` in the element with which a text begins, if the element has one, and what follows the element.
fn element(text: &str) -> Option<(Option<String>, &str)> {
    let (mut rest, mut node_name) = (text, None);
    loop {
        // A pair may be empty.
        rest = rest.trim_start_matches([' ', '\t', ';']);
        if rest.is_empty() || rest.starts_with(',') {
            return Some((node_name, rest));
        }
        let end = rest.find(|c: char| !is_token(c)).filter(|end| *end > 0)?;
        let (name, behind) = rest.split_at(end);
        let (value, behind) = value(behind.strip_prefix('=')?)?;
        if name.eq_ignore_ascii_case("for") && node_name.replace(value).is_some() {
            // Section 4: each parameter occurs once in an element.
            return None;
        }
        rest = behind.trim_start_matches([' ', '\t']);
        if !(rest.is_empty() || rest.starts_with([';', ','])) {
            return None;
        }
    }
}

/// The token or the quoted text with which a text begins (RFC 9110, sections 5.6.2 and 5.6.4), and what follows it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| !is_token(c)).unwrap_or(text.len());
        let (token, behind) = text.split_at(end);
        return (!token.is_empty()).then(|| (token.to_owned(), behind));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    loop {
        match characters.next()? {
            (at, '"') => return Some((value, quoted.get(at + 1..)?)),
            (_, '\\') => value.push(characters.next()?.1),
            (_, other) => value.push(other),
        }
    }
}

/// Returns whether a character is allowed in a token (RFC 9110, section 5.6.2).
const fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(
            c,
            '!' | '#' | '$' | '%' | '&' | '\'' | '*' | '+' | '-' | '.' | '^' | '_' | '`' | '|' | '~'
        )
}

/// The address of a node (RFC 7239, section 6): an IPv4 address, or an IPv6 address in brackets, perhaps with a port. `unknown`
/// and names that hide the address (`_…`) are none.
fn node(text: &str) -> Option<IpAddr> {
    let (address, rest) = match text.strip_prefix('[') {
        Some(inner) => {
            let (address, rest) = inner.split_once(']')?;
            (IpAddr::V6(address.parse::<Ipv6Addr>().ok()?), rest)
        }
        None => {
            let (address, rest) = text.split_at(text.find(':').unwrap_or(text.len()));
            (IpAddr::V4(address.parse::<Ipv4Addr>().ok()?), rest)
        }
    };
    is_port(rest).then_some(address)
}

/// Nothing, or a colon and a port, which may be hidden (section 6.3).
fn is_port(text: &str) -> bool {
    let Some(port) = text.strip_prefix(':') else { return text.is_empty() };
    let is_number = (1..=5).contains(&port.len())
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && port.parse::<u16>().is_ok();
    let hidden = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    is_number || port.strip_prefix('_').is_some_and(|name| !name.is_empty() && name.chars().all(hidden))
}

#[cfg(test)]
mod tests;
