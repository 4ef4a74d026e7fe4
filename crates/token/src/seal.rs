//! Encryption at rest: AES-256-GCM-SIV (RFC 8452) under a keyring whose keys can be rotated.
//!
//! A sealed value is text: `v1.<key id>.<base64url of nonce, ciphertext and tag>`. It opens only with the associated
//! data that it was sealed with: callers pass where the value lives (the row's id and the column), so that a value
//! copied to another place is refused. GCM-SIV also keeps its promises should a nonce ever repeat.

mod key;
mod keyring;

pub use key::{KeyId, SealKey};
pub use keyring::{Keyring, KeyringError};

use crate::{Random, RandomError, digest, random};
use zeroize::Zeroizing;

/// The version that sealed values start with.
const VERSION: &str = "v1";

/// Why a value was not sealed or not opened. Never says what the value was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The keyring has no key of this id: it was removed too early, or the value is another installation's.
    #[error("the value is sealed with key {0}, which is not in the keyring")]
    UnknownKey(KeyId),
    /// The text is not a sealed value.
    #[error("the text is not a sealed value (`v1.<key id>.<base64url>`)")]
    Malformed,
    /// The key is there, and the value was changed, or sealed for another place.
    #[error("the sealed value was changed, or belongs to another place")]
    Refused,
    /// The cipher could not seal: the value is too long (the limit is 64 GiB).
    #[error("the value is too long to be sealed")]
    TooLong,
    /// No nonce could be drawn.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl Keyring {
    /// Seals `plain` with the current key, for the place that `aad` names.
    ///
    /// # Errors
    /// [`SealError::Random`] when no nonce could be drawn.
    pub fn seal(&self, plain: &[u8], aad: &[u8], random: &dyn Random) -> Result<String, SealError> {
        let nonce = random::bytes::<{ key::NONCE_LENGTH }>(random)?;
        let key = self.current();
        let sealed = key.seal(*nonce, plain, aad)?;
        Ok(format!("{VERSION}.{}.{}", key.id(), digest::base64url(&sealed)))
    }

    /// Opens a value that was sealed for the place that `aad` names, by any key of the ring.
    ///
    /// # Errors
    /// [`SealError`] tells a missing key, another text and a changed or misplaced value apart.
    pub fn open(&self, sealed: &str, aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (id, body) = split(sealed)?;
        let key = self.find(id).ok_or(SealError::UnknownKey(id))?;
        key.open(digest::from_base64url(body).ok_or(SealError::Malformed)?, aad)
    }

    /// Whether a sealed value is under the current key; if not, it should be opened and sealed again.
    #[must_use]
    pub fn is_current(&self, sealed: &str) -> bool {
        key_id_of(sealed) == Ok(self.current().id())
    }
}

/// The key that a value was sealed with, whether the ring has it or not.
///
/// # Errors
/// [`SealError::Malformed`] for another text.
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
