//! By which name the certificate of an application is known (RFC 8705, section 2.1.2).

use token::certificate::{CertificateError, SubjectName};

use crate::client_metadata::check::bad;
use crate::client_metadata::{AuthMethod, ClientMetadata};
use crate::{ClientCertificates, Invalid};

/// Reads a name of one kind.
type Read = fn(&str) -> Result<SubjectName, CertificateError>;

impl ClientMetadata {
    /// The names by which its certificate is known; one, where it authenticates so.
    fn certificate_names(
        &self,
    ) -> impl Iterator<Item = (&'static str, Result<SubjectName, CertificateError>)> {
        let members: [(&str, &Option<String>, Read); 5] = [
            ("tls_client_auth_subject_dn", &self.tls_client_auth_subject_dn, SubjectName::distinguished),
            ("tls_client_auth_san_dns", &self.tls_client_auth_san_dns, SubjectName::dns),
            ("tls_client_auth_san_uri", &self.tls_client_auth_san_uri, SubjectName::uri),
            ("tls_client_auth_san_ip", &self.tls_client_auth_san_ip, SubjectName::ip),
            ("tls_client_auth_san_email", &self.tls_client_auth_san_email, SubjectName::email),
        ];
        members.into_iter().filter_map(|(name, text, read)| Some((name, read(text.as_deref()?))))
    }

    /// The name by which its certificate is known.
    pub fn certificate_name(&self) -> Option<SubjectName> {
        self.certificate_names().next()?.1.ok()
    }
}

/// RFC 8705, section 2.1.2: one name, which a certificate could have.
pub(super) fn check_certificate_name(
    metadata: &ClientMetadata,
    certificates: ClientCertificates,
) -> Result<(), Invalid> {
    let names: Vec<_> = metadata.certificate_names().collect();
    if metadata.token_endpoint_auth_method != Some(AuthMethod::TlsClientAuth) {
        return match names.first() {
            None => Ok(()),
            Some((name, _)) => Err(bad(format!("'{name}' is for the method tls_client_auth"))),
        };
    }
    if certificates != ClientCertificates::Checked {
        let message = "certificates of authorities are not supported: the server knows no authority";
        return Err(bad(message.to_owned()));
    }
    match names.as_slice() {
        [(_, Ok(_))] => Ok(()),
        [(name, Err(error))] => Err(bad(format!("'{name}': {error}"))),
        _ => Err(bad("tls_client_auth needs exactly one 'tls_client_auth_…' name".to_owned())),
    }
}
