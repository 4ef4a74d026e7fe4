use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

use crate::oidc::acr;

/// Sign-in of users
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub struct SignInSettings {
    /// The users who need a second factor to sign in.
    pub require_second_factor: SecondFactorPolicy,
    /// Maximum age of the sign-in for administration, in seconds (RFC 9470).
    #[schemars(range(min = 1))]
    pub administration_max_age: Option<i64>,
    /// Required authentication level for administration: one of the `acr_values_supported` of the metadata, such as
    /// `urn:grantor:acr:2`.
    pub administration_acr: Option<String>,
    /// A sorted file with the SHA-1 hashes of breached passwords, which are refused.
    pub password_breach_file: Option<PathBuf>,
}

/// The users who need a second factor to sign in. A user who has one is always asked for it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactorPolicy {
    /// No user.
    #[default]
    None,
    /// Administrators.
    Administrators,
    /// Every user.
    Everybody,
}

impl SecondFactorPolicy {
    /// Returns whether `user` needs a second factor.
    pub const fn applies_to(self, user: &model::entities::User) -> bool {
        match self {
            Self::None => false,
            Self::Administrators => user.is_admin,
            Self::Everybody => true,
        }
    }
}

impl SignInSettings {
    /// Checks what the types do not express.
    ///
    /// # Errors
    /// A message that names the key.
    pub fn check(&self) -> Result<(), String> {
        match &self.administration_acr {
            Some(level) if !acr::LEVELS.contains(&level.as_str()) => {
                Err(format!("administration_acr is one of {}", acr::LEVELS.join(", ")))
            }
            _ => Ok(()),
        }
    }
}
