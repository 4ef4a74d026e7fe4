//! From which address a request comes, where proxies pass it on.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use authority::ClientAddress;
use axum::http::HeaderMap;
use ipnet::IpNet;
use model::Timestamp;

use super::forwarded::{ForwardedHeader, Hop};

/// The proxies whose word about a client's address is believed.
#[derive(Default)]
pub struct Proxies {
    trusted: Vec<IpNet>,
    header: ForwardedHeader,
    /// When a proxy was last warned of, by its address.
    warned: Mutex<HashMap<IpAddr, Timestamp>>,
}

/// How often a proxy is warned of at most, in seconds.
const WARN_EVERY: i64 = 3600;
/// Of how many proxies it is remembered that they were warned of.
const MOST_WARNED: usize = 1000;
/// How much of what cannot be read is logged, in characters.
const SHOWN: usize = 80;

/// Why the client of a trusted proxy is unknown.
#[derive(Debug, PartialEq, Eq)]
enum Unreadable {
    /// A hop is named in a way that is no address.
    Hop(String),
    /// A header has no address.
    Empty,
    /// The two headers name different clients, of which one may have been made up by the client.
    TwoHeaders,
}

impl Proxies {
    /// These networks, and the header that they set.
    pub fn new(trusted: Vec<IpNet>, header: ForwardedHeader) -> Self {
        Self { trusted, header, warned: Mutex::default() }
    }

    /// Whether the word of a peer is believed.
    pub fn are_trusted(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.trusted.iter().any(|network| network.contains(&peer))
    }

    /// Returns the address of the client. If a header of a trusted proxy is unreadable, it is logged and the address is unknown:
    /// it is neither the address of the proxy nor one farther away, which the client can have invented.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap, now: Timestamp) -> ClientAddress {
        if !self.are_trusted(peer) {
            return ClientAddress::Known(peer);
        }
        match self.said(peer, headers) {
            Ok(address) => ClientAddress::Known(address),
            Err(reason) => {
                self.warn(peer, &reason, now);
                ClientAddress::Unknown
            }
        }
    }

    /// Returns the address in the headers of a trusted peer; the peer itself without such headers.
    fn said(&self, peer: IpAddr, headers: &HeaderMap) -> Result<IpAddr, Unreadable> {
        let mut found = None;
        for hops in self.header.read(headers) {
            let client = self.nearest_stranger(&hops)?;
            if found.is_some_and(|found| found != client) {
                return Err(Unreadable::TwoHeaders);
            }
            found = Some(client);
        }
        Ok(found.unwrap_or(peer))
    }

    /// The nearest hop that is no trusted proxy, or the farthest where all are.
    fn nearest_stranger(&self, hops: &[Hop]) -> Result<IpAddr, Unreadable> {
        let mut farthest = None;
        for hop in hops.iter().rev() {
            let address = hop.as_ref().map_err(|text| Unreadable::Hop(text.clone()))?.to_canonical();
            if !self.are_trusted(address) {
                return Ok(address);
            }
            farthest = Some(address);
        }
        farthest.ok_or(Unreadable::Empty)
    }

    /// Logs, once an hour for each proxy.
    fn warn(&self, peer: IpAddr, reason: &Unreadable, now: Timestamp) {
        if !self.is_due(peer, now) {
            return;
        }
        let text = match reason {
            Unreadable::Hop(text) => text.chars().take(SHOWN).collect::<String>(),
            Unreadable::Empty => String::new(),
            Unreadable::TwoHeaders => {
                tracing::warn!(
                    %peer,
                    "a trusted proxy sends X-Forwarded-For and Forwarded with different clients; the client's address is \
                     unknown. Set forwarded_header to the header that the proxy sets"
                );
                return;
            }
        };
        tracing::warn!(%peer, ?text, "a trusted proxy names no readable address; the client's address is unknown");
    }

    fn is_due(&self, peer: IpAddr, now: Timestamp) -> bool {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.get(&peer).is_some_and(|last| last.plus_seconds(WARN_EVERY) > now) {
            return false;
        }
        if warned.len() >= MOST_WARNED {
            warned.clear();
        }
        warned.insert(peer, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(
        header: ForwardedHeader,
        peer: &str,
        lines: &[(&'static str, &str)],
    ) -> Result<String, Unreadable> {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap()).to_vec();
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let (proxies, peer) = (Proxies::new(trusted, header), peer.parse().unwrap());
        if !proxies.are_trusted(peer) {
            return Ok(proxies.client(peer, &headers, Timestamp::from_seconds(0)).to_string());
        }
        proxies.said(peer, &headers).map(|address| address.to_string())
    }

    #[test]
    fn the_nearest_hop_that_is_not_trusted_counts() {
        let of = |peer: &str, value: &str| client(ForwardedHeader::Any, peer, &[("x-forwarded-for", value)]);
        for (peer, value, expected) in [
            ("192.0.2.9", "198.51.100.7", "192.0.2.9"),
            ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
            ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
            ("10.0.0.1", "1.1.1.1, 198.51.100.7", "198.51.100.7"),
            ("10.0.0.1", "nonsense, 198.51.100.7:443", "198.51.100.7"),
            ("10.0.0.1", "198.51.100.7, 10.0.0.2, [fd00::1]:80", "198.51.100.7"),
            ("10.0.0.1", "198.51.100.7, , 10.0.0.2,", "198.51.100.7"),
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
            ("10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ] {
            assert_eq!(of(peer, value), Ok(expected.to_owned()), "{peer} {value}");
        }
        for value in [
            "unknown",
            "_hidden",
            "198.51.100.7, unknown",
            "198.51.100.7, unknown, 10.0.0.2",
            "1.2.3.4.5",
            "fe80::1%eth0",
        ] {
            assert!(matches!(of("10.0.0.1", value), Err(Unreadable::Hop(_))), "{value}");
        }
        assert_eq!(of("10.0.0.1", " , "), Err(Unreadable::Empty));
        assert_eq!(
            client(ForwardedHeader::Any, "10.0.0.1", &[]),
            Ok("10.0.0.1".to_owned()),
            "the proxy itself asks"
        );
    }

    #[test]
    fn of_two_headers_the_one_that_is_set_counts() {
        let both = [("x-forwarded-for", "198.51.100.7"), ("forwarded", "for=203.0.113.9")];
        let same = [("x-forwarded-for", "198.51.100.7"), ("forwarded", "for=\"198.51.100.7:80\"")];
        let of = |header, lines: &[(&'static str, &str)]| client(header, "10.0.0.1", lines);
        assert_eq!(of(ForwardedHeader::Any, &both), Err(Unreadable::TwoHeaders));
        assert_eq!(of(ForwardedHeader::Any, &same), Ok("198.51.100.7".to_owned()));
        assert_eq!(of(ForwardedHeader::Any, &both[1..]), Ok("203.0.113.9".to_owned()));
        assert_eq!(of(ForwardedHeader::XForwardedFor, &both), Ok("198.51.100.7".to_owned()));
        assert_eq!(of(ForwardedHeader::Forwarded, &both), Ok("203.0.113.9".to_owned()));
        assert_eq!(of(ForwardedHeader::Forwarded, &both[..1]), Ok("10.0.0.1".to_owned()));
    }

    #[test]
    fn a_proxy_is_warned_of_once_an_hour() {
        let (proxies, at) = (Proxies::default(), Timestamp::from_seconds);
        let (one, other) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        assert!(proxies.is_due(one, at(0)) && !proxies.is_due(one, at(3599)));
        assert!(proxies.is_due(other, at(1)) && proxies.is_due(one, at(3600)));
    }
}
