use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, DnValue,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, SanType, date_time_ymd,
};

use super::*;

/// A time in 2026.
const NOW: i64 = 1_780_000_000;

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Issuer {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn trusted(issuer: &Issuer) -> Authorities {
    Authorities::from_pem(issuer.pem().as_bytes()).unwrap()
}

fn params() -> CertificateParams {
    let mut params = CertificateParams::default();
    // In the order in which they are pushed, without the default name.
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "DE");
    params.distinguished_name.push(DnType::OrganizationName, "Winter, Sommer & Co");
    params.distinguished_name.push(DnType::CommonName, "exporter");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    (params.not_before, params.not_after) = (date_time_ymd(2026, 1, 1), date_time_ymd(2027, 1, 1));
    params
}

fn issue(issuer: &Issuer, params: &CertificateParams) -> Vec<u8> {
    params.signed_by(&KeyPair::generate().unwrap(), issuer).unwrap().der().to_vec()
}

#[test]
fn a_certificate_has_its_subject_names() {
    let issuer = authority("Our authority");
    let mut params = params();
    params.subject_alt_names = vec![
        SanType::DnsName("Exporter.example".try_into().unwrap()),
        SanType::URI("spiffe://example/exporter".try_into().unwrap()),
        SanType::IpAddress("192.0.2.7".parse().unwrap()),
        SanType::IpAddress("2001:db8::7".parse().unwrap()),
        SanType::Rfc822Name("exporter@example.org".try_into().unwrap()),
    ];
    let subject = trusted(&issuer).check(&issue(&issuer, &params), NOW).unwrap();
    for name in [
        SubjectName::distinguished(r"CN=exporter,O=Winter\, Sommer & Co,C=DE"),
        SubjectName::dns("exporter.EXAMPLE"),
        SubjectName::uri("spiffe://example/exporter"),
        SubjectName::ip("192.0.2.7"),
        SubjectName::ip("2001:0db8:0:0::7"),
        SubjectName::email("exporter@example.org"),
    ] {
        let name = name.unwrap();
        assert!(subject.is(&name), "{name:?} of {subject:?}");
    }
    for name in [
        SubjectName::distinguished("CN=exporter"),
        SubjectName::distinguished(r"C=DE,O=Winter\, Sommer & Co,CN=exporter"),
        SubjectName::distinguished(r"CN=exporter,O=Winter\, Sommer & Co,C=AT"),
        SubjectName::dns("example"),
        SubjectName::uri("spiffe://example/exporter/"),
        SubjectName::uri("dns:exporter.example"),
        SubjectName::ip("192.0.2.8"),
        SubjectName::email("exporter@example.com"),
    ] {
        let name = name.unwrap();
        assert!(!subject.is(&name), "{name:?} of {subject:?}");
    }
}

#[test]
fn texts_are_compared_and_not_how_they_are_encoded() {
    let issuer = authority("Our authority");
    let mut params = params();
    params.distinguished_name = DistinguishedName::new();
    let printable = DnValue::PrintableString("exporter".try_into().unwrap());
    params.distinguished_name.push(DnType::CommonName, printable);
    let subject = trusted(&issuer).check(&issue(&issuer, &params), NOW).unwrap();
    assert!(subject.is(&SubjectName::distinguished("CN=exporter").unwrap()));
}

#[test]
fn untrusted_certificates_are_refused() {
    let (issuer, other) = (authority("Our authority"), authority("Our authority"));
    let known = trusted(&issuer);
    let refused = |der: &[u8], now| known.check(der, now).unwrap_err();
    assert!(known.check(&issue(&issuer, &params()), NOW).is_ok());
    let good = issue(&issuer, &params());
    for (der, now) in [
        (issue(&other, &params()), NOW),
        (good.clone(), date_time_ymd(2025, 12, 31).unix_timestamp()),
        (good.clone(), date_time_ymd(2027, 1, 2).unix_timestamp()),
        (issuer.der().to_vec(), NOW),
        (params().self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec(), NOW),
    ] {
        let error = refused(&der, now);
        assert!(matches!(error, CertificateError::NotValid(_)), "{error}");
    }
    let mut server = params();
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    assert!(matches!(refused(&issue(&issuer, &server), NOW), CertificateError::NotValid(_)));
    let mut changed = good.clone();
    let end = changed.len() - 1;
    changed[end] ^= 1;
    assert!(known.check(&changed, NOW).is_err());
    assert_eq!(refused(&good[..40], NOW), CertificateError::Malformed);
    assert_eq!(refused(&[], NOW), CertificateError::Malformed);
}

#[test]
fn invalid_names_are_refused() {
    for name in ["", "exporter", "CN", "XX=a", "CN=a,,O=b"] {
        assert!(SubjectName::distinguished(name).is_err(), "{name}");
    }
    assert!(SubjectName::dns("*.example").is_err() && SubjectName::dns("").is_err());
    assert!(SubjectName::ip("192.0.2").is_err() && SubjectName::uri("x").is_err());
    assert!(SubjectName::email("ada").is_err());
    for pem in ["", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(Authorities::from_pem(pem.as_bytes()).is_err(), "{pem}");
    }
}
