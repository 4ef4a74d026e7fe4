//! The token of a request and the proofs of its sender: a DPoP proof (RFC 9449), a client certificate (RFC 8705).

use input::Secret;
use token::digest;

/// The proofs of a request.
#[derive(Clone, Default)]
pub struct RequestProofs {
    /// The method of the request.
    pub method: String,
    /// The URL of the request, as sent.
    pub url: String,
    /// The DPoP proofs. More than one is an error.
    pub proofs: Vec<Secret>,
    /// The client certificate of the connection in DER, as stated by TLS or a trusted proxy.
    pub certificate: Option<Vec<u8>>,
}

impl RequestProofs {
    /// Returns the SHA-256 of the certificate (RFC 8705, section 3.1).
    pub(crate) fn thumbprint(&self) -> Option<[u8; 32]> {
        self.certificate.as_deref().map(digest::sha256)
    }
}

/// The authentication scheme of a token (RFC 6750, RFC 9449).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `Bearer`.
    Bearer,
    /// `DPoP`, with a proof of the key.
    Dpop,
    /// Alone, as the password of basic authentication (RFC 7617).
    Basic,
}

/// The token of a request.
pub struct PresentedToken {
    /// The token.
    pub token: Secret,
    /// The scheme.
    pub scheme: Scheme,
}
