//! Addresses of clients, and the networks from which a token may be used.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

use crate::Invalid;

/// The network address from which a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientAddress {
    /// This one.
    Known(IpAddr),
    /// A trusted proxy passed the request on, but did not say readably for whom. No allow-list matches it, and all such
    /// clients share one count of attempts.
    Unknown,
}

impl ClientAddress {
    /// The address, where it is known.
    pub const fn known(self) -> Option<IpAddr> {
        match self {
            Self::Known(address) => Some(address),
            Self::Unknown => None,
        }
    }

    /// The network whose requests are counted together: an IPv4 address by itself, an IPv6 address with its /64, which
    /// is what one customer has at least.
    #[must_use]
    pub fn network(self) -> Self {
        let Self::Known(address) = self else { return Self::Unknown };
        Self::Known(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
            address @ IpAddr::V4(_) => address,
        })
    }

    /// The text that the registry keeps, where the address is known.
    pub fn text(self) -> Option<String> {
        self.known().map(|address| address.to_string())
    }

    /// Reads what the registry keeps.
    pub fn stored(text: Option<&str>) -> Self {
        text.and_then(|text| text.parse().ok()).map_or(Self::Unknown, Self::Known)
    }
}

impl From<IpAddr> for ClientAddress {
    fn from(address: IpAddr) -> Self {
        Self::Known(address)
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(address) => address.fmt(f),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

/// The networks from which a token may be used; without any, everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedAddresses(Vec<IpNet>);

const MAX_NETWORKS: usize = 20;

impl AllowedAddresses {
    /// Reads addresses and CIDR blocks, separated by white space or commas.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        let networks = words.map(network).collect::<Result<Vec<_>, _>>()?;
        if networks.len() > MAX_NETWORKS {
            return Err(bad(format!("at most {MAX_NETWORKS} networks can be given")));
        }
        Ok(Self(networks))
    }

    /// Whether a token may be used from an address. An unknown address is in no network.
    pub fn allows(&self, address: ClientAddress) -> bool {
        let is_in = |address: IpAddr| self.0.iter().any(|network| network.contains(&address.to_canonical()));
        self.0.is_empty() || address.known().is_some_and(is_in)
    }

    /// These networks for a token that another one makes, which may be used from `own`: nothing wider than that.
    ///
    /// # Errors
    /// [`Invalid::Exceeds`] where a network lies outside.
    pub fn within(self, own: &Self) -> Result<Self, Invalid> {
        if self.0.is_empty() || own.0.is_empty() {
            return Ok(if self.0.is_empty() { own.clone() } else { self });
        }
        let outside = self.0.iter().find(|network| !own.0.iter().any(|around| around.contains(*network)));
        outside.map_or_else(
            || Ok(self.clone()),
            |network| {
                Err(Invalid::Exceeds(format!(
                    "a token cannot make one for {network}, from where it cannot be used itself"
                )))
            },
        )
    }

    /// What these networks and others have in common; none where that is nothing.
    pub fn shared_with(&self, others: &Self) -> Option<Self> {
        if self.0.is_empty() || others.0.is_empty() {
            return Some(if self.0.is_empty() { others.clone() } else { self.clone() });
        }
        let both = self.0.iter().flat_map(|own| others.0.iter().map(move |other| (own, other)));
        let shared: Vec<_> = both
            .filter_map(|(own, other)| match (other.contains(own), own.contains(other)) {
                (true, _) => Some(*own),
                (false, true) => Some(*other),
                (false, false) => None,
            })
            .collect();
        (!shared.is_empty()).then_some(Self(shared))
    }

    /// As the registry keeps it: separated by spaces; nothing where everywhere is allowed.
    pub fn to_text(&self) -> Option<String> {
        let texts: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        (!texts.is_empty()).then(|| texts.join(" "))
    }
}

fn network(word: &str) -> Result<IpNet, Invalid> {
    let single = || word.parse::<IpAddr>().ok().map(IpNet::from);
    let network = word.parse::<IpNet>().ok().or_else(single);
    let network = network.ok_or_else(|| {
        bad(format!("'{word}' is neither an IP address nor a CIDR block such as 192.0.2.0/24"))
    })?;
    Ok(network.trunc())
}

const fn bad(message: String) -> Invalid {
    Invalid::Field { field: "allowed_ip_addresses", message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allows_what_is_listed() {
        let allowed = AllowedAddresses::parse("192.0.2.7/24, 2001:db8::/32\n10.1.2.3").unwrap();
        assert_eq!(allowed.to_text().unwrap(), "192.0.2.0/24 2001:db8::/32 10.1.2.3/32");
        for (address, expected) in [
            ("192.0.2.200", true),
            ("::ffff:192.0.2.200", true),
            ("192.0.3.1", false),
            ("2001:db8:1::1", true),
            ("10.1.2.4", false),
        ] {
            let address = ClientAddress::Known(address.parse().unwrap());
            assert_eq!(allowed.allows(address), expected, "{address}");
        }
        let everywhere = AllowedAddresses::parse(" ").unwrap();
        for (list, expected) in [(&everywhere, true), (&allowed, false)] {
            assert_eq!(list.allows(ClientAddress::Known("203.0.113.9".parse().unwrap())), expected);
            assert_eq!(list.allows(ClientAddress::Unknown), expected);
        }
        assert!(!AllowedAddresses::parse("0.0.0.0/0 ::/0").unwrap().allows(ClientAddress::Unknown));
        let inner = AllowedAddresses::parse("192.0.2.128/25").unwrap();
        assert_eq!(inner.clone().within(&allowed).unwrap(), inner);
        assert_eq!(AllowedAddresses::default().within(&allowed).unwrap(), allowed);
        assert!(allowed.clone().within(&inner).is_err());
        let everywhere = AllowedAddresses::default();
        let shared = |left: &AllowedAddresses, right: &AllowedAddresses| {
            left.shared_with(right).map(|shared| shared.to_text())
        };
        assert_eq!(shared(&allowed, &inner), Some(inner.to_text()));
        assert_eq!(shared(&inner, &allowed), Some(inner.to_text()));
        assert_eq!(shared(&everywhere, &inner), Some(inner.to_text()));
        assert_eq!(shared(&everywhere, &everywhere), Some(None));
        let other = AllowedAddresses::parse("192.0.2.0/25").unwrap();
        assert_eq!(shared(&inner, &other), None, "nothing, which is not everywhere");
        assert!(AllowedAddresses::parse("192.0.2.0/33").is_err());
        assert!(AllowedAddresses::parse("office").is_err());
    }
}
