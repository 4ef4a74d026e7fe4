//! Clients with certificates of a certificate authority (RFC 8705, section 2.1).

use data_encoding::BASE64;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, SanType, date_time_ymd,
};
use serde_json::{Value, json};

use crate::support::Server;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Returns the parameters of a certificate.
fn params(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    // In the order of insertion, and without the default name.
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Example");
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    (params.not_before, params.not_after) = (date_time_ymd(2025, 1, 1), date_time_ymd(2099, 1, 1));
    params
}

/// Returns a certificate as a proxy forwards it (RFC 9440).
fn issue(authority: &Authority, params: &CertificateParams) -> String {
    let der = params.signed_by(&KeyPair::generate().unwrap(), authority).unwrap();
    format!(":{}:", BASE64.encode(der.der()))
}

/// Returns the status of a token request with or without a certificate.
fn ask(server: &Server, client_id: &str, certificate: Option<&str>) -> (u16, Value) {
    let form = [("grant_type", "client_credentials"), ("client_id", client_id)];
    let request = server.post("/id/connect/token", &form);
    let request =
        certificate.map_or(request.try_clone().unwrap(), |line| request.header("client-cert", line));
    let response = request.send().unwrap();
    (response.status().as_u16(), response.json().unwrap())
}

fn believing(server: &mut Server, authorities: &[&Authority]) {
    let file = server.folder().join("authorities.pem");
    std::fs::write(&file, authorities.iter().map(|authority| authority.pem()).collect::<String>()).unwrap();
    server.restart_with("GRANTOR_TRUSTED_PROXIES", "[\"127.0.0.0/8\"]");
    server.restart_with("GRANTOR_CLIENT_CERTIFICATE_HEADER", "Client-Cert");
    server.restart_with("GRANTOR_CLIENT_CERTIFICATE_AUTHORITIES", file.to_str().unwrap());
}

fn metadata(name: &str, value: &str) -> Value {
    json!({ "token_endpoint_auth_method": "tls_client_auth", name: value })
}

on_both_engines! {
    /// The name in the certificate identifies the client, in each of the five ways; a renewed certificate
    /// works too.
    fn a_certificate_of_an_authority(server: &mut Server) {
        let why = server.register("early", "REFERENCE", &metadata("tls_client_auth_san_dns", "a.example")).unwrap_err();
        assert!(why.contains("the server knows no authority"), "{why}");
        let (first, second) = (authority("First"), authority("Second"));
        believing(server, &[&first, &second]);
        let mut said = params("exporter");
        said.subject_alt_names = vec![
            SanType::DnsName("exporter.example".try_into().unwrap()),
            SanType::URI("spiffe://example/exporter".try_into().unwrap()),
            SanType::IpAddress("192.0.2.7".parse().unwrap()),
            SanType::Rfc822Name("exporter@example.org".try_into().unwrap()),
        ];
        let (shown, renewed) = (issue(&first, &said), issue(&second, &said));
        let stranger = issue(&first, &params("another name"));
        for (name, value) in [
            ("tls_client_auth_subject_dn", "CN=exporter,O=Example"),
            ("tls_client_auth_san_dns", "EXPORTER.example"),
            ("tls_client_auth_san_uri", "spiffe://example/exporter"),
            ("tls_client_auth_san_ip", "192.0.2.7"),
            ("tls_client_auth_san_email", "exporter@example.org"),
        ] {
            let application = server.register(name, "REFERENCE", &metadata(name, value)).unwrap();
            assert_eq!(application.client_secret, None);
            assert_eq!((ask(server, name, Some(&shown)).0, ask(server, name, Some(&renewed)).0), (200, 200), "{name}");
            for other in [Some(stranger.as_str()), Some(":AAAA:"), None] {
                let (status, answer) = ask(server, name, other);
                assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{name}");
            }
        }
        let discovery: Value = server.get("/id/.well-known/openid-configuration", None).send().unwrap().json().unwrap();
        for endpoint in ["token", "introspection", "revocation"] {
            let methods = discovery[format!("{endpoint}_endpoint_auth_methods_supported")].as_array().unwrap();
            assert!(methods.contains(&json!("tls_client_auth")), "{endpoint}");
        }
    }

    /// Certificates of another issuer, expired ones, those for another purpose, and headers from untrusted
    /// senders are refused.
    fn certificates_that_prove_nothing(server: &mut Server) {
        let (known, unknown) = (authority("Ours"), authority("Ours"));
        believing(server, &[&known]);
        let named = metadata("tls_client_auth_subject_dn", "CN=exporter,O=Example");
        let bound = json!({ "tls_client_certificate_bound_access_tokens": true });
        let mut metadata = named;
        metadata.as_object_mut().unwrap().extend(bound.as_object().unwrap().clone());
        server.register("exporter", "REFERENCE", &metadata).unwrap();
        let good = issue(&known, &params("exporter"));
        let (status, granted) = ask(server, "exporter", Some(&good));
        assert_eq!(status, 200, "{granted}");
        let mut over = params("exporter");
        (over.not_before, over.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
        let mut early = params("exporter");
        early.not_before = date_time_ymd(2098, 1, 1);
        let mut server_only = params("exporter");
        server_only.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let mut own_authority = params("exporter");
        own_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own = params("exporter").self_signed(&KeyPair::generate().unwrap()).unwrap();
        for (why, shown) in [
            ("another authority of the same name", issue(&unknown, &params("exporter"))),
            ("expired", issue(&known, &over)),
            ("not yet valid", issue(&known, &early)),
            ("for servers", issue(&known, &server_only)),
            ("an authority itself", issue(&known, &own_authority)),
            ("self-signed", format!(":{}:", BASE64.encode(own.der()))),
            ("the authority's own", format!(":{}:", BASE64.encode(known.der()))),
        ] {
            let (status, answer) = ask(server, "exporter", Some(&shown));
            assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{why}");
        }
        // The token is bound to the certificate that obtained it, not to its name.
        let token = granted["access_token"].as_str().unwrap();
        let read = |certificate: &str| {
            let request = server.get("/api/domain/odata/Systems_Security_AccessTokens?$top=1", Some(token));
            request.header("client-cert", certificate).send().unwrap().status().as_u16()
        };
        assert_eq!((read(&good), read(&issue(&known, &params("exporter")))), (200, 401));
        server.restart_with("GRANTOR_TRUSTED_PROXIES", "[\"192.0.2.1/32\"]");
        assert_eq!(ask(server, "exporter", Some(&good)).0, 401, "only the proxy is trusted");
    }
}
