//! What an operator sets: defaults, then the configuration file, then the environment, then flags.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use authority::actions::registration::DynamicRegistration;
use authority::{SecondFactorPolicy, Settings};
use axum::http::HeaderName;
use figment2::Figment;
use figment2::providers::{Env, Format as _, Serialized, Toml};
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Location;
use token::Prefix;

/// The configuration. In a file, the keys are written as here; in the environment with `GRANTOR_` before them.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Grantor")]
pub(crate) struct Config {
    /// The folder of the registry, its keys and its lock.
    pub(crate) data: PathBuf,
    /// The address and port to listen on.
    pub(crate) listen: SocketAddr,
    /// The address under which others reach the program; the one it listens on where nothing is set.
    pub(crate) public_url: Option<String>,
    /// A PostgreSQL database instead of the SQLite file in the folder.
    pub(crate) database_url: Option<String>,
    /// Whether to make a small world to try things in.
    pub(crate) demo: bool,
    /// The prefix of opaque tokens; it counts at the first start alone.
    pub(crate) token_prefix: String,
    /// The file with the keys that encrypt at rest; `keys` in the folder where nothing is set.
    pub(crate) key_file: Option<PathBuf>,
    /// The keys themselves, one per line, the current one first. For the environment alone.
    pub(crate) keys: Option<String>,
    /// How the log is written: `text` or `json`.
    pub(crate) log: LogFormat,
    /// The proxies whose word about a client's address is believed.
    #[schemars(with = "Vec<String>")]
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// The header in which a trusted proxy names the client's certificate, such as `Client-Cert` (RFC 9440).
    pub(crate) client_certificate_header: Option<String>,
    /// Whether every proof of a key (DPoP) needs a nonce of the server.
    pub(crate) require_dpop_nonce: bool,
    /// Who may register applications by the protocol for that (RFC 7591): `off`, `token` or `open`.
    pub(crate) dynamic_registration: DynamicRegistration,
    /// How long an application's access token is valid, in seconds.
    #[schemars(range(min = 1))]
    pub(crate) access_token_lifetime: i64,
    /// How long the token of a device or command-line tool is valid, in seconds.
    #[schemars(range(min = 1))]
    pub(crate) device_token_lifetime: i64,
    /// How long a device code is valid, in seconds.
    #[schemars(range(min = 1))]
    pub(crate) device_code_lifetime: i64,
    /// How long an authorization code is valid, in seconds.
    #[schemars(range(min = 1))]
    pub(crate) authorization_code_lifetime: i64,
    /// How long an ID token is valid, in seconds.
    #[schemars(range(min = 1))]
    pub(crate) id_token_lifetime: i64,
    /// How long a refresh token of a confidential application may wait to be used, in seconds.
    #[schemars(range(min = 1))]
    pub(crate) refresh_token_lifetime: i64,
    /// How long a refresh token of a public application may wait to be used, in seconds.
    #[schemars(range(min = 1))]
    pub(crate) public_refresh_token_lifetime: i64,
    /// How long after the sign-in an application may go on refreshing, in seconds.
    #[schemars(range(min = 1))]
    pub(crate) refresh_absolute_lifetime: i64,
    /// How long somebody stays signed in to the pages, in seconds.
    #[schemars(range(min = 1))]
    pub(crate) session_lifetime: i64,
    /// How many rows a page of OData has unless asked otherwise.
    #[schemars(range(min = 1))]
    pub(crate) odata_page_size: u32,
    /// How many rows a page of OData has at the most.
    #[schemars(range(min = 1))]
    pub(crate) odata_max_page_size: u32,
    /// How long a session may go unused, in seconds.
    #[schemars(range(min = 1))]
    pub(crate) session_idle_timeout: i64,
    /// Who has to have a second factor: `none`, `administrators` or `everybody`.
    pub(crate) require_second_factor: SecondFactorPolicy,
    /// A sorted file of SHA-1 hashes of passwords that nobody may choose.
    pub(crate) password_breach_file: Option<PathBuf>,
    /// How many connections may be open at once; others wait.
    #[schemars(range(min = 1))]
    pub(crate) max_connections: u16,
    /// After how many seconds a connection is closed that sends no request, or no whole head of one.
    #[schemars(range(min = 1))]
    pub(crate) idle_timeout: u16,
}

/// How the log is written.
#[derive(Clone, Copy, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

const KEYS: &[&str] = &[
    "data",
    "listen",
    "public_url",
    "database_url",
    "demo",
    "token_prefix",
    "key_file",
    "keys",
    "log",
    "trusted_proxies",
    "client_certificate_header",
    "require_dpop_nonce",
    "dynamic_registration",
    "access_token_lifetime",
    "device_token_lifetime",
    "device_code_lifetime",
    "authorization_code_lifetime",
    "id_token_lifetime",
    "refresh_token_lifetime",
    "public_refresh_token_lifetime",
    "refresh_absolute_lifetime",
    "session_lifetime",
    "odata_page_size",
    "odata_max_page_size",
    "session_idle_timeout",
    "require_second_factor",
    "password_breach_file",
    "max_connections",
    "idle_timeout",
];

impl Default for Config {
    fn default() -> Self {
        let settings = Settings::new("");
        Self {
            data: PathBuf::from("data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            database_url: None,
            demo: false,
            token_prefix: Prefix::default().as_str().to_owned(),
            key_file: None,
            keys: None,
            log: LogFormat::Text,
            trusted_proxies: Vec::new(),
            client_certificate_header: None,
            require_dpop_nonce: settings.require_dpop_nonce,
            dynamic_registration: settings.dynamic_registration,
            access_token_lifetime: settings.access_token_lifetime,
            device_token_lifetime: settings.device_token_lifetime,
            device_code_lifetime: settings.device_code_lifetime,
            authorization_code_lifetime: settings.authorization_code_lifetime,
            id_token_lifetime: settings.id_token_lifetime,
            refresh_token_lifetime: settings.refresh_token_lifetime,
            public_refresh_token_lifetime: settings.public_refresh_token_lifetime,
            refresh_absolute_lifetime: settings.refresh_absolute_lifetime,
            session_lifetime: settings.session_lifetime,
            odata_page_size: 100,
            odata_max_page_size: 1000,
            session_idle_timeout: settings.session_idle_timeout,
            require_second_factor: settings.require_second_factor,
            password_breach_file: None,
            // Below the 1024 files that systems let a program open unless told otherwise.
            max_connections: 900,
            // Longer than the minute for which proxies keep an idle connection, so that they close it first.
            idle_timeout: 75,
        }
    }
}

/// The configuration as JSON Schema (2020-12), with the defaults.
///
/// # Errors
/// If the program cannot describe itself, which would be a fault of its own.
pub(crate) fn schema() -> anyhow::Result<serde_json::Value> {
    let mut schema = serde_json::to_value(schemars::schema_for!(Config))?;
    let serde_json::Value::Object(defaults) = serde_json::to_value(Config::default())? else {
        bail!("the configuration has keys");
    };
    for (key, default) in defaults {
        schema["properties"][&key]["default"] = default;
    }
    // Every key has a default, so a file need not have any.
    schema.as_object_mut().map(|schema| schema.remove("required"));
    Ok(schema)
}

impl Config {
    /// Reads the configuration; `flags` are those of the command line.
    ///
    /// # Errors
    /// Names the key and the place it comes from.
    pub(crate) fn load(file: Option<&Path>, flags: &impl Serialize) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            figment = figment.merge(Toml::file(file).search(false));
        }
        let environment = Env::prefixed("GRANTOR_").only(KEYS);
        let config: Self = figment.merge(environment).merge(Serialized::defaults(flags)).extract()?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        if self.demo && !self.listen.ip().is_loopback() {
            bail!(
                "the demonstration world is for this computer alone: --demo needs a loopback address such as 127.0.0.1, not {}",
                self.listen.ip()
            );
        }
        let lifetimes = [
            ("access_token_lifetime", self.access_token_lifetime),
            ("device_token_lifetime", self.device_token_lifetime),
            ("device_code_lifetime", self.device_code_lifetime),
            ("authorization_code_lifetime", self.authorization_code_lifetime),
            ("id_token_lifetime", self.id_token_lifetime),
            ("refresh_token_lifetime", self.refresh_token_lifetime),
            ("public_refresh_token_lifetime", self.public_refresh_token_lifetime),
            ("refresh_absolute_lifetime", self.refresh_absolute_lifetime),
            ("session_lifetime", self.session_lifetime),
            ("session_idle_timeout", self.session_idle_timeout),
        ];
        if let Some((name, value)) = lifetimes.iter().find(|(_, seconds)| *seconds <= 0) {
            bail!("{name} is a number of seconds above 0, not {value}");
        }
        for (name, value) in [("max_connections", self.max_connections), ("idle_timeout", self.idle_timeout)]
        {
            if value == 0 {
                bail!("{name} is a number above 0");
            }
        }
        let (usual, most) = (self.odata_page_size, self.odata_max_page_size);
        if usual == 0 || usual > most {
            bail!(
                "odata_page_size is a number above 0 and no greater than odata_max_page_size, {most}; not {usual}"
            );
        }
        if let Some(url) = &self.public_url {
            check_public_url(url)?;
        }
        if self.certificate_header()?.is_some() && self.trusted_proxies.is_empty() {
            bail!("client_certificate_header is believed from trusted_proxies alone, and there are none");
        }
        Ok(())
    }

    /// The header in which a trusted proxy names the client's certificate.
    pub(crate) fn certificate_header(&self) -> anyhow::Result<Option<HeaderName>> {
        let name = self.client_certificate_header.as_ref();
        let parse = |name: &String| {
            name.parse().with_context(|| format!("client_certificate_header '{name}' is no name of a header"))
        };
        name.map(parse).transpose()
    }

    /// Where the registry is.
    pub(crate) fn location(&self) -> Location {
        self.database_url
            .clone()
            .map_or_else(|| Location::Sqlite(self.data.join("grantor.db")), Location::Postgres)
    }

    /// The prefix of opaque tokens.
    pub(crate) fn prefix(&self) -> anyhow::Result<Prefix> {
        Prefix::parse(&self.token_prefix).context("token_prefix")
    }

    /// What the authority needs to know; `listening` is the address on which the program really listens.
    pub(crate) fn settings(&self, listening: SocketAddr) -> Settings {
        let defaults = Settings::new("");
        let public_url = self.public_url.clone().unwrap_or_else(|| format!("http://{listening}"));
        Settings {
            access_token_lifetime: self.access_token_lifetime,
            device_token_lifetime: self.device_token_lifetime,
            device_code_lifetime: self.device_code_lifetime,
            authorization_code_lifetime: self.authorization_code_lifetime,
            id_token_lifetime: self.id_token_lifetime,
            refresh_token_lifetime: self.refresh_token_lifetime,
            public_refresh_token_lifetime: self.public_refresh_token_lifetime,
            refresh_absolute_lifetime: self.refresh_absolute_lifetime,
            session_lifetime: self.session_lifetime,
            odata_page_size: self.odata_page_size.into(),
            odata_max_page_size: self.odata_max_page_size.into(),
            session_idle_timeout: self.session_idle_timeout,
            require_second_factor: self.require_second_factor,
            require_dpop_nonce: self.require_dpop_nonce,
            dynamic_registration: self.dynamic_registration,
            client_certificates: self.client_certificate_header.is_some(),
            // A key stays published at least as long as what it signed is valid.
            signing_key_overlap: defaults.signing_key_overlap.max(self.access_token_lifetime),
            ..Settings::new(public_url.trim_end_matches('/'))
        }
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

    #[test]
    fn every_key_can_come_from_the_environment() {
        let all = figment2::value::Value::serialize(Config::default()).unwrap();
        let mut names: Vec<_> = all.as_dict().unwrap().keys().cloned().collect();
        names.sort_unstable();
        let mut keys = KEYS.to_vec();
        keys.sort_unstable();
        assert_eq!(names, keys);
    }

    #[test]
    fn the_guide_has_every_key_with_its_default() {
        let guide = include_str!("../../../docs/guide/operating.md");
        let serde_json::Value::Object(defaults) = serde_json::to_value(Config::default()).unwrap() else {
            panic!("the configuration has keys")
        };
        assert_eq!(defaults.len(), KEYS.len());
        for (key, default) in defaults {
            let default = match default {
                serde_json::Value::Null => "none".to_owned(),
                serde_json::Value::String(text) => format!("`{text}`"),
                other => format!("`{other}`"),
            };
            let row = format!("| `{key}` | {default} | ");
            assert!(guide.contains(&row), "docs/guide/operating.md lacks a row that begins with: {row}");
        }
    }

    #[test]
    fn a_page_has_rows_and_no_more_than_the_greatest() {
        for (usual, most, fits) in
            [(1, 1, true), (100, 5000, true), (0, 5, false), (6, 5, false), (1, 0, false)]
        {
            let config = Config { odata_page_size: usual, odata_max_page_size: most, ..Config::default() };
            assert_eq!(config.check().is_ok(), fits, "{usual} of {most}");
        }
    }

    #[test]
    fn a_demonstration_stays_on_this_computer() {
        let config = Config { demo: true, listen: "0.0.0.0:8080".parse().unwrap(), ..Config::default() };
        assert!(config.check().unwrap_err().to_string().contains("loopback"));
    }
}
