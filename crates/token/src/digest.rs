//! Shared helpers: SHA-256, HMAC, base64url, constant-time comparison.

use aws_lc_rs::{constant_time, digest};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

/// Returns the SHA-256 hash (FIPS 180-4) of `data`.
#[must_use]
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, data).as_ref());
    out
}

/// Returns the SHA-256 hash of `data` as 64 lower-case hexadecimal digits.
///
/// ```
/// let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
/// assert_eq!(token::digest::sha256_hex(b"abc"), hash);
/// ```
#[must_use]
pub fn sha256_hex(data: &[u8]) -> String {
    HEXLOWER.encode(&sha256(data))
}

/// Returns the SHA-1 hash (FIPS 180-4) of `data`, for lists of breached passwords only.
#[must_use]
pub fn sha1(data: &[u8]) -> [u8; 20] {
    let mut out = [0; 20];
    out.copy_from_slice(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, data).as_ref());
    out
}

/// Returns the keyed hash of `data` (HMAC-SHA-256, RFC 2104).
#[must_use]
pub fn hmac_sha256(key: &[u8], data: &[u8]) -> [u8; 32] {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key);
    let mut tag = [0; 32];
    tag.copy_from_slice(aws_lc_rs::hmac::sign(&key, data).as_ref());
    tag
}

/// Encodes `data` as base64url without padding (RFC 4648 section 5, RFC 7515 section 2).
///
/// ```
/// use token::digest::{base64url, from_base64url};
///
/// assert_eq!(base64url(&[3, 236, 255, 224, 193]), "A-z_4ME");
/// assert_eq!(from_base64url("A-z_4ME"), Some(vec![3, 236, 255, 224, 193]));
/// assert_eq!(from_base64url("A-z_4ME="), None);
/// ```
#[must_use]
pub fn base64url(data: &[u8]) -> String {
    BASE64URL_NOPAD.encode(data)
}

/// Decodes canonical base64url: no padding, no white space, no stray trailing bits. Returns `None` for
/// other text.
#[must_use]
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}

/// Returns whether `a` and `b` are equal. The time depends on their lengths only.
///
/// ```
/// assert!(token::digest::same(b"abc", b"abc"));
/// assert!(!token::digest::same(b"abc", b"abd"));
/// ```
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let tag = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(data_encoding::HEXLOWER.encode(&tag), expected);
    }

    #[test]
    fn sha256_of_abc() {
        // FIPS 180-4, the one-block example.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), expected);
        assert_eq!(HEXLOWER.encode(&sha256(b"abc")), expected);
    }

    #[test]
    fn base64url_is_canonical() {
        // RFC 7515 appendix C.
        assert_eq!(base64url(&[3, 236, 255, 224, 193]), "A-z_4ME");
        assert_eq!(from_base64url("A-z_4ME"), Some(vec![3, 236, 255, 224, 193]));
        for refused in ["A-z_4ME=", "A+z/4ME", "A-z_4MF", "A-z_4 ME", "A-z_4ME\n", "A"] {
            assert_eq!(from_base64url(refused), None, "{refused}");
        }
    }

    #[test]
    fn same_means_same() {
        assert!(same(b"", b""));
        assert!(same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd"));
        assert!(!same(b"abc", b"abcd"));
    }
}
