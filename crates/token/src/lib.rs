//! Secrets and proofs: the secrets that Grantor issues, their stored forms, and the verification of one
//! against the other.
//!
//! Pure: no I/O, no clock, no other crate of the workspace. Randomness is an argument ([`Random`]).
//!
//! | Module | Contents |
//! |---|---|
//! | [`random`] | sources of random bytes, and unbiased characters |
//! | [`digest`] | SHA-256, base64url, constant-time comparison |
//! | [`hash`] | [`TokenHash`], the stored form of secrets that are looked up |
//! | [`opaque`] | reference tokens, refresh tokens and codes: `grt_pat_…` with a checksum |
//! | [`random_id`] | secrets of cookies and forms |
//! | [`user_code`] | the short code that a person types for a device |
//! | [`client_secret`] | secrets of confidential clients |
//! | [`passkey`] | verification of passkey responses |
//! | [`password`] | passwords of users: Argon2id |
//! | [`totp`], [`recovery_code`] | second factors: codes of an authenticator app, and recovery codes |
//! | [`seal`] | encryption at rest: AES-256-GCM-SIV under a keyring that rotates |
//! | [`jose`] | signing keys, JWK, compact JWS |
//! | [`certificate`] | client certificates issued by a known CA, and their subjects |
//! | [`dpop`] | proofs of possession of a private key |
//! | [`pkce`] | proof keys for code exchange |
//!
//! A plain secret is a type of its own: it cannot be serialized or displayed, its `Debug` output hides it,
//! its memory is wiped on drop, and only `expose` returns its text.

pub mod certificate;
pub mod client_secret;
pub mod digest;
pub mod dpop;
pub mod hash;
pub mod jose;
pub mod opaque;
pub mod passkey;
pub mod password;
pub mod pkce;
pub mod random;
pub mod random_id;
pub mod recovery_code;
pub mod seal;
pub mod totp;
pub mod user_code;

pub use hash::TokenHash;
pub use opaque::{PlainToken, Prefix, TokenFormatError, TokenKind};
pub use random::{Random, RandomError, SystemRandom};
