//! Opaque secrets: `grt_<kind>_<43 characters of base62><checksum>`.
//!
//! A token has 256 random bits and a checksum, so that the server (and a secret scanner) can reject a
//! mistyped or invented string without a look-up. The checksum is the CRC-32 of all preceding characters,
//! written as a number of six base62 digits. It detects every change of one character and every swap of two
//! neighbours. It is no protection against an attacker, who can compute it.

mod find;
mod prefix;

pub use find::{find_tokens, redact_tokens, token_pattern};
pub use prefix::{Prefix, PrefixError};

use crate::random::BASE62;
use crate::{Random, RandomError, TokenHash, random};
use std::fmt;
use zeroize::Zeroizing;

/// Number of random characters in a token.
const SECRET_LENGTH: usize = 43;

/// Number of base62 digits in a checksum: the minimum for 32 bits.
const CHECKSUM_LENGTH: usize = 6;

/// The kind of a token, which is part of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// `pat`: a personal access token; acts as the user who created it.
    PersonalAccess,
    /// `sat`: a service access token; acts as the system user of an application.
    ServiceAccess,
    /// `rat`: an opaque access token, such as those of the client credentials grant.
    ReferenceAccess,
    /// `rft`: a refresh token (RFC 6749 section 1.5).
    Refresh,
    /// `dvc`: a device code (RFC 8628 section 3.2).
    DeviceCode,
    /// `arq`: an authentication request over the back channel (`auth_req_id` of CIBA).
    AuthenticationRequest,
    /// `cod`: an authorization code (RFC 6749 section 1.3.1).
    AuthorizationCode,
}

impl TokenKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::PersonalAccess,
        Self::ServiceAccess,
        Self::ReferenceAccess,
        Self::Refresh,
        Self::DeviceCode,
        Self::AuthenticationRequest,
        Self::AuthorizationCode,
    ];

    /// Returns the three letters in the token.
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

/// A token in plain text, as generated or presented. Only its [`TokenHash`] is stored.
pub struct PlainToken {
    kind: TokenKind,
    text: Zeroizing<String>,
}

/// A text is not a token of this installation. Messages describe the error and never quote the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFormatError {
    /// The text does not start with the prefix of this installation.
    #[error("the token does not start with the prefix of this server")]
    Prefix,
    /// The part after the prefix is not a kind of token.
    #[error("the kind of the token is unknown")]
    Kind,
    /// The text is too short or too long.
    #[error("the token has {found} characters where {expected} are expected")]
    Length {
        /// Number of characters in a token with this prefix.
        expected: usize,
        /// Number of bytes in the text.
        found: usize,
    },
    /// The secret part contains other characters than digits and letters.
    #[error("the token contains invalid characters")]
    Alphabet,
    /// The checksum does not match: the text is mistyped or invented.
    #[error("the checksum of the token is wrong")]
    Checksum,
}

impl PlainToken {
    /// Generates a token.
    ///
    /// # Errors
    /// [`RandomError`] if `random` fails.
    pub fn generate(prefix: &Prefix, kind: TokenKind, random: &dyn Random) -> Result<Self, RandomError> {
        let mut text = Zeroizing::new(String::with_capacity(length(prefix)));
        for part in [prefix.as_str(), "_", kind.tag(), "_", &random::base62(random, SECRET_LENGTH)?] {
            text.push_str(part);
        }
        let checksum = checksum(&text);
        text.extend(checksum.map(char::from));
        Ok(Self { kind, text })
    }

    /// Parses a presented token by its form. Only the registry knows whether it is valid.
    ///
    /// # Errors
    /// [`TokenFormatError`]: the first error from left to right.
    ///
    /// ```
    /// use token::{PlainToken, Prefix, SystemRandom, TokenFormatError, TokenKind};
    ///
    /// let prefix = Prefix::default();
    /// let token = PlainToken::generate(&prefix, TokenKind::PersonalAccess, &SystemRandom).unwrap();
    /// let parsed = PlainToken::parse(&prefix, token.expose()).unwrap();
    /// assert_eq!(parsed.kind(), TokenKind::PersonalAccess);
    /// assert_eq!(parsed.hash(), token.hash());
    /// assert_eq!(PlainToken::parse(&prefix, "abc").unwrap_err(), TokenFormatError::Prefix);
    /// ```
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

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// Returns the text, for the one response that shows it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Returns the hash that the registry stores (`AccessTokenKey`), taken over the whole text.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::new(&self.text)
    }
}

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlainToken({}, ..)", self.kind.tag())
    }
}

/// Returns the number of characters in a token. All tags have the same length.
fn length(prefix: &Prefix) -> usize {
    prefix.as_str().len() + "_pat_".len() + SECRET_LENGTH + CHECKSUM_LENGTH
}

/// Returns the CRC-32 of `head` as base62 digits, most significant first, padded with `0` on the left.
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
