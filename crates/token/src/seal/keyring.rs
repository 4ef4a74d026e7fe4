//! The keys of an installation, and the format of the key file.

use super::{KeyId, SealKey};
use crate::{Random, RandomError, digest, random};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use std::fmt;
use zeroize::Zeroizing;

/// The current key, which seals, and older keys, which only open.
pub struct Keyring {
    current: SealKey,
    older: Vec<SealKey>,
}

/// The keyring could not be read or generated. Messages never quote a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// The text contains no key.
    #[error("the key file has no key; a key is a line of 64 hexadecimal digits")]
    Empty,
    /// A line is neither a key nor a comment nor empty.
    #[error("line {line} of the key file is not a key: 64 hexadecimal digits")]
    Line {
        /// Line number, from 1.
        line: usize,
    },
    /// A key occurs twice, or two keys have the same id.
    #[error("line {line} of the key file has key {id} for the second time")]
    Twice {
        /// Line number, from 1.
        line: usize,
        /// Common id.
        id: KeyId,
    },
    /// No key could be generated.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl Keyring {
    /// Creates a ring with one new key.
    ///
    /// # Errors
    /// [`KeyringError::Random`] if no key could be generated.
    pub fn generate(random: &dyn Random) -> Result<Self, KeyringError> {
        Ok(Self { current: draw(random)?, older: Vec::new() })
    }

    /// Parses a key file: one key per line as 64 hexadecimal digits, the current one first. Empty lines and
    /// lines that start with `#` are skipped.
    ///
    /// # Errors
    /// [`KeyringError`] with the line number.
    ///
    /// ```
    /// use token::seal::{Keyring, KeyringError};
    ///
    /// let keyring = Keyring::parse("# current\n1111111111111111111111111111111111111111111111111111111111111111\n");
    /// assert_eq!(keyring.unwrap().keys().count(), 1);
    /// assert_eq!(Keyring::parse("12").unwrap_err(), KeyringError::Line { line: 1 });
    /// ```
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

    /// Returns the key file that [`parse`](Self::parse) reads.
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

    /// Adds a new current key. The previous one remains for opening and no longer seals.
    ///
    /// # Errors
    /// [`KeyringError::Random`] if no key could be generated; the ring is unchanged then.
    pub fn rotate(&mut self, random: &dyn Random) -> Result<(), KeyringError> {
        let new = draw(random)?;
        let was_current = std::mem::replace(&mut self.current, new);
        self.older.insert(0, was_current);
        Ok(())
    }

    /// Returns the key that seals.
    #[must_use]
    pub fn current(&self) -> &SealKey {
        &self.current
    }

    /// Returns all keys, the current one first, then from newest to oldest.
    pub fn keys(&self) -> impl Iterator<Item = &SealKey> {
        std::iter::once(&self.current).chain(&self.older)
    }

    /// Computes an authentication code of `data`, with a key derived from the current one for `purpose`
    /// only (HMAC-SHA-256, RFC 2104).
    ///
    /// ```
    /// use token::SystemRandom;
    /// use token::seal::Keyring;
    ///
    /// let keyring = Keyring::generate(&SystemRandom).unwrap();
    /// let code = keyring.authenticate("cookie", b"ada");
    /// assert!(keyring.is_authentic("cookie", b"ada", &code));
    /// assert!(!keyring.is_authentic("form", b"ada", &code));
    /// ```
    #[must_use]
    pub fn authenticate(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        digest::hmac_sha256(&digest::hmac_sha256(self.current.expose(), purpose.as_bytes()), data)
    }

    /// Returns whether `code` authenticates `data` for `purpose` under any key of the ring, so that codes
    /// issued before a rotation remain valid as long as their key is in the ring.
    #[must_use]
    pub fn is_authentic(&self, purpose: &str, data: &[u8], code: &[u8]) -> bool {
        self.keys().any(|key| {
            let derived = digest::hmac_sha256(key.expose(), purpose.as_bytes());
            digest::same(&digest::hmac_sha256(&derived, data), code)
        })
    }

    /// Finds a key by its id.
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
