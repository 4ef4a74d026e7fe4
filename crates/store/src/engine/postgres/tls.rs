//! Connections with and without TLS.

use std::sync::Arc;

use deadpool_postgres::{Manager, ManagerConfig};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::{CancelToken, Config, Error, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::open_error;
use crate::StoreError;

/// Transport of connections: TLS if the URL has `sslmode=require` or `verify-full`, in both cases only to
/// servers whose certificate the system trusts (`SSL_CERT_FILE` names another list); otherwise plain text.
#[derive(Clone)]
pub(super) enum Tls {
    Without,
    With(MakeRustlsConnect),
}

/// Returns the URL for the driver, or an error if it has an unsupported `sslmode`. `verify-full` is what
/// the driver calls `require`. Modes that fall back to plain text or accept another server name are
/// refused, not reinterpreted.
pub(super) fn understood(url: &str) -> Result<String, StoreError> {
    const KEY: &str = "sslmode=";
    let Some(start) = url.find(KEY).map(|start| start + KEY.len()) else { return Ok(url.to_owned()) };
    let (before, rest) = url.split_at(start);
    let (mode, after) = rest.split_at(rest.find(['&', ' ']).unwrap_or(rest.len()));
    match mode {
        "disable" | "require" => Ok(url.to_owned()),
        "verify-full" => Ok(format!("{before}require{after}")),
        _ => Err(StoreError::Open(
            "sslmode is require or verify-full, which both verify the server's certificate and name, or disable".to_owned(),
        )),
    }
}

impl Tls {
    pub(super) fn wanted_by(config: &Config) -> Result<Self, StoreError> {
        if config.get_ssl_mode() != SslMode::Require {
            return Ok(Self::Without);
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let tls = tls.map_err(open_error)?.with_root_certificates(roots).with_no_client_auth();
        Ok(Self::With(MakeRustlsConnect::new(tls)))
    }

    pub(super) fn manager(&self, config: Config, recycle: ManagerConfig) -> Manager {
        match self {
            Self::Without => Manager::from_config(config, NoTls, recycle),
            Self::With(tls) => Manager::from_config(config, tls.clone(), recycle),
        }
    }

    /// Asks the server to cancel the running statement of a connection.
    pub(super) async fn cancel(&self, connection: CancelToken) -> Result<(), Error> {
        match self {
            Self::Without => connection.cancel_query(NoTls).await,
            Self::With(tls) => connection.cancel_query(tls.clone()).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_what_it_says_or_refused() {
        for (url, read) in [
            ("postgres://u@h/d", "postgres://u@h/d"),
            ("postgres://u@h/d?sslmode=disable", "postgres://u@h/d?sslmode=disable"),
            (
                "postgres://u@h/d?sslmode=require&connect_timeout=3",
                "postgres://u@h/d?sslmode=require&connect_timeout=3",
            ),
            ("postgres://u@h/d?sslmode=verify-full", "postgres://u@h/d?sslmode=require"),
            ("host=h sslmode=verify-full user=u", "host=h sslmode=require user=u"),
        ] {
            let understood = understood(url).unwrap();
            assert_eq!(understood, read);
            assert!(understood.parse::<Config>().is_ok(), "{understood}");
        }
        for mode in ["prefer", "allow", "verify-ca", "", "REQUIRE"] {
            assert!(understood(&format!("postgres://u@h/d?sslmode={mode}")).is_err(), "{mode}");
        }
    }
}
