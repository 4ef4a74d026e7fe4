//! The keys of an installation, and the text of the key file.

use super::{KeyId, SealKey};
use crate::{Random, RandomError, digest, random};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use std::fmt;
use zeroize::Zeroizing;

/// The current key, which seals, and older ones, which still open.
pub struct Keyring {
    current: SealKey,
    older: Vec<SealKey>,
}

/// Why there is no keyring. Never says what a key was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// The text has no key.
    #[error("the key file has no key; a key is a line of 64 hexadecimal digits")]
    Empty,
    /// A line is neither a key nor a comment nor empty.
    #[error("line {line} of the key file is not a key: 64 hexadecimal digits")]
    Line {
        /// Counted from 1.
        line: usize,
    },
    /// A key is there twice, or two have the same id.
    #[error("line {line} of the key file has key {id} for the second time")]
    Twice {
        /// Counted from 1.
        line: usize,
        /// The id that both have.
        id: KeyId,
    },
    /// No key could be drawn.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl Keyring {
    /// A ring of one new key.
    ///
    /// # Errors
    /// [`KeyringError::Random`] when no key could be drawn.
    pub fn generate(random: &dyn Random) -> Result<Self, KeyringError> {
        Ok(Self { current: draw(random)?, older: Vec::new() })
    }

    /// Reads a key file: a key a line as 64 hexadecimal digits, the current one first; empty lines and lines that
    /// start with `#` are skipped.
    ///
    /// # Errors
    /// [`KeyringError`] names the line.
    pub fn parse(text: &str) -> Result<Self, KeyringError> {
        let mut keys: Vec<SealKey> = Vec::new();
        let lines = text.lines().map(str::trim).enumerate();
        for (index, content) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let line = index + 1;
            let key = read(content).ok_or(KeyringError::Line { line })?;
            if keys.iter().any(|known| known.id() == key.id()) {
                return Err(KeyringError::Twice { line, id: key.id() });
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        let current = keys.next().ok_or(KeyringError::Empty)?;
        Ok(Self { current, older: keys.collect() })
    }

    /// Writes the key file that [`parse`](Self::parse) reads.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        const LINE: usize = 65;
        let mut text = Zeroizing::new(String::with_capacity(LINE * (1 + self.older.len())));
        for key in self.keys() {
            text.push_str(&Zeroizing::new(HEXLOWER.encode(key.expose())));
            text.push('\n');
        }
        text
    }

    /// Puts a new key in front; the one that was current opens from now on, and no longer seals.
    ///
    /// # Errors
    /// [`KeyringError::Random`] when no key could be drawn; the ring is then as it was.
    pub fn rotate(&mut self, random: &dyn Random) -> Result<(), KeyringError> {
        let new = draw(random)?;
        let was_current = std::mem::replace(&mut self.current, new);
        self.older.insert(0, was_current);
        Ok(())
    }

    /// The key that seals.
    #[must_use]
    pub fn current(&self) -> &SealKey {
        &self.current
    }

    /// Every key, the current one first, then the younger before the older.
    pub fn keys(&self) -> impl Iterator<Item = &SealKey> {
        std::iter::once(&self.current).chain(&self.older)
    }

    /// An authentication code over `data`, under a key that is derived from the current one for `purpose` alone
    /// (HMAC-SHA-256, RFC 2104).
    #[must_use]
    pub fn authenticate(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        digest::hmac_sha256(&digest::hmac_sha256(self.current.expose(), purpose.as_bytes()), data)
    }

    /// Returns whether `code` authenticates `data` for `purpose` under any key of the ring, so that what was given out
    /// before a rotation stays good while its key is there.
    #[must_use]
    pub fn is_authentic(&self, purpose: &str, data: &[u8], code: &[u8]) -> bool {
        self.keys().any(|key| {
            let derived = digest::hmac_sha256(key.expose(), purpose.as_bytes());
            digest::same(&digest::hmac_sha256(&derived, data), code)
        })
    }

    /// The key of this id.
    #[must_use]
    pub fn find(&self, id: KeyId) -> Option<&SealKey> {
        self.keys().find(|key| key.id() == id)
    }
}

fn draw(random: &dyn Random) -> Result<SealKey, KeyringError> {
    SealKey::new(random::bytes(random)?).ok_or(KeyringError::Random(RandomError))
}

fn read(line: &str) -> Option<SealKey> {
    let mut bytes = Zeroizing::new([0; 32]);
    if line.len() != 64 {
        return None;
    }
    HEXLOWER_PERMISSIVE.decode_mut(line.as_bytes(), bytes.as_mut_slice()).ok()?;
    SealKey::new(bytes)
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let older: Vec<KeyId> = self.older.iter().map(SealKey::id).collect();
        f.debug_struct("Keyring").field("current", &self.current.id()).field("older", &older).finish()
    }
}
