//! The payload of a grant.

use std::collections::BTreeSet;

use input::{AuthorizationDetails, Secret};
use model::Uuid;
use serde::{Deserialize, Serialize};
use store::SessionRow;
use token::Random;
use token::seal::Keyring;
use zeroize::Zeroizing;

use crate::Fault;
use crate::claims::GrantedClaims;

/// The payload of a grant: the values without an attribute of their own. It is stored encrypted in `Data`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantPayload {
    /// The user code.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "sealed")]
    pub user_code: Option<Secret>,
    /// The address of the request for the grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_from: Option<String>,
    /// The values of an authorization code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<CodePayload>,
    /// The values of a back-channel request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel: Option<BackchannelPayload>,
    /// The sign-in from which the grant came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<SignInPayload>,
    /// The values of a refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh: Option<RefreshPayload>,
    /// The nonce for the ID token of a device login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The claims of a consent to which the user agreed by name, without their scopes.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub claims: BTreeSet<String>,
    /// The identifiers of its resource servers (RFC 8707).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Its `authorization_details` (RFC 9396).
    #[serde(default, skip_serializing_if = "AuthorizationDetails::is_empty")]
    pub details: AuthorizationDetails,
    /// The actor, if it is not the subject (RFC 8693, section 4.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Acting>,
    /// How many clients can still be registered with an initial access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registers: Option<u32>,
    /// Its subject, if the subject does not follow from the kind and the parent of the grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaks_for: Option<SpeaksFor>,
    /// Whether the token does not identify its user without the scope `read`, like the token that created it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withholds_user: bool,
}

/// Serializes secrets of a payload, which is always encrypted.
mod sealed {
    use input::Secret;
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::ref_option, reason = "serde passes a reference to the field")]
    pub(super) fn serialize<S: Serializer>(secret: &Option<Secret>, to: S) -> Result<S::Ok, S::Error> {
        match secret {
            Some(secret) => to.serialize_some(secret.expose()),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Option<Secret>, D::Error> {
        Ok(Option::<String>::deserialize(from)?.map(Secret::from))
    }
}

/// The actor and the prior actors: the claim `act` (RFC 8693, section 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// The subject of the actor.
    pub sub: String,
    /// The client of the actor.
    pub client_id: String,
    /// The prior actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Box<Acting>>,
}

impl Acting {
    /// Returns the number of actors in the chain.
    pub fn depth(&self) -> usize {
        1 + self.act.as_ref().map_or(0, |before| before.depth())
    }
}

/// The subject of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpeaksFor {
    /// Its user.
    User,
    /// A client, by its client_id.
    Application(String),
}

/// The values to which an authorization code is bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodePayload {
    /// The redirect URI of the request.
    pub redirect_uri: String,
    /// The challenge of PKCE (RFC 7636).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<String>,
    /// The nonce for the ID token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The thumbprint of the key of the proof that its exchange needs (RFC 9449, section 10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// The values of a back-channel request (OpenID CIBA, section 7.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackchannelPayload {
    /// The message that the user sees on both devices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_message: Option<String>,
    /// The requested levels of authentication.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr_values: Vec<String>,
}

/// The sign-in of a user, as in ID tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInPayload {
    /// The time, in seconds.
    pub auth_time: i64,
    /// The authentication methods, separated by spaces (RFC 8176).
    pub methods: String,
    /// The OpenID provider at which the user signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The claims that were requested by name.
    #[serde(default, skip_serializing_if = "GrantedClaims::is_empty")]
    pub claims: GrantedClaims,
}

impl SignInPayload {
    /// Returns the sign-in of a session.
    pub fn from_session(session: &SessionRow) -> Self {
        Self {
            auth_time: session.authenticated_at.seconds(),
            methods: session.methods.clone(),
            provider: session.provider.clone(),
            claims: GrantedClaims::default(),
        }
    }
}

/// The values of a refresh token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshPayload {
    /// The end of its family, in seconds. A refresh does not change it.
    pub ends: i64,
    /// The refresh token that it replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Uuid>,
    /// The idle lifetime of the tokens of its family in seconds, if it is not the configured one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle: Option<i64>,
}

/// Returns the associated data of a payload, so that it cannot be moved to another row.
pub fn place(id: Uuid) -> Vec<u8> {
    [b"Sec_Access_Tokens.data/".as_slice(), id.as_bytes()].concat()
}

impl GrantPayload {
    /// Encrypts the payload of the grant `id`.
    pub fn seal(&self, keyring: &Keyring, random: &dyn Random, id: Uuid) -> Result<String, Fault> {
        let plain = Zeroizing::new(serde_json::to_vec(self)?);
        Ok(keyring.seal(&plain, &place(id), random)?)
    }

    /// Decrypts the payload of the grant `id`; without `data` it is empty.
    pub fn open(keyring: &Keyring, id: Uuid, data: Option<&str>) -> Result<Self, Fault> {
        let Some(sealed) = data else { return Ok(Self::default()) };
        Ok(serde_json::from_str(&open_text(keyring, id, sealed)?)?)
    }
}

/// Opens the contents of a grant as the text that administrators may read: without the secrets in it.
pub fn open_shown(keyring: &Keyring, id: Uuid, sealed: &str) -> Result<String, Fault> {
    let payload = GrantPayload::open(keyring, id, Some(sealed))?;
    Ok(serde_json::to_string(&GrantPayload { user_code: None, ..payload })?)
}

/// Opens what a grant's `Data` holds.
fn open_text(keyring: &Keyring, id: Uuid, sealed: &str) -> Result<String, Fault> {
    let plain = keyring.open(sealed, &place(id))?;
    String::from_utf8(plain.to_vec()).map_err(|error| Fault::Internal(error.to_string()))
}
