//! The address of a server.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;
use serde::{Deserialize, Serialize};

/// The address of a server, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerUrl(String);

impl ServerUrl {
    /// The address of a server that is started without arguments.
    pub fn local() -> Self {
        Self("http://127.0.0.1:8080".to_owned())
    }

    /// Returns the address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the address of a path (which starts with a slash) on the server.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Returns whether the server is on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = Url::parse(&self.0).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.unwrap_or_default();
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }

    /// Returns whether others on the network can read the requests.
    pub(crate) fn is_exposed(&self) -> bool {
        self.0.starts_with("http:") && !self.is_loopback()
    }
}

impl FromStr for ServerUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or("write it as http://HOST:PORT or https://HOST")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("leave out the user name and password".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("leave out what follows `?` or `#`".to_owned());
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

impl TryFrom<String> for ServerUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<ServerUrl> for String {
    fn from(url: ServerUrl) -> Self {
        url.0
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_has_one_address() {
        for text in ["http://Example.org:80/", "http://example.org"] {
            assert_eq!(text.parse::<ServerUrl>().unwrap().as_str(), "http://example.org");
        }
        assert_eq!("https://a.example/x/".parse::<ServerUrl>().unwrap().at("/id"), "https://a.example/x/id");
    }

    #[test]
    fn what_is_no_server_is_refused() {
        for text in
            ["localhost:8080", "127.0.0.1", "file:///etc", "http://u:p@h", "http://h?x", "http://h#x", ""]
        {
            assert!(text.parse::<ServerUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        let exposed = |text: &str| text.parse::<ServerUrl>().unwrap().is_exposed();
        assert!(!exposed("http://127.0.0.1:1") && !exposed("http://[::1]:1") && !exposed("http://localhost"));
        assert!(
            !exposed("https://example.org") && exposed("http://example.org") && exposed("http://10.0.0.1")
        );
    }
}
