//! Opaque secrets: `grt_<kind>_<43 characters of base62><checksum>`.
//!
//! 256 random bits, and a checksum that lets the server (and a scanner of leaked secrets) refuse a mistyped or an
//! invented string without a look-up. The checksum is the CRC-32 of everything before it, written as a number of six
//! base62 digits. It finds every change of one character and every swap of two neighbours; it is no protection
//! against somebody who computes it.

mod find;
mod prefix;

pub use find::{find_tokens, redact_tokens, token_pattern};
pub use prefix::{Prefix, PrefixError};

use crate::random::BASE62;
use crate::{Random, RandomError, TokenHash, random};
use std::fmt;
use zeroize::Zeroizing;

/// Random characters of a token.
const SECRET_LENGTH: usize = 43;

/// Base62 digits of a checksum: the least that holds 32 bits.
const CHECKSUM_LENGTH: usize = 6;

/// What a token is for; part of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// `pat`: a personal access token, acts as the user who made it.
    PersonalAccess,
    /// `sat`: a service access token, acts as the system user of an application.
    ServiceAccess,
    /// `rat`: an opaque access token, as the client credentials grant gives it.
    ReferenceAccess,
    /// `rft`: a refresh token (RFC 6749 section 1.5).
    Refresh,
    /// `dvc`: a device code (RFC 8628 section 3.2).
    DeviceCode,
    /// `arq`: the request of an application that asks a person on a device of their own (`auth_req_id` of CIBA).
    AuthenticationRequest,
    /// `cod`: an authorization code (RFC 6749 section 1.3.1).
    AuthorizationCode,
}

impl TokenKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::PersonalAccess,
        Self::ServiceAccess,
        Self::ReferenceAccess,
        Self::Refresh,
        Self::DeviceCode,
        Self::AuthenticationRequest,
        Self::AuthorizationCode,
    ];

    /// The three letters in the token.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::PersonalAccess => "pat",
            Self::ServiceAccess => "sat",
            Self::ReferenceAccess => "rat",
            Self::Refresh => "rft",
            Self::DeviceCode => "dvc",
            Self::AuthenticationRequest => "arq",
            Self::AuthorizationCode => "cod",
        }
    }

    fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.tag() == tag)
    }
}

/// A token in the clear: as it was made, or as somebody presented it. Only its [`TokenHash`] is kept.
pub struct PlainToken {
    kind: TokenKind,
    text: Zeroizing<String>,
}

/// Why a text is no token of ours. Says what is wrong with the form, never what the text was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFormatError {
    /// It does not start with the prefix of this installation.
    #[error("the token does not start with the prefix of this server")]
    Prefix,
    /// The part after the prefix names no kind of token.
    #[error("the token is of no known kind")]
    Kind,
    /// It is too short or too long.
    #[error("the token has {found} characters where {expected} are expected")]
    Length {
        /// Characters that a token of this prefix has.
        expected: usize,
        /// Bytes that the text has.
        found: usize,
    },
    /// The secret part has something else than digits and letters.
    #[error("the token has characters that no token has")]
    Alphabet,
    /// The checksum is not that of the rest: mistyped or invented.
    #[error("the checksum of the token is wrong")]
    Checksum,
}

impl PlainToken {
    /// A new token.
    ///
    /// # Errors
    /// [`RandomError`] as `random` gives it.
    pub fn generate(prefix: &Prefix, kind: TokenKind, random: &dyn Random) -> Result<Self, RandomError> {
        let mut text = Zeroizing::new(String::with_capacity(length(prefix)));
        for part in [prefix.as_str(), "_", kind.tag(), "_", &random::base62(random, SECRET_LENGTH)?] {
            text.push_str(part);
        }
        let checksum = checksum(&text);
        text.extend(checksum.map(char::from));
        Ok(Self { kind, text })
    }

    /// Reads a token that somebody presented, by its form alone: whether it is live is for the registry to say.
    ///
    /// # Errors
    /// [`TokenFormatError`]: the first thing that is wrong, from left to right.
    pub fn parse(prefix: &Prefix, text: &str) -> Result<Self, TokenFormatError> {
        let rest = text.strip_prefix(prefix.as_str()).and_then(|rest| rest.strip_prefix('_'));
        let (tag, secret) =
            rest.ok_or(TokenFormatError::Prefix)?.split_once('_').ok_or(TokenFormatError::Kind)?;
        let kind = TokenKind::from_tag(tag).ok_or(TokenFormatError::Kind)?;
        let (expected, found) = (length(prefix), text.len());
        if found != expected {
            return Err(TokenFormatError::Length { expected, found });
        }
        if !secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(TokenFormatError::Alphabet);
        }
        let (head, tail) = text.split_at(expected - CHECKSUM_LENGTH);
        if checksum(head) != tail.as_bytes() {
            return Err(TokenFormatError::Checksum);
        }
        Ok(Self { kind, text: Zeroizing::new(text.to_owned()) })
    }

    /// What it is for.
    #[must_use]
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The text, for the one answer that shows it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What the registry keeps (`AccessTokenKey`): the hash of the whole text.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.text)
    }
}

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlainToken({}, ..)", self.kind.tag())
    }
}

/// Characters of a whole token. The tags all have the same length.
fn length(prefix: &Prefix) -> usize {
    prefix.as_str().len() + "_pat_".len() + SECRET_LENGTH + CHECKSUM_LENGTH
}

/// The CRC-32 of `head` as base62 digits, the most significant first, `0` on the left.
fn checksum(head: &str) -> [u8; CHECKSUM_LENGTH] {
    let mut rest = crc32fast::hash(head.as_bytes());
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits
}

#[cfg(test)]
mod tests;
