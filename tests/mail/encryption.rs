//! The connection to the mail server is encrypted, and only to the intended server.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, SanType};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;

use super::*;
use crate::support::Wire;

/// A certificate authority that a program trusts if its environment names the file.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn file(&self) -> String {
        let name = format!("grantor-authority-{}-{:p}.pem", std::process::id(), self);
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, self.0.pem()).unwrap();
        file.to_str().unwrap().to_owned()
    }

    /// Returns the TLS configuration of a server with one of these addresses.
    fn server_at(&self, addresses: &[IpAddr]) -> Arc<ServerConfig> {
        let mut params = CertificateParams::default();
        params.subject_alt_names = addresses.iter().copied().map(SanType::IpAddress).collect();
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config =
            ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap())
    }
}

const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// Returns an address of this computer that does not look local, so that nothing is sent to it in plain text.
fn elsewhere() -> IpAddr {
    IpAddr::V6(HERE.to_ipv6_mapped())
}

/// Starts a server that sends through `url` and trusts an authority.
fn sending(url: &str, believed: &Authority) -> Server {
    let file = believed.file();
    let environment =
        [("GRANTOR_SMTP_URL", url), ("GRANTOR_MAIL_FROM", "grantor@example.org"), ("SSL_CERT_FILE", &file)];
    Server::start_with(Engine::Sqlite, &["--demo"], &environment)
}

fn port(catcher: &Catcher) -> &str {
    catcher.url.rsplit(':').next().unwrap()
}

/// Encrypted from the start, and after STARTTLS.
#[test]
fn mail_goes_to_the_server_that_is_meant() {
    let authority = Authority::new();
    let config = authority.server_at(&[HERE.into(), elsewhere()]);
    for (wire, scheme, host) in [
        (Wire::Tls(Arc::clone(&config)), "smtps", HERE.to_string()),
        (Wire::Starttls(config), "smtp", format!("[{}]", elsewhere())),
    ] {
        let catcher = Catcher::over(wire);
        let server = sending(&format!("{scheme}://{host}:{}", port(&catcher)), &authority);
        forgot(&server, "ben");
        assert_eq!(catcher.next().to, ["ben@example.com"], "{scheme}");
    }
}

/// Nothing is sent to a server with an untrusted certificate, with another name, or whose STARTTLS offer was
/// removed.
#[test]
fn mail_goes_to_nobody_else() {
    let (authority, other) = (Authority::new(), Authority::new());
    let plain = format!("[{}]", elsewhere());
    for (what, wire, scheme, host) in [
        ("untrusted", Wire::Tls(other.server_at(&[HERE.into()])), "smtps", HERE.to_string()),
        (
            "another name",
            Wire::Tls(authority.server_at(&["192.0.2.1".parse().unwrap()])),
            "smtps",
            HERE.to_string(),
        ),
        ("untrusted after STARTTLS", Wire::Starttls(other.server_at(&[elsewhere()])), "smtp", plain.clone()),
        ("STARTTLS was taken away", Wire::Plain, "smtp", plain),
        ("encrypted where it is not expected", Wire::Plain, "smtps", HERE.to_string()),
    ] {
        let catcher = Catcher::over(wire);
        let mut server = sending(&format!("{scheme}://{host}:{}", port(&catcher)), &authority);
        forgot(&server, "ben");
        server.wait_for_log("the mail server did not accept a mail");
        assert!(catcher.arrived().is_empty(), "{what}");
        server.kill();
        assert_eq!(
            server.look_up("SELECT count(*) FROM grantor_mail"),
            ["1"],
            "{what}: the mail stays queued"
        );
    }
}
