use std::sync::{Arc, PoisonError, RwLock};

use model::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use token::jose::{Algorithm, JoseError, SigningKey};

use crate::{Fault, Settings};

/// The purpose of a signature. The key stays published for the lifetime of what it signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Access tokens (RFC 9068).
    AccessToken,
    /// ID tokens (OpenID Connect Core, section 2).
    IdToken,
    /// Logout tokens (OpenID Connect Back-Channel Logout, section 2.4).
    LogoutToken,
    /// Authorization responses (JARM, section 2.1).
    AuthorizationAnswer,
    /// UserInfo responses (OpenID Connect Core, section 5.3.2).
    UserInfo,
    /// Introspection responses (RFC 9701).
    Introspection,
    /// Receipts of set-based revocations.
    Receipt,
}

impl Purpose {
    pub(super) const ALL: [Self; 7] = [
        Self::AccessToken,
        Self::IdToken,
        Self::LogoutToken,
        Self::AuthorizationAnswer,
        Self::UserInfo,
        Self::Introspection,
        Self::Receipt,
    ];

    /// Returns the `typ` of the JWT.
    const fn typ(self) -> &'static str {
        match self {
            Self::AccessToken => "at+jwt",
            Self::IdToken | Self::AuthorizationAnswer | Self::UserInfo => "JWT",
            Self::LogoutToken => "logout+jwt",
            Self::Introspection => "token-introspection+jwt",
            Self::Receipt => "revocation-receipt+jwt",
        }
    }

    /// Returns how long a recipient may need the key, in seconds: the maximum lifetime of the JWT. Responses without an expiry are
    /// verified when they arrive.
    pub fn lifetime(self, settings: &Settings) -> i64 {
        match self {
            Self::AccessToken => {
                settings.lifetimes.access_token_lifetime.max(settings.lifetimes.device_token_lifetime)
            }
            Self::IdToken => settings.lifetimes.id_token_lifetime,
            Self::LogoutToken => 120,
            Self::AuthorizationAnswer => 60,
            Self::UserInfo | Self::Introspection | Self::Receipt => 0,
        }
    }
}

/// Returns how long a key stays published after its last signature, in seconds.
pub(super) fn published_after(settings: &Settings) -> i64 {
    let longest = Purpose::ALL.map(|purpose| purpose.lifetime(settings)).into_iter().max();
    longest.unwrap_or(0).max(settings.signing_key_overlap)
}

/// Returns how long a key is kept after its last signature, in seconds: clients send ID tokens as hints for the duration of
/// their sessions (OpenID Connect RP-Initiated Logout, section 2).
pub(super) fn kept_after(settings: &Settings) -> i64 {
    published_after(settings)
        .max(settings.lifetimes.session_lifetime)
        .max(settings.lifetimes.refresh_absolute_lifetime)
}

/// The stored keys, parsed.
#[derive(Default)]
pub struct SigningKeys {
    keys: RwLock<Vec<Arc<Held>>>,
}

pub(super) struct Held {
    pub(super) key: SigningKey,
    /// When it begins to sign: recipients have seen it published by then.
    pub(super) signs_from: Timestamp,
    /// When it is withdrawn from publication. From then on it only verifies hints.
    pub(super) published_until: Option<Timestamp>,
}

impl Held {
    fn is_published(&self, now: Timestamp) -> bool {
        self.published_until.is_none_or(|until| until > now)
    }
}

impl SigningKeys {
    /// Returns the published keys (RFC 7517, section 5).
    pub(crate) fn jwks(&self, now: Timestamp) -> serde_json::Value {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let published = keys.iter().filter(|held| held.is_published(now));
        json!({ "keys": published.map(|held| held.key.public_jwk()).collect::<Vec<_>>() })
    }

    /// Signs claims with the newest key that has been published for long enough.
    pub fn sign(
        &self,
        algorithm: Algorithm,
        purpose: Purpose,
        claims: &impl Serialize,
        now: Timestamp,
    ) -> Result<String, Fault> {
        let held = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            let published = keys.iter().filter(|held| held.is_published(now));
            let mut of_algorithm = published.filter(|held| held.key.algorithm() == algorithm);
            // The newest key is first. At the first start there is no older one.
            let oldest = of_algorithm.clone().next_back();
            let turn = of_algorithm.find(|held| held.signs_from <= now).or(oldest);
            turn.cloned().ok_or_else(|| Fault::Internal("no signing key".to_owned()))?
        };
        Ok(held.key.sign(purpose.typ(), claims)?)
    }

    /// Verifies a JWT that one of the keys signed.
    pub(crate) fn verify<T: DeserializeOwned>(&self, token: &str, types: &[&str]) -> Result<T, JoseError> {
        let keys: Vec<_> = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            keys.iter().map(|held| held.key.verify_key().clone()).collect()
        };
        token::jose::verify(token, &keys, types).map(|verified| verified.claims)
    }

    pub(super) fn replace(&self, keys: Vec<Arc<Held>>) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }
}
