//! What an operator sets: defaults, then the configuration file, then the environment, then flags.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use authority::actions::registration::DynamicRegistration;
use authority::{Administration, ClientCertificates, SecondFactorPolicy, Settings, acr};
use axum::http::HeaderName;
use figment2::Figment;
use figment2::providers::{Env, Format as _, Serialized, Toml};
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Location;
use token::Prefix;
use token::certificate::Authorities;

use crate::graphql::Limits;
use crate::upstream::{self, ProviderConfig};

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
    /// A PEM file with the authorities whose certificates prove who an application is (RFC 8705).
    pub(crate) client_certificate_authorities: Option<PathBuf>,
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
    /// How long a person may take to decide on a request by the back channel, in seconds.
    pub(crate) backchannel_request_lifetime: i64,
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
    /// For how many days grants are kept that have ended; 0 for ever.
    pub(crate) retention_days: u32,
    /// For how many days audit events are kept; 0 for ever.
    pub(crate) audit_retention_days: u32,
    /// How many seconds lie between two removals of what has ended so long ago.
    pub(crate) purge_interval: u32,
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
    /// How long ago people may have signed in at most who administer, in seconds.
    pub(crate) administration_max_age: Option<i64>,
    /// The least level of sign-in for administrators: a name that the metadata list as `acr_values_supported`.
    pub(crate) administration_acr: Option<String>,
    /// A sorted file of SHA-1 hashes of passwords that nobody may choose.
    pub(crate) password_breach_file: Option<PathBuf>,
    /// The mail server, such as `smtp://mail.example.org:587` (STARTTLS) or `smtps://mail.example.org`.
    pub(crate) smtp_url: Option<String>,
    /// The name under which the program signs in to the mail server.
    pub(crate) smtp_user: Option<String>,
    /// The password to it. For the environment alone.
    pub(crate) smtp_password: Option<String>,
    /// A file with the password to it.
    pub(crate) smtp_password_file: Option<PathBuf>,
    /// The sender of the mails, such as `Example <id@example.org>`.
    pub(crate) mail_from: Option<String>,
    /// The OpenID providers at which people may sign in.
    pub(crate) providers: Vec<ProviderConfig>,
    /// How many connections may be open at once; others wait.
    #[schemars(range(min = 1))]
    pub(crate) max_connections: u16,
    /// After how many seconds a connection is closed that sends no request, or no whole head of one.
    #[schemars(range(min = 1))]
    pub(crate) idle_timeout: u16,
    /// Whether an audit event is written for each token that an application obtains.
    pub(crate) audit_issued_tokens: bool,
    /// What an operation of GraphQL may cost.
    pub(crate) graphql_max_cost: u64,
    /// How deep its fields may be nested.
    pub(crate) graphql_max_depth: u64,
    /// How many tokens its document may have.
    pub(crate) graphql_max_tokens: u64,
    /// How many aliases it may have.
    pub(crate) graphql_max_aliases: u64,
    /// How many fields of the root it may ask for.
    pub(crate) graphql_max_root_fields: u64,
    /// How many requests of GraphQL one body may have.
    pub(crate) graphql_max_batch: u64,
    /// How long a query of GraphQL may take, in seconds.
    pub(crate) graphql_timeout: u64,
    /// How many subscriptions one user may have open at a time.
    pub(crate) graphql_max_subscriptions: u64,
    /// Whether GraphQL tells its schema.
    pub(crate) graphql_introspection: bool,
    /// The folder or file of the documents that GraphQL knows by their hashes.
    pub(crate) graphql_documents: Option<PathBuf>,
    /// Whether GraphQL runs those documents alone.
    pub(crate) graphql_only_documents: bool,
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
    "client_certificate_authorities",
    "require_dpop_nonce",
    "dynamic_registration",
    "access_token_lifetime",
    "device_token_lifetime",
    "device_code_lifetime",
    "backchannel_request_lifetime",
    "authorization_code_lifetime",
    "id_token_lifetime",
    "refresh_token_lifetime",
    "public_refresh_token_lifetime",
    "refresh_absolute_lifetime",
    "session_lifetime",
    "retention_days",
    "audit_retention_days",
    "purge_interval",
    "odata_page_size",
    "odata_max_page_size",
    "session_idle_timeout",
    "require_second_factor",
    "administration_max_age",
    "administration_acr",
    "password_breach_file",
    "smtp_url",
    "smtp_user",
    "smtp_password",
    "smtp_password_file",
    "mail_from",
    "providers",
    "max_connections",
    "idle_timeout",
    "audit_issued_tokens",
    "graphql_max_cost",
    "graphql_max_depth",
    "graphql_max_tokens",
    "graphql_max_aliases",
    "graphql_max_root_fields",
    "graphql_max_batch",
    "graphql_timeout",
    "graphql_max_subscriptions",
    "graphql_introspection",
    "graphql_documents",
    "graphql_only_documents",
];

impl Default for Config {
    fn default() -> Self {
        let settings = Settings::new("");
        let limits = Limits::default();
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
            client_certificate_authorities: None,
            require_dpop_nonce: settings.require_dpop_nonce,
            dynamic_registration: settings.dynamic_registration,
            access_token_lifetime: settings.access_token_lifetime,
            device_token_lifetime: settings.device_token_lifetime,
            device_code_lifetime: settings.device_code_lifetime,
            backchannel_request_lifetime: settings.backchannel_request_lifetime,
            authorization_code_lifetime: settings.authorization_code_lifetime,
            id_token_lifetime: settings.id_token_lifetime,
            refresh_token_lifetime: settings.refresh_token_lifetime,
            public_refresh_token_lifetime: settings.public_refresh_token_lifetime,
            refresh_absolute_lifetime: settings.refresh_absolute_lifetime,
            session_lifetime: settings.session_lifetime,
            retention_days: settings.retention_days,
            audit_retention_days: settings.audit_retention_days,
            purge_interval: 86_400,
            odata_page_size: 100,
            odata_max_page_size: 1000,
            session_idle_timeout: settings.session_idle_timeout,
            require_second_factor: settings.require_second_factor,
            administration_max_age: None,
            administration_acr: None,
            password_breach_file: None,
            smtp_url: None,
            smtp_user: None,
            smtp_password: None,
            smtp_password_file: None,
            mail_from: None,
            providers: Vec::new(),
            // Below the 1024 files that systems let a program open unless told otherwise.
            max_connections: 900,
            // Longer than the minute for which proxies keep an idle connection, so that they close it first.
            idle_timeout: 75,
            audit_issued_tokens: settings.audit_issued_tokens,
            graphql_max_cost: limits.cost,
            graphql_max_depth: limits.depth,
            graphql_max_tokens: limits.tokens,
            graphql_max_aliases: limits.aliases,
            graphql_max_root_fields: limits.root_fields,
            graphql_max_batch: limits.batch,
            graphql_timeout: limits.seconds,
            graphql_max_subscriptions: limits.subscriptions,
            graphql_introspection: limits.introspection,
            graphql_documents: None,
            graphql_only_documents: false,
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
            ("backchannel_request_lifetime", self.backchannel_request_lifetime),
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
        for (name, value) in [
            ("max_connections", self.max_connections.into()),
            ("idle_timeout", self.idle_timeout.into()),
            ("purge_interval", self.purge_interval),
        ] {
            if value == 0 {
                bail!("{name} is a number above 0");
            }
        }
        for (name, value) in [
            ("graphql_max_cost", self.graphql_max_cost),
            ("graphql_max_depth", self.graphql_max_depth),
            ("graphql_max_tokens", self.graphql_max_tokens),
            ("graphql_max_root_fields", self.graphql_max_root_fields),
            ("graphql_max_batch", self.graphql_max_batch),
            ("graphql_timeout", self.graphql_timeout),
        ] {
            if value == 0 {
                bail!("{name} is a number above 0");
            }
        }
        if self.graphql_only_documents && self.graphql_documents.is_none() {
            bail!("graphql_only_documents needs graphql_documents: otherwise nothing could run");
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
        upstream::check(&self.providers)?;
        if self.certificate_header()?.is_some() && self.trusted_proxies.is_empty() {
            bail!("client_certificate_header is believed from trusted_proxies alone, and there are none");
        }
        if self.administration_max_age.is_some_and(|seconds| seconds <= 0) {
            bail!("administration_max_age is a number of seconds above 0");
        }
        if self.administration_acr.as_ref().is_some_and(|level| !acr::LEVELS.contains(&level.as_str())) {
            bail!("administration_acr is one of {}", acr::LEVELS.join(", "));
        }
        if self.client_certificate_authorities.is_some() && self.client_certificate_header.is_none() {
            bail!(
                "client_certificate_authorities needs client_certificate_header: nobody shows a certificate"
            );
        }
        Ok(())
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

    /// How much GraphQL answers at once.
    pub(crate) const fn graphql_limits(&self) -> Limits {
        Limits {
            cost: self.graphql_max_cost,
            depth: self.graphql_max_depth,
            tokens: self.graphql_max_tokens,
            aliases: self.graphql_max_aliases,
            root_fields: self.graphql_max_root_fields,
            batch: self.graphql_max_batch,
            seconds: self.graphql_timeout,
            subscriptions: self.graphql_max_subscriptions,
            introspection: self.graphql_introspection,
        }
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
            backchannel_request_lifetime: self.backchannel_request_lifetime,
            authorization_code_lifetime: self.authorization_code_lifetime,
            id_token_lifetime: self.id_token_lifetime,
            refresh_token_lifetime: self.refresh_token_lifetime,
            public_refresh_token_lifetime: self.public_refresh_token_lifetime,
            refresh_absolute_lifetime: self.refresh_absolute_lifetime,
            session_lifetime: self.session_lifetime,
            retention_days: self.retention_days,
            audit_retention_days: self.audit_retention_days,
            odata_page_size: self.odata_page_size.into(),
            odata_max_page_size: self.odata_max_page_size.into(),
            session_idle_timeout: self.session_idle_timeout,
            require_second_factor: self.require_second_factor,
            administration: Administration {
                acr_values: self.administration_acr.iter().cloned().collect(),
                max_age: self.administration_max_age,
            },
            require_dpop_nonce: self.require_dpop_nonce,
            dynamic_registration: self.dynamic_registration,
            audit_issued_tokens: self.audit_issued_tokens,
            sends_mail: self.smtp_url.is_some(),
            providers: self.providers.iter().map(ProviderConfig::provider).collect(),
            client_certificates: match (&self.client_certificate_header, &self.client_certificate_authorities)
            {
                (None, _) => ClientCertificates::Unknown,
                (Some(_), None) => ClientCertificates::Shown,
                (Some(_), Some(_)) => ClientCertificates::Checked,
            },
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
