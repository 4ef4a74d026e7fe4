//! Encryption at rest: AES-256-GCM-SIV (RFC 8452) under a keyring whose keys can be rotated.
//!
//! A sealed value is text: `v1.<key id>.<base64url of nonce, ciphertext and tag>`. It opens only with the
//! associated data with which it was sealed. Callers pass the location of the value (the row's id and the
//! column), so that a value copied to another location is refused. GCM-SIV remains secure if a nonce
//! repeats.

mod key;
mod keyring;

pub use key::{KeyId, SealKey};
pub use keyring::{Keyring, KeyringError};

use crate::{Random, RandomError, digest, random};
use zeroize::Zeroizing;

/// Version at the start of sealed values.
const VERSION: &str = "v1";

/// A value could not be sealed or opened. Messages never quote the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The keyring has no key with this id: it was removed too early, or the value belongs to another
    /// installation.
    #[error("the value is sealed with key {0}, which is not in the keyring")]
    UnknownKey(KeyId),
    /// The text is not a sealed value.
    #[error("the text is not a sealed value (`v1.<key id>.<base64url>`)")]
    Malformed,
    /// The value was modified, or was sealed for another location.
    #[error("the sealed value was modified or belongs to another location")]
    Refused,
    /// The value is too long for the cipher (the limit is 64 GiB).
    #[error("the value is too long to be sealed")]
    TooLong,
    /// No nonce could be generated.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl Keyring {
    /// Seals `plain` with the current key, for the location `aad`.
    ///
    /// # Errors
    /// [`SealError::Random`] if no nonce could be generated.
    ///
    /// ```
    /// use token::SystemRandom;
    /// use token::seal::{Keyring, SealError};
    ///
    /// let mut keyring = Keyring::generate(&SystemRandom).unwrap();
    /// let sealed = keyring.seal(b"secret", b"users/7/password", &SystemRandom).unwrap();
    /// keyring.rotate(&SystemRandom).unwrap();
    /// assert_eq!(keyring.open(&sealed, b"users/7/password").unwrap().as_slice(), b"secret");
    /// assert!(!keyring.is_current(&sealed));
    /// assert_eq!(keyring.open(&sealed, b"users/8/password").unwrap_err(), SealError::Refused);
    /// ```
    pub fn seal(&self, plain: &[u8], aad: &[u8], random: &dyn Random) -> Result<String, SealError> {
        let nonce = random::bytes::<{ key::NONCE_LENGTH }>(random)?;
        let key = self.current();
        let sealed = key.seal(*nonce, plain, aad)?;
        Ok(format!("{VERSION}.{}.{}", key.id(), digest::base64url(&sealed)))
    }

    /// Opens a value that was sealed for the location `aad`, with any key of the ring.
    ///
    /// # Errors
    /// [`SealError`], which distinguishes missing keys, other text, and modified or misplaced values.
    pub fn open(&self, sealed: &str, aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (id, body) = split(sealed)?;
        let key = self.find(id).ok_or(SealError::UnknownKey(id))?;
        key.open(digest::from_base64url(body).ok_or(SealError::Malformed)?, aad)
    }

    /// Returns whether a value is sealed with the current key. If not, it should be opened and sealed
    /// again.
    #[must_use]
    pub fn is_current(&self, sealed: &str) -> bool {
        key_id_of(sealed) == Ok(self.current().id())
    }
}

/// Returns the id of the key of a sealed value, whether or not the ring has the key.
///
/// # Errors
/// [`SealError::Malformed`] for any other text.
pub fn key_id_of(sealed: &str) -> Result<KeyId, SealError> {
    split(sealed).map(|(id, _)| id)
}

fn split(sealed: &str) -> Result<(KeyId, &str), SealError> {
    let rest = sealed.strip_prefix(VERSION).and_then(|rest| rest.strip_prefix('.'));
    let (id, body) = rest.and_then(|rest| rest.split_once('.')).ok_or(SealError::Malformed)?;
    Ok((KeyId::parse(id).ok_or(SealError::Malformed)?, body))
}

#[cfg(test)]
mod tests;
