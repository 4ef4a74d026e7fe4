use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An address and a port to listen on, such as `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub(crate) enum Listen {
    /// An address.
    Address(SocketAddr),
    /// `localhost` with a port.
    Localhost(u16),
}

const LOCALHOST: &str = "localhost";

/// The error of a text that is no address to listen on.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not an address with a port, such as 127.0.0.1:8080, [::1]:8080 or localhost:8080")]
pub(crate) struct NotListen(String);

impl Listen {
    /// Returns the address.
    pub(crate) const fn address(self) -> SocketAddr {
        match self {
            Self::Address(address) => address,
            Self::Localhost(port) => SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), port),
        }
    }

    /// Returns the URL of a server that listens here; `listening` has its actual port.
    pub(super) fn url(self, listening: SocketAddr) -> String {
        match self {
            Self::Address(_) => format!("http://{listening}"),
            Self::Localhost(_) => format!("http://{LOCALHOST}:{}", listening.port()),
        }
    }
}

impl FromStr for Listen {
    type Err = NotListen;

    fn from_str(text: &str) -> Result<Self, NotListen> {
        let unknown = || NotListen(text.to_owned());
        match text.rsplit_once(':') {
            Some((name, port)) if name.eq_ignore_ascii_case(LOCALHOST) => {
                port.parse().map(Self::Localhost).map_err(|_| unknown())
            }
            _ => text.parse().map(Self::Address).map_err(|_| unknown()),
        }
    }
}

impl TryFrom<String> for Listen {
    type Error = NotListen;

    fn try_from(text: String) -> Result<Self, NotListen> {
        text.parse()
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Localhost(port) => write!(f, "{LOCALHOST}:{port}"),
        }
    }
}

impl From<Listen> for String {
    fn from(listen: Listen) -> Self {
        listen.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_localhost_are_read() {
        for (text, address, url) in [
            ("127.0.0.1:8080", "127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("[::1]:8080", "[::1]:8080", "http://[::1]:8080"),
            ("localhost:8080", "127.0.0.1:8080", "http://localhost:8080"),
            ("LOCALHOST:0", "127.0.0.1:0", "http://localhost:0"),
        ] {
            let listen: Listen = text.parse().unwrap();
            assert_eq!(
                (listen.address().to_string().as_str(), listen.url(listen.address()).as_str()),
                (address, url)
            );
            assert_eq!(listen.to_string().parse::<Listen>().unwrap(), listen);
        }
        for bad in [
            "",
            "localhost",
            ":8080",
            "8080",
            "localhost:",
            "localhost:x",
            "localhost:70000",
            "example.org:80",
            "::1:8080",
            "127.0.0.1",
        ] {
            assert!(bad.parse::<Listen>().is_err(), "{bad}");
        }
    }
}
