//! Secrets and proofs: what Grantor hands out, what it keeps instead, and how it tells that the two belong together.
//!
//! Pure: no I/O, no clock, nothing of the other crates. Randomness is an argument ([`Random`]).
//!
//! | Module | What |
//! |---|---|
//! | [`random`] | where random bytes come from, and unbiased characters made of them |
//! | [`digest`] | SHA-256, base64url, comparison in constant time |
//! | [`hash`] | [`TokenHash`], what the registry keeps of a secret that it looks up |
//! | [`opaque`] | reference tokens, refresh tokens and codes: `grt_pat_…` with a checksum |
//! | [`random_id`] | secrets of cookies and forms |
//! | [`user_code`] | the short code that a person types for a device |
//! | [`client_secret`] | the secrets of confidential applications |
//! | [`passkey`] | what a browser sends of a passkey, checked |
//! | [`password`] | passwords of users: Argon2id |
//! | [`totp`], [`recovery_code`] | second factors: codes of an authenticator app, and codes to write down |
//! | [`seal`] | encryption at rest: AES-256-GCM-SIV under a keyring that rotates |
//! | [`jose`] | signing keys, JWK, compact JWS |
//! | [`certificate`] | certificates of clients, whose authority is known, and whose they are
//! | [`dpop`] | proofs that a request comes from whoever holds a private key |
//! | [`pkce`] | the challenge that a code is exchanged against |
//!
//! A plain secret is a type of its own: it cannot be serialized or displayed, its `Debug` hides it, its memory is
//! wiped when it is dropped, and the one way to its text is called `expose`.

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
