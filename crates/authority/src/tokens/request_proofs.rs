//! The token of a request, and what else proves who sends it: a proof of a private key (RFC 9449), a client certificate
//! (RFC 8705).

use input::Secret;
use token::digest;

/// What a request shows besides its token.
#[derive(Clone, Default)]
pub struct RequestProofs {
    /// The method of the request.
    pub method: String,
    /// The address of the request, as the one who sent it wrote it.
    pub url: String,
    /// The proofs of a key; one is usable, more are not.
    pub proofs: Vec<Secret>,
    /// The client certificate of the connection in DER, where somebody who is trusted says so.
    pub certificate: Option<Vec<u8>>,
}

impl RequestProofs {
    /// The SHA-256 of the certificate (RFC 8705, section 3.1).
    pub(crate) fn thumbprint(&self) -> Option<[u8; 32]> {
        self.certificate.as_deref().map(digest::sha256)
    }
}

/// How a token is presented (RFC 6750, RFC 9449).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Alone.
    Bearer,
    /// With a proof of the key that it is bound to.
    Dpop,
    /// Alone, as the password of basic authentication (RFC 7617).
    Basic,
}

/// A token that a request carries.
pub struct PresentedToken {
    /// The token.
    pub token: Secret,
    /// How it is presented.
    pub scheme: Scheme,
}
