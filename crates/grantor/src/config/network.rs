use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use authority::{ClientCertificates, Settings};
use axum::http::HeaderName;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use token::certificate::Authorities;
use web::connections::Limits;
use web::http::{CrossOrigin, ForwardedHeader, Proxies, parse_origin};

use super::{Listen, Subject};

/// How the program is reached.
#[derive(Deserialize, JsonSchema, Serialize)]
pub(crate) struct Network {
    /// The address and port to listen on; `localhost:8080` is one as well.
    pub(crate) listen: Listen,
    /// The address under which others reach the program. Where nothing is set, the one it listens on, which has to be one of this
    /// computer alone then.
    pub(super) public_url: Option<String>,
    /// The proxies whose word about a client's address is believed.
    #[schemars(with = "Vec<String>")]
    trusted_proxies: Vec<IpNet>,
    /// The header in which they name the client's address: `x-forwarded-for`, `forwarded` (RFC 7239), or `any`. With `any`, a
    /// request that has both has to say the same in both, or its client's address is unknown.
    forwarded_header: ForwardedHeader,
    /// The header in which a trusted proxy names the client's certificate, such as `Client-Cert` (RFC 9440).
    client_certificate_header: Option<String>,
    /// A PEM file with the authorities whose certificates prove who an application is (RFC 8705).
    client_certificate_authorities: Option<PathBuf>,
    /// The origins of pages that may call the OData service from a browser (CORS), such as `https://app.example.org`. In the
    /// demonstration, every origin on a loopback address may.
    cross_origins: Vec<String>,
    /// How many connections may be open at once. For a new one, the oldest that has no request under way is closed; where none
    /// is, the answer is 503.
    #[schemars(range(min = 1))]
    max_connections: u16,
    /// How many of them may come from one address, or from one IPv6 /64. It does not count for trusted proxies.
    #[schemars(range(min = 1))]
    max_connections_per_address: u16,
    /// After how many seconds a new connection is closed that has sent no whole head of a request.
    #[schemars(range(min = 1))]
    first_request_timeout: u16,
    /// After how many seconds a connection is closed that sends no further request, or no whole head of one.
    #[schemars(range(min = 1))]
    idle_timeout: u16,
    /// What a collector presents as a bearer to read the metrics; where nothing is set, this computer alone may. For the environment
    /// alone.
    pub(crate) metrics_token: Option<String>,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            listen: Listen::Address(SocketAddr::from(([127, 0, 0, 1], 8080))),
            public_url: None,
            trusted_proxies: Vec::new(),
            forwarded_header: ForwardedHeader::Any,
            client_certificate_header: None,
            client_certificate_authorities: None,
            cross_origins: Vec::new(),
            // Below the 1024 files that systems let a program open unless told otherwise.
            max_connections: 900,
            // A third: no address alone has all places, and one behind which many people are has enough.
            max_connections_per_address: 300,
            first_request_timeout: 10,
            // Longer than the minute for which proxies keep an idle connection, so that they close it first.
            idle_timeout: 75,
            metrics_token: None,
        }
    }
}

impl Subject for Network {
    fn check(&self) -> anyhow::Result<()> {
        if let Some(url) = &self.public_url {
            check_public_url(url)?;
        }
        if self.certificate_header()?.is_some() && self.trusted_proxies.is_empty() {
            bail!("client_certificate_header is believed from trusted_proxies alone, and there are none");
        }
        if self.client_certificate_authorities.is_some() && self.client_certificate_header.is_none() {
            bail!(
                "client_certificate_authorities needs client_certificate_header: nobody shows a certificate"
            );
        }
        if let Some(origin) = self.cross_origins.iter().find(|origin| parse_origin(origin).is_none()) {
            bail!("cross_origins: '{origin}' is not an origin such as https://app.example.org");
        }
        if self.metrics_token.as_ref().is_some_and(|token| token.len() < 16) {
            bail!("metrics_token has at least 16 characters, such as `openssl rand -hex 32` gives");
        }
        Ok(())
    }

    fn tell(&self, settings: &mut Settings) {
        settings.client_certificates =
            match (&self.client_certificate_header, &self.client_certificate_authorities) {
                (None, _) => ClientCertificates::Unknown,
                (Some(_), None) => ClientCertificates::Shown,
                (Some(_), Some(_)) => ClientCertificates::Checked,
            };
    }
}

impl Network {
    /// The address under which others reach the program that listens on an address.
    pub(super) fn url(&self, listening: SocketAddr) -> String {
        let url = self.public_url.clone().unwrap_or_else(|| self.listen.url(listening));
        url.trim_end_matches('/').to_owned()
    }

    /// Checks that it is known under which address others reach the program.
    pub(super) fn check_reachable(&self) -> anyhow::Result<()> {
        if self.public_url.is_none() && !self.listen.address().ip().is_loopback() {
            bail!(
                "listen is {}, which others can reach, and public_url is not set: set it to the address that they use, such as https://id.example.org",
                self.listen
            );
        }
        Ok(())
    }

    /// How many connections there may be, and how long each may take.
    pub(crate) fn connections(&self) -> Limits {
        Limits {
            most: self.max_connections.into(),
            most_of_one: self.max_connections_per_address.into(),
            unlimited: self.trusted_proxies.clone(),
            first_head: Duration::from_secs(self.first_request_timeout.into()),
            idle: Duration::from_secs(self.idle_timeout.into()),
        }
    }

    /// The proxies whose word about a client's address is believed.
    pub(crate) fn proxies(&self) -> Proxies {
        Proxies::new(self.trusted_proxies.clone(), self.forwarded_header)
    }

    /// The origins whose pages may call the OData service.
    pub(crate) fn cross_origin(&self, demo: bool) -> CrossOrigin {
        CrossOrigin::new(self.cross_origins.iter().cloned(), demo)
    }

    /// The authorities whose certificates prove who an application is.
    pub(crate) fn client_authorities(&self) -> anyhow::Result<Option<Authorities>> {
        let read = |path: &PathBuf| {
            let pem = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
            Authorities::from_pem(&pem).with_context(|| path.display().to_string())
        };
        self.client_certificate_authorities.as_ref().map(read).transpose()
    }

    /// The header in which a trusted proxy names the client's certificate.
    pub(crate) fn certificate_header(&self) -> anyhow::Result<Option<HeaderName>> {
        let name = self.client_certificate_header.as_ref();
        let parse = |name: &String| {
            name.parse().with_context(|| format!("client_certificate_header '{name}' is no name of a header"))
        };
        name.map(parse).transpose()
    }
}

/// The public address is https, or http on this computer itself (RFC 8252, section 8.3); the issuer has neither query nor fragment (RFC 8414, section 2).
fn check_public_url(url: &str) -> anyhow::Result<()> {
    let parsed: axum::http::Uri = url.parse().with_context(|| format!("public_url '{url}'"))?;
    let (Some(scheme), Some(host)) = (parsed.scheme_str(), parsed.host()) else {
        bail!("public_url '{url}' is no absolute URL such as https://id.example.org");
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let local = host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if scheme != "https" && !(scheme == "http" && local) {
        bail!(
            "public_url '{url}': others reach the server over https only; plain http is for loopback addresses"
        );
    }
    if !parsed.path().trim_end_matches('/').is_empty() || parsed.query().is_some() || url.contains('#') {
        bail!("public_url '{url}' has neither path nor query nor fragment");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_https_or_local() {
        for good in [
            "https://id.example.org",
            "https://id.example.org/",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://localhost",
        ] {
            assert!(check_public_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://id.example.org",
            "https://id.example.org/x",
            "https://id.example.org/?a",
            "id.example.org",
            "ftp://127.0.0.1",
        ] {
            assert!(check_public_url(bad).is_err(), "{bad}");
        }
    }
}
