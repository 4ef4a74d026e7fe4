//! Validation of client certificates that a CA issued, and of their subjects (RFC 8705, section 2.1).

use std::net::IpAddr;
use std::str::FromStr as _;
use std::time::Duration;

use pki_types::pem::PemObject as _;
use pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::RdnSequence;

/// A certificate, or a name of its subject, is not usable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The PEM text contains no CA certificate, or one that cannot be parsed.
    #[error("no usable CA certificate")]
    Authorities,
    /// The certificate cannot be parsed.
    #[error("the certificate cannot be parsed")]
    Malformed,
    /// No known CA issued the certificate, it is not valid at this time, or it has another purpose.
    #[error("the certificate is not valid: {0}")]
    NotValid(String),
    /// The text is not a valid name of the given type.
    #[error("the name is not valid")]
    Name,
}

/// The trusted certificate authorities (CAs).
#[derive(Debug)]
pub struct Authorities(Vec<TrustAnchor<'static>>);

impl Authorities {
    /// Parses concatenated PEM certificates. Each of them is a trust anchor, so intermediate CAs may be
    /// listed as well.
    ///
    /// # Errors
    /// [`CertificateError::Authorities`].
    pub fn from_pem(pem: &[u8]) -> Result<Self, CertificateError> {
        let anchor = |certificate: Result<CertificateDer<'_>, _>| {
            let certificate = certificate.map_err(|_| CertificateError::Authorities)?;
            let anchor = anchor_from_trusted_cert(&certificate).map_err(|_| CertificateError::Authorities)?;
            Ok(anchor.to_owned())
        };
        let anchors = CertificateDer::pem_slice_iter(pem).map(anchor).collect::<Result<Vec<_>, _>>()?;
        if anchors.is_empty() { Err(CertificateError::Authorities) } else { Ok(Self(anchors)) }
    }

    /// Verifies that a CA of the set issued the client certificate and that it is valid at `now`, in
    /// seconds since 1970-01-01T00:00:00Z. Returns its subject.
    ///
    /// # Errors
    /// [`CertificateError::Malformed`] and [`CertificateError::NotValid`].
    pub fn check(&self, der: &[u8], now: i64) -> Result<Subject, CertificateError> {
        let certificate = CertificateDer::from(der);
        let read = EndEntityCert::try_from(&certificate).map_err(|_| CertificateError::Malformed)?;
        let now = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(now).unwrap_or(0)));
        let usage = KeyUsage::client_auth();
        read.verify_for_usage(ALL_VERIFICATION_ALGS, &self.0, &[], now, usage, None, None)
            .map_err(|error| CertificateError::NotValid(error.to_string()))?;
        Subject::read(der)
    }
}

/// The subject of a certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    name: String,
    alternative: Vec<SubjectName>,
}

/// A name of a certificate's subject (RFC 8705, section 2.1.2).
///
/// ```
/// use token::certificate::SubjectName;
///
/// assert_eq!(SubjectName::dns("Client.Example.org"), SubjectName::dns("client.example.org"));
/// assert_eq!(SubjectName::ip("::0001"), SubjectName::ip("::1"));
/// assert!(SubjectName::dns("*.example.org").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectName {
    /// Distinguished name in the notation of RFC 4514.
    Distinguished(String),
    /// Host name.
    Dns(String),
    /// URI.
    Uri(String),
    /// IP address.
    Ip(IpAddr),
    /// E-mail address.
    Email(String),
}

impl SubjectName {
    /// Parses a distinguished name. Comparison ignores how a certificate encodes its strings.
    ///
    /// # Errors
    /// [`CertificateError::Name`] if RFC 4514 does not allow the text, or if the name is empty, as in every
    /// certificate without a subject name.
    pub fn distinguished(text: &str) -> Result<Self, CertificateError> {
        let name = RdnSequence::from_str(text).map_err(|_| CertificateError::Name)?.to_string();
        if name.is_empty() { Err(CertificateError::Name) } else { Ok(Self::Distinguished(name)) }
    }

    /// Parses a host name, ignoring case.
    ///
    /// # Errors
    /// [`CertificateError::Name`] if the text is not a host name. Wildcards are not allowed, because they
    /// do not identify a host.
    pub fn dns(text: &str) -> Result<Self, CertificateError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        let is_name = !text.is_empty() && text.bytes().all(fits);
        if is_name { Ok(Self::Dns(text.to_ascii_lowercase())) } else { Err(CertificateError::Name) }
    }

    /// Parses an IP address in any notation.
    ///
    /// # Errors
    /// [`CertificateError::Name`] if the text is not an IP address.
    pub fn ip(text: &str) -> Result<Self, CertificateError> {
        text.parse().map(Self::Ip).map_err(|_| CertificateError::Name)
    }

    /// Parses a URI, which is compared character by character.
    ///
    /// # Errors
    /// [`CertificateError::Name`] if the text is not a URI.
    pub fn uri(text: &str) -> Result<Self, CertificateError> {
        let is_uri = text.contains(':') && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_uri { Ok(Self::Uri(text.to_owned())) } else { Err(CertificateError::Name) }
    }

    /// Parses an e-mail address, which is compared character by character.
    ///
    /// # Errors
    /// [`CertificateError::Name`] if the text is not an e-mail address.
    pub fn email(text: &str) -> Result<Self, CertificateError> {
        let is_email = text.contains('@') && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_email { Ok(Self::Email(text.to_owned())) } else { Err(CertificateError::Name) }
    }
}

impl Subject {
    fn read(der: &[u8]) -> Result<Self, CertificateError> {
        let certificate = Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
        let body = certificate.tbs_certificate;
        let alternative = body.get::<SubjectAltName>().map_err(|_| CertificateError::Malformed)?;
        let names = alternative.map(|(_, names)| names.0).unwrap_or_default();
        Ok(Self {
            name: body.subject.to_string(),
            alternative: names.iter().filter_map(alternative_name).collect(),
        })
    }

    /// Returns whether `name` is a name of the subject. Only the field of the certificate for this type of
    /// name is considered.
    #[must_use]
    pub fn is(&self, name: &SubjectName) -> bool {
        match name {
            SubjectName::Distinguished(text) => !text.is_empty() && *text == self.name,
            other => self.alternative.contains(other),
        }
    }
}

/// Converts an alternative name; `None` for types and values that cannot be registered.
fn alternative_name(name: &GeneralName) -> Option<SubjectName> {
    match name {
        GeneralName::DnsName(text) => SubjectName::dns(text.as_str()).ok(),
        GeneralName::UniformResourceIdentifier(text) => SubjectName::uri(text.as_str()).ok(),
        GeneralName::Rfc822Name(text) => SubjectName::email(text.as_str()).ok(),
        GeneralName::IpAddress(octets) => {
            let octets = octets.as_bytes();
            let v4 = <[u8; 4]>::try_from(octets).map(IpAddr::from).ok();
            v4.or_else(|| <[u8; 16]>::try_from(octets).map(IpAddr::from).ok()).map(SubjectName::Ip)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
