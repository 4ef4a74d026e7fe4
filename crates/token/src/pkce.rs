//! Proof Key for Code Exchange (RFC 7636), by S256 alone.

use crate::digest;
use std::fmt;

/// What an application sends ahead of the verifier: its SHA-256 (RFC 7636 section 4.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodeChallenge([u8; 32]);

/// The text is no challenge of the method S256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code challenge is the base64url of a SHA-256: 43 characters without padding")]
pub struct CodeChallengeError;

/// The one method that is offered; `plain` protects from nobody who sees the request.
pub const METHOD: &str = "S256";

impl CodeChallenge {
    /// Reads a `code_challenge`.
    ///
    /// # Errors
    /// [`CodeChallengeError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, CodeChallengeError> {
        let bytes = digest::from_base64url(text).ok_or(CodeChallengeError)?;
        bytes.try_into().map(Self).map_err(|_| CodeChallengeError)
    }

    /// Whether `verifier` has the form of one (RFC 7636 section 4.1) and belongs to this challenge, in constant time for
    /// its length.
    #[must_use]
    pub fn verify(&self, verifier: &str) -> bool {
        is_verifier(verifier) && digest::same(&self.0, &digest::sha256(verifier.as_bytes()))
    }
}

/// 43 to 128 unreserved characters (RFC 7636 section 4.1).
fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// As it was sent, to be kept.
impl fmt::Display for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&digest::base64url(&self.0))
    }
}

impl fmt::Debug for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodeChallenge({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    #[test]
    fn the_example_of_rfc_7636_appendix_b() {
        let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap();
        assert!(challenge.verify(VERIFIER));
        assert_eq!(challenge.to_string(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        for other in
            ["", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", &VERIFIER[1..], &VERIFIER.to_lowercase()]
        {
            assert!(!challenge.verify(other), "{other}");
        }
    }

    #[test]
    fn a_challenge_is_a_hash() {
        for refused in [
            "",
            VERIFIER,
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN",
            "AAAA",
        ] {
            let parsed = CodeChallenge::parse(refused);
            assert_eq!(parsed.is_ok(), refused == VERIFIER, "{refused}");
        }
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        let of = |verifier: &str| CodeChallenge(digest::sha256(verifier.as_bytes())).verify(verifier);
        assert!(of(&"a".repeat(43)) && of(&"a".repeat(128)) && of(&"-._~".repeat(11)));
        assert!(!of(&"a".repeat(42)) && !of(&"a".repeat(129)) && !of(""));
        for odd in ["+", "/", "=", " ", "%", "é", "\0"] {
            assert!(!of(&format!("{}{odd}", "a".repeat(50))), "{odd}");
        }
    }
}
