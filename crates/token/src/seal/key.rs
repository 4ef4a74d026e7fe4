//! A sealing key: its id, and the cipher derived from it.

use super::SealError;
use crate::digest;
use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use data_encoding::HEXLOWER;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Length in bytes of the nonce in front of each ciphertext.
pub(super) const NONCE_LENGTH: usize = 12;

/// Length in bytes of the tag at the end of each ciphertext.
const TAG_LENGTH: usize = 16;

/// Identifies a key without revealing it: the first four bytes of its SHA-256, displayed as eight
/// lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// Parses the text that `Display` writes; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A 256-bit key.
pub struct SealKey {
    id: KeyId,
    bytes: Zeroizing<[u8; 32]>,
    cipher: LessSafeKey,
}

impl SealKey {
    /// Creates a key. `None` only if the cipher rejects 32 bytes, which AES-256 does not.
    pub(super) fn new(bytes: Zeroizing<[u8; 32]>) -> Option<Self> {
        let [a, b, c, d, ..] = digest::sha256(bytes.as_slice());
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, bytes.as_slice()).ok()?);
        Some(Self { id: KeyId([a, b, c, d]), bytes, cipher })
    }

    /// Returns the key id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Returns the bytes, for the key file.
    pub(super) fn expose(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Returns nonce, ciphertext and tag.
    pub(super) fn seal(
        &self,
        nonce: [u8; NONCE_LENGTH],
        plain: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let mut out = Vec::with_capacity(NONCE_LENGTH + plain.len() + TAG_LENGTH);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let text = &mut out[NONCE_LENGTH..];
        let Ok(tag) = self.cipher.seal_in_place_separate_tag(nonce, Aad::from(aad), text) else {
            out.zeroize();
            return Err(SealError::TooLong);
        };
        out.extend_from_slice(tag.as_ref());
        Ok(out)
    }

    /// Decrypts the output of [`seal`](Self::seal) in place.
    pub(super) fn open(&self, sealed: Vec<u8>, aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let mut text = Zeroizing::new(sealed);
        if text.len() < NONCE_LENGTH + TAG_LENGTH {
            return Err(SealError::Malformed);
        }
        let nonce =
            Nonce::try_assume_unique_for_key(&text[..NONCE_LENGTH]).map_err(|_| SealError::Malformed)?;
        let opened = self.cipher.open_within(nonce, Aad::from(aad), &mut text, NONCE_LENGTH..);
        let length = opened.map_err(|_| SealError::Refused)?.len();
        text.truncate(length);
        Ok(text)
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKey({})", self.id)
    }
}
