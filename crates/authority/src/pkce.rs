//! PKCE: a code is exchanged only by whoever asked for it (RFC 7636).

use model::entities::TrustedApplication;
use token::digest;

/// Whether an application has to use it.
pub(crate) fn is_required(_application: &TrustedApplication) -> bool {
    true
}

/// Whether a text can be a challenge by S256: the base64url of 32 bytes (section 4.2).
pub(crate) fn is_challenge(text: &str) -> bool {
    digest::from_base64url(text).is_some_and(|bytes| bytes.len() == 32)
}

/// Whether a verifier (section 4.1) is the one behind a challenge.
pub(crate) fn fits(challenge: &str, verifier: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let hash = digest::base64url(&digest::sha256(verifier.as_bytes()));
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(unreserved)
        && digest::same(hash.as_bytes(), challenge.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verifier_of_the_specification_fits_its_challenge() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(is_challenge(challenge) && fits(challenge, verifier));
        assert!(!fits(challenge, challenge) && !fits(challenge, "") && !fits(verifier, verifier));
        assert!(!is_challenge("plain") && !is_challenge(&challenge[1..]));
        let short = &verifier[1..];
        assert!(!fits(&digest::base64url(&digest::sha256(short.as_bytes())), short), "42 characters");
    }
}
