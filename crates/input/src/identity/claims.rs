use serde::Deserialize;
use serde_json::Value;
use token::jose::NumericDate;

use crate::Audience;

/// The claims of an ID token.
#[derive(Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) sub: String,
    pub(super) aud: Audience,
    pub(super) azp: Option<String>,
    pub(super) exp: NumericDate,
    pub(super) iat: NumericDate,
    pub(super) nbf: Option<NumericDate>,
    pub(super) nonce: Option<String>,
    pub(super) auth_time: Option<NumericDate>,
    #[serde(default)]
    pub(super) amr: Vec<String>,
    #[serde(flatten)]
    pub(super) about: About,
}

/// The claims about the user, of an ID token or a UserInfo response. Many providers send null for a claim without a value, which
/// they should omit (OpenID Connect Core, section 5.3.2). Any other type is refused.
#[derive(Deserialize)]
pub(super) struct About {
    pub(super) name: Option<String>,
    pub(super) preferred_username: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_verified: Option<Flag>,
}

/// A Boolean, which some providers send as a text.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Flag(pub(super) bool);

impl TryFrom<Value> for Flag {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value {
            Value::Bool(flag) => Ok(Self(flag)),
            Value::String(text) if text == "true" => Ok(Self(true)),
            Value::String(text) if text == "false" => Ok(Self(false)),
            Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                Err("it is true or false")
            }
        }
    }
}

impl Claims {
    /// Returns whether `aud` and `azp` name the client (OpenID Connect Core, section 3.1.3.7).
    pub(super) fn is_for(&self, client_id: &str) -> bool {
        let (own, alone) = match &self.aud {
            Audience::One(aud) => (aud == client_id, true),
            Audience::Many(aud) => (aud.iter().any(|aud| aud == client_id), aud.len() == 1),
        };
        let party = self.azp.as_ref().map_or(alone, |azp| azp == client_id);
        own && party
    }
}
