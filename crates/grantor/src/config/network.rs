use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use authority::ClientCertificates;
use axum::http::HeaderName;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;
use token::certificate::Authorities;
use web::http::{CrossOrigin, ForwardedHeader, Proxies, parse_origin};

use super::Listen;

/// Addresses and proxies
// No `Debug`: it holds a token.
#[derive(Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub(crate) struct Network {
    /// The address and port to listen on, such as `localhost:8080`.
    #[default(Listen::Address(SocketAddr::from(([127, 0, 0, 1], 8080))))]
    pub(crate) listen: Listen,
    /// The address under which clients reach the server: `https://` without a path, or `http://` on loopback. By default
    /// `http://` and `listen`, which must then be a loopback address.
    public_url: Option<String>,
    /// The addresses or networks of proxies that are trusted to report a client's address.
    #[schemars(with = "Vec<String>")]
    trusted_proxies: Vec<IpNet>,
    /// The header that reports the client's address. With `any`, a request with both headers must report the same client
    /// in both, otherwise its address is unknown.
    forwarded_header: ForwardedHeader,
    /// The header in which a trusted proxy sends the client's certificate, such as `Client-Cert` (RFC 9440).
    client_certificate_header: Option<String>,
    /// A PEM file with the certificate authorities for client authentication by `tls_client_auth` (RFC 8705).
    client_certificate_authorities: Option<PathBuf>,
    /// The origins of pages that may call the OData service from a browser (CORS), such as `https://app.example.org`. In the
    /// demonstration, every origin on a loopback address may.
    cross_origins: Vec<String>,
    /// The bearer token with which a collector reads the metrics. Without it, only this computer can read them. For the
    /// environment only.
    pub(crate) metrics_token: Option<String>,
}

impl Network {
    /// Checks what the types do not express.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        match &self.public_url {
            Some(url) => check_public_url(url)?,
            None => self.check_loopback()?,
        }
        if self.certificate_header()?.is_some() && self.trusted_proxies.is_empty() {
            bail!("client_certificate_header needs trusted_proxies: it is read from trusted proxies only");
        }
        if self.client_certificate_authorities.is_some() && self.client_certificate_header.is_none() {
            bail!(
                "client_certificate_authorities needs client_certificate_header: without it, there are no client certificates"
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

    /// Checks that the server has a loopback address if it has no public one.
    fn check_loopback(&self) -> anyhow::Result<()> {
        if !self.listen.address().ip().is_loopback() {
            bail!(
                "listen is {}, which others can reach, and public_url is not set: set it to the address that they use, such as https://id.example.org",
                self.listen
            );
        }
        Ok(())
    }

    /// Returns the address under which clients reach the server that listens on `listening`.
    pub(super) fn url(&self, listening: SocketAddr) -> String {
        let url = self.public_url.clone().unwrap_or_else(|| self.listen.url(listening));
        url.trim_end_matches('/').to_owned()
    }

    /// Returns which client certificates the proxies send.
    pub(super) const fn client_certificates(&self) -> ClientCertificates {
        match (&self.client_certificate_header, &self.client_certificate_authorities) {
            (None, _) => ClientCertificates::Unknown,
            (Some(_), None) => ClientCertificates::Shown,
            (Some(_), Some(_)) => ClientCertificates::Checked,
        }
    }

    /// Returns the networks of the trusted proxies.
    pub(crate) fn trusted_proxies(&self) -> Vec<IpNet> {
        self.trusted_proxies.clone()
    }

    /// Returns the reader of the client's address.
    pub(crate) fn proxies(&self) -> Proxies {
        Proxies::new(self.trusted_proxies(), self.forwarded_header)
    }

    /// Returns the origins whose pages may call the OData service.
    pub(crate) fn cross_origin(&self, demo: bool) -> CrossOrigin {
        CrossOrigin::new(self.cross_origins.iter().cloned(), demo)
    }

    /// Reads the certificate authorities for client authentication.
    pub(crate) fn client_authorities(&self) -> anyhow::Result<Option<Authorities>> {
        let read = |path: &PathBuf| {
            let pem = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
            Authorities::from_pem(&pem).with_context(|| path.display().to_string())
        };
        self.client_certificate_authorities.as_ref().map(read).transpose()
    }

    /// Returns the header in which a trusted proxy sends the client's certificate.
    pub(crate) fn certificate_header(&self) -> anyhow::Result<Option<HeaderName>> {
        let name = self.client_certificate_header.as_ref();
        let parse = |name: &String| {
            name.parse().with_context(|| format!("client_certificate_header '{name}' is no name of a header"))
        };
        name.map(parse).transpose()
    }
}

/// Checks that the public address uses https, or http on loopback (RFC 8252, section 8.3), and has neither query nor
/// fragment (RFC 8414, section 2).
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
