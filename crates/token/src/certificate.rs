//! Client certificates that an authority issued, and whose they are (RFC 8705, section 2.1).

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

/// Why a certificate, or what is said about one, is not usable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The text has no certificate of an authority, or one that cannot be read.
    #[error("there is no usable certificate of an authority")]
    Authorities,
    /// The certificate cannot be read.
    #[error("the certificate cannot be read")]
    Malformed,
    /// No known authority issued it, it is not valid at this moment, or it is for something else.
    #[error("the certificate is not valid: {0}")]
    NotValid(String),
    /// The text is no name that a certificate could have.
    #[error("this is no such name")]
    Name,
}

/// The authorities whose certificates are believed.
#[derive(Debug)]
pub struct Authorities(Vec<TrustAnchor<'static>>);

impl Authorities {
    /// Reads certificates in PEM, one after the other. Each is an authority by itself: one in between counts as well.
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

    /// Whether one of them issued a certificate for clients that is valid at a moment, in seconds since 1970; gives
    /// whose it is.
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

/// Whose a certificate is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    name: String,
    alternative: Vec<SubjectName>,
}

/// A name by which a certificate is known (RFC 8705, section 2.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectName {
    /// The whole distinguished name, as RFC 4514 writes it.
    Distinguished(String),
    /// The name of a host.
    Dns(String),
    /// A URI.
    Uri(String),
    /// An address.
    Ip(IpAddr),
    /// An e-mail address.
    Email(String),
}

impl SubjectName {
    /// A distinguished name. It is compared by what it says, not by how a certificate encodes its texts.
    ///
    /// # Errors
    /// [`CertificateError::Name`] for what RFC 4514 has no rule for, and for the empty one, which every nameless
    /// certificate has.
    pub fn distinguished(text: &str) -> Result<Self, CertificateError> {
        let name = RdnSequence::from_str(text).map_err(|_| CertificateError::Name)?.to_string();
        if name.is_empty() { Err(CertificateError::Name) } else { Ok(Self::Distinguished(name)) }
    }

    /// The name of a host, whatever the case of its letters.
    ///
    /// # Errors
    /// [`CertificateError::Name`] for what is none: a wildcard names nobody.
    pub fn dns(text: &str) -> Result<Self, CertificateError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        let is_name = !text.is_empty() && text.bytes().all(fits);
        if is_name { Ok(Self::Dns(text.to_ascii_lowercase())) } else { Err(CertificateError::Name) }
    }

    /// An address, however it is written.
    ///
    /// # Errors
    /// [`CertificateError::Name`] for what is none.
    pub fn ip(text: &str) -> Result<Self, CertificateError> {
        text.parse().map(Self::Ip).map_err(|_| CertificateError::Name)
    }

    /// A URI, character by character.
    ///
    /// # Errors
    /// [`CertificateError::Name`] for what is none.
    pub fn uri(text: &str) -> Result<Self, CertificateError> {
        let is_uri = text.contains(':') && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_uri { Ok(Self::Uri(text.to_owned())) } else { Err(CertificateError::Name) }
    }

    /// An e-mail address, character by character.
    ///
    /// # Errors
    /// [`CertificateError::Name`] for what is none.
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

    /// Whether this is one of its names. Only the part of the certificate that the name is of is looked at.
    #[must_use]
    pub fn is(&self, name: &SubjectName) -> bool {
        match name {
            SubjectName::Distinguished(text) => !text.is_empty() && *text == self.name,
            other => self.alternative.contains(other),
        }
    }
}

/// What has no counterpart is no name that anybody could register.
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
