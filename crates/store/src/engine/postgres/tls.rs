//! Connections with and without TLS.

use std::sync::Arc;

use deadpool_postgres::{Manager, ManagerConfig};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::{CancelToken, Config, Error, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::open_error;
use crate::StoreError;

/// How to speak to the server: over TLS where the URL has `sslmode=require`, and then only to one whose certificate
/// the system trusts (`SSL_CERT_FILE` names another list); without TLS otherwise.
#[derive(Clone)]
pub(super) enum Tls {
    Without,
    With(MakeRustlsConnect),
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

    /// Asks the server to end the statement that a connection runs.
    pub(super) async fn cancel(&self, connection: CancelToken) -> Result<(), Error> {
        match self {
            Self::Without => connection.cancel_query(NoTls).await,
            Self::With(tls) => connection.cancel_query(tls.clone()).await,
        }
    }
}
