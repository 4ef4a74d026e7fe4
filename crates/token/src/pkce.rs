//! Proof Key for Code Exchange (RFC 7636), with the method S256 only.

use crate::digest;
use std::fmt;

/// A code challenge: the SHA-256 of the code verifier that the client sends later (RFC 7636 section 4.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodeChallenge([u8; 32]);

/// The text is not a challenge of the method S256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code challenge is the base64url of a SHA-256: 43 characters without padding")]
pub struct CodeChallengeError;

/// The only supported method. `plain` gives no protection from an attacker who sees the request.
pub const METHOD: &str = "S256";

impl CodeChallenge {
    /// Parses a `code_challenge`.
    ///
    /// # Errors
    /// [`CodeChallengeError`] for any other text.
    ///
    /// ```
    /// use token::pkce::CodeChallenge;
    ///
    /// // RFC 7636, appendix B.
    /// let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap();
    /// assert!(challenge.verify("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    /// assert!(!challenge.verify("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, CodeChallengeError> {
        let bytes = digest::from_base64url(text).ok_or(CodeChallengeError)?;
        bytes.try_into().map(Self).map_err(|_| CodeChallengeError)
    }

    /// Returns whether `verifier` is a valid code verifier (RFC 7636 section 4.1) for this challenge. The
    /// time depends on its length only.
    #[must_use]
    pub fn verify(&self, verifier: &str) -> bool {
        is_verifier(verifier) && digest::same(&self.0, &digest::sha256(verifier.as_bytes()))
    }
}

/// Returns whether a text has 43 to 128 unreserved characters (RFC 7636 section 4.1).
fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// Formats the challenge as it was sent, for storage.
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
