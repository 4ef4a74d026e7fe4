//! Codes of authenticator apps (RFC 6238): six digits that change every 30 seconds, computed with
//! HMAC-SHA-1, which all apps support.

use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use std::fmt;
use zeroize::Zeroizing;

use crate::{Random, RandomError, digest, random};

/// Time step in seconds (section 5.2).
const STEP: i64 = 30;
/// Accepted clock skew in time steps, in both directions (section 5.2).
const TOLERANCE: i64 = 1;
/// Length of a secret in bytes (RFC 4226, section 4: the length of the hash).
const LENGTH: usize = 20;
/// Six digits.
const MODULUS: u32 = 1_000_000;

/// The shared secret of an authenticator app and the server.
pub struct TotpSecret(Zeroizing<[u8; LENGTH]>);

impl TotpSecret {
    /// Generates a secret.
    ///
    /// # Errors
    /// [`RandomError`] if `random` fails.
    pub fn generate(random: &dyn Random) -> Result<Self, RandomError> {
        random::bytes(random).map(Self)
    }

    /// Restores a stored secret; `None` if it has another length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// Returns the bytes, for sealing.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Returns the secret as users type it into an app: base32, in groups of four.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let text = Zeroizing::new(BASE32_NOPAD.encode(self.expose()));
        let mut grouped = Zeroizing::new(String::with_capacity(40));
        for (index, letter) in text.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(letter);
        }
        grouped
    }

    /// Returns the URI for the QR code (Key Uri Format of Google Authenticator, which all apps support).
    #[must_use]
    pub fn to_uri(&self, issuer: &str, login: &str) -> Zeroizing<String> {
        let (issuer, login) = (escape(issuer), escape(login));
        let secret = Zeroizing::new(BASE32_NOPAD.encode(self.expose()));
        Zeroizing::new(format!("otpauth://totp/{issuer}:{login}?secret={}&issuer={issuer}", *secret))
    }

    /// Returns the time step of a code if it is valid at `seconds` (since 1970-01-01T00:00:00Z). The caller
    /// must not accept another code of this or an earlier step.
    ///
    /// ```
    /// use token::totp::TotpSecret;
    ///
    /// // RFC 6238, appendix B.
    /// let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
    /// assert_eq!(secret.matching_step("287082", 59), Some(1));
    /// assert_eq!(secret.matching_step("287082", 159), None);
    /// ```
    #[must_use]
    pub fn matching_step(&self, code: &str, seconds: i64) -> Option<i64> {
        let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        let now = seconds / STEP;
        // All steps are compared, so that the time reveals nothing.
        let fits = |step: &i64| digest::same(self.code(*step).as_bytes(), code.as_bytes());
        (now - TOLERANCE..=now + TOLERANCE)
            .fold(None, |found, step| if fits(&step) { Some(step) } else { found })
    }

    /// Returns the code of a time step (RFC 4226, section 5.3).
    fn code(&self, step: i64) -> Zeroizing<String> {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.expose());
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag.last().copied().unwrap_or(0) & 0xf);
        let bytes = tag.iter().skip(offset).take(4);
        let number = bytes.fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
        Zeroizing::new(format!("{:06}", number % MODULUS))
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(..)")
    }
}

/// Percent-encodes all but unreserved characters (RFC 3986, section 2.3).
fn escape(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B, the last six of eight digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().code(seconds / STEP).as_str(), code);
            assert_eq!(secret().matching_step(code, seconds), Some(seconds / STEP));
        }
    }

    #[test]
    fn a_clock_may_be_a_step_off_and_no_more() {
        let code = "081804";
        for (off, fits) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            assert_eq!(secret().matching_step(code, 1_111_111_109 + off).is_some(), fits, "{off}");
        }
        assert!(secret().matching_step("081 804", 1_111_111_109).is_some());
        for other in ["", "81804", "0081804", "081805", "٠٨١٨٠٤"] {
            assert_eq!(secret().matching_step(other, 1_111_111_109), None, "{other}");
        }
    }

    #[test]
    fn the_text_and_uri_for_an_app() {
        assert_eq!(secret().to_text().as_str(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let uri = secret().to_uri("id.example.org", "ada/ö");
        let expected = "otpauth://totp/id.example.org:ada%2F%C3%B6?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
            &issuer=id.example.org";
        assert_eq!(uri.as_str(), expected);
        assert_eq!(format!("{:?}", secret()), "TotpSecret(..)");
        assert!(TotpSecret::from_bytes(b"short").is_none());
    }
}
