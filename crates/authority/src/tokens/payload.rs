use std::collections::BTreeSet;

use input::Secret;
use model::Uuid;
use serde::{Deserialize, Serialize};
use store::SessionRow;
use token::Random;
use token::seal::Keyring;
use zeroize::Zeroizing;

use crate::oidc::claims::GrantedClaims;
use crate::{AuthorizationDetails, Fault};

/// The payload of a grant: what has no attribute of its own. The registry keeps it sealed in `Data`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantPayload {
    /// The code that a person types or compares.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "sealed")]
    pub user_code: Option<Secret>,
    /// The address that asked for the grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_from: Option<String>,
    /// What a code is bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<CodePayload>,
    /// What an application says that asks a person on a device of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel: Option<BackchannelPayload>,
    /// How the person signed in from whose sign-in the grant came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<SignInPayload>,
    /// What a refresh token knows of its family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh: Option<RefreshPayload>,
    /// What the application wants to find in the ID token that a device code gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The claims to which a consent agrees one by one, without their scopes.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub claims: BTreeSet<String>,
    /// The services that it is for (RFC 8707).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// What it is for in detail (RFC 9396).
    #[serde(default, skip_serializing_if = "AuthorizationDetails::is_empty")]
    pub details: AuthorizationDetails,
    /// Who acts for whom it speaks, where that is somebody else (RFC 8693, section 4.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Acting>,
    /// How many applications register with it, where it is for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registers: Option<u32>,
    /// Whom it speaks for, where its place among the grants does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaks_for: Option<SpeaksFor>,
    /// Whether it does not identify its user without the scope `read`, because the token that made it does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withholds_user: bool,
}

/// Secrets of a payload, which is written under seal alone.
mod sealed {
    use input::Secret;
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::ref_option, reason = "serde hands over a reference to the field")]
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

/// Who acts, and who acted before them: the claim `act` (RFC 8693, section 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// The name under which tokens speak for them.
    pub sub: String,
    /// The application through which they act.
    pub client_id: String,
    /// Who acted before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Box<Acting>>,
}

impl Acting {
    /// How many act, one for the other.
    pub(crate) fn depth(&self) -> usize {
        1 + self.act.as_ref().map_or(0, |before| before.depth())
    }
}

/// Whom a token speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpeaksFor {
    /// Its user.
    User,
    /// An application, by its client_id.
    Application(String),
}

/// What an authorization code is bound to, until it is exchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodePayload {
    /// The address that the code was sent to.
    pub redirect_uri: String,
    /// The challenge of PKCE (RFC 7636).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<String>,
    /// What the application wants to find in the ID token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The thumbprint of the key with which it has to be exchanged (RFC 9449, section 10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// What an application says that asks a person on a device of their own (OpenID CIBA, section 7.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackchannelPayload {
    /// What the person sees on both devices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_message: Option<String>,
    /// The levels of authentication of which one is wanted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr_values: Vec<String>,
}

/// How and when a person signed in, as ID tokens say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInPayload {
    /// When, in seconds.
    pub auth_time: i64,
    /// By which means, separated by spaces (RFC 8176).
    pub methods: String,
    /// The provider that vouched for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The claims that were asked for one by one.
    #[serde(default, skip_serializing_if = "GrantedClaims::is_empty")]
    pub claims: GrantedClaims,
}

impl SignInPayload {
    /// Of somebody who is signed in to the pages.
    pub(crate) fn from_session(session: &SessionRow) -> Self {
        Self {
            auth_time: session.authenticated_at.seconds(),
            methods: session.methods.clone(),
            provider: session.provider.clone(),
            claims: GrantedClaims::default(),
        }
    }
}

/// What a refresh token knows of its family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshPayload {
    /// When the family ends, however often it is refreshed; in seconds.
    pub ends: i64,
    /// The refresh token that this one was given for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Uuid>,
    /// How long each token of the family may wait to be used, in seconds, where that is not as usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle: Option<i64>,
}

/// What a sealed value belongs to, so that it cannot be moved to another row.
pub(crate) fn place(id: Uuid) -> Vec<u8> {
    [b"Sec_Access_Tokens.data/".as_slice(), id.as_bytes()].concat()
}

impl GrantPayload {
    pub(crate) fn seal(&self, keyring: &Keyring, random: &dyn Random, id: Uuid) -> Result<String, Fault> {
        let plain = Zeroizing::new(serde_json::to_vec(self)?);
        Ok(keyring.seal(&plain, &place(id), random)?)
    }

    /// Opens the contents of a grant.
    pub(crate) fn open(keyring: &Keyring, id: Uuid, data: Option<&str>) -> Result<Self, Fault> {
        let Some(sealed) = data else { return Ok(Self::default()) };
        Ok(serde_json::from_str(&open_text(keyring, id, sealed)?)?)
    }
}

/// Opens the contents of a grant as the text that administrators may read: without the secrets in it.
pub(crate) fn open_shown(keyring: &Keyring, id: Uuid, sealed: &str) -> Result<String, Fault> {
    let payload = GrantPayload::open(keyring, id, Some(sealed))?;
    Ok(serde_json::to_string(&GrantPayload { user_code: None, ..payload })?)
}

/// Opens what a grant's `Data` holds.
fn open_text(keyring: &Keyring, id: Uuid, sealed: &str) -> Result<String, Fault> {
    let plain = keyring.open(sealed, &place(id))?;
    String::from_utf8(plain.to_vec()).map_err(|error| Fault::Internal(error.to_string()))
}
