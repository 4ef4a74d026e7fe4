use input::ClientCertificates;

use crate::clients::registration::DynamicRegistration;
use crate::upstream::Provider;

/// What an operator may set about the authority. Durations are seconds.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether an audit event is written for each token that an application obtains.
    pub audit_issued_tokens: bool,
    /// The address under which people and applications reach the program, without a slash at the end.
    pub public_url: String,
    /// How long an access token is valid that an application obtained for itself.
    pub access_token_lifetime: i64,
    /// How long a refresh token of a device or command-line tool may wait to be used.
    pub device_token_lifetime: i64,
    /// How long an authorization code may be exchanged.
    pub authorization_code_lifetime: i64,
    /// How long a request that an application pushed ahead may be used (RFC 9126).
    pub pushed_request_lifetime: i64,
    /// How long an ID token is valid.
    pub id_token_lifetime: i64,
    /// How long a refresh token of a confidential application may wait to be used.
    pub refresh_token_lifetime: i64,
    /// How long a refresh token of a public application may wait to be used.
    pub public_refresh_token_lifetime: i64,
    /// How long an application may go on refreshing after the person signed in.
    pub refresh_absolute_lifetime: i64,
    /// For how long the answer to a refresh is repeated where it may have been lost; never, where it is 0.
    pub refresh_repeat_seconds: i64,
    /// How long a device code may be approved and exchanged.
    pub device_code_lifetime: i64,
    /// How long a person may take to decide on a request of an application that asks them on a device of their own.
    pub backchannel_request_lifetime: i64,
    /// How long a device waits between two questions.
    pub device_interval: i64,
    /// How long somebody stays signed in to the pages.
    pub session_lifetime: i64,
    /// How long a session may go unused.
    pub session_idle_timeout: i64,
    /// Who has to prove themselves with two factors.
    pub require_second_factor: SecondFactorPolicy,
    /// How people have to have signed in who administer.
    pub administration: Administration,
    /// After how much time a new signing key takes over.
    pub signing_key_lifetime: i64,
    /// How long a signing key is published before it signs, and at least after it stopped.
    pub signing_key_overlap: i64,
    /// Whether every proof of a key needs a nonce of the server (RFC 9449, section 8).
    pub require_dpop_nonce: bool,
    /// Whether a scope that there is none of is refused, instead of being left out.
    pub strict_scopes: bool,
    /// Whether the surface is told of client certificates (RFC 8705).
    pub client_certificates: ClientCertificates,
    /// Who may register applications by the protocol for that (RFC 7591).
    pub dynamic_registration: DynamicRegistration,
    /// For how many days ended grants are kept; 0 for ever.
    pub retention_days: u32,
    /// After how many days an application that registered itself is removed where it was never used; 0 for never.
    pub unused_registration_days: u32,
    /// For how many days audit events are kept; 0 for ever.
    pub audit_retention_days: u32,
    /// How many rows a page of OData has unless asked otherwise.
    pub odata_page_size: u64,
    /// How many rows a page of OData has at the most.
    pub odata_max_page_size: u64,
    /// How costly the hash of a password is.
    pub password_params: token::password::PasswordParams,
    /// Whether there is a mail server.
    pub sends_mail: bool,
    /// The OpenID providers at which people may sign in.
    pub providers: Vec<Provider>,
}

/// How people have to have signed in who change by a token or a page what is not their own (RFC 9470).
#[derive(Clone, Debug, Default)]
pub struct Administration {
    /// The levels of which one is needed (see [`crate::oidc::acr`]); any where there is none.
    pub acr_values: Vec<String>,
    /// How long ago at most, in seconds.
    pub max_age: Option<i64>,
}

/// Who has to prove themselves with two factors. Whoever has a second factor proves it at every sign-in in any case.
#[derive(Clone, Copy, Debug, serde::Deserialize, serde::Serialize, schemars::JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactorPolicy {
    /// Nobody.
    None,
    /// Administrators.
    Administrators,
    /// Everybody.
    Everybody,
}

impl SecondFactorPolicy {
    /// Whether it holds for somebody.
    pub const fn applies_to(self, user: &model::entities::User) -> bool {
        match self {
            Self::None => false,
            Self::Administrators => user.is_admin,
            Self::Everybody => true,
        }
    }
}

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

impl Settings {
    /// The settings that hold unless others are given.
    pub fn new(public_url: impl Into<String>) -> Self {
        Self {
            audit_issued_tokens: false,
            public_url: public_url.into(),
            access_token_lifetime: HOUR,
            device_token_lifetime: 30 * DAY,
            authorization_code_lifetime: 60,
            pushed_request_lifetime: 300,
            id_token_lifetime: HOUR,
            refresh_token_lifetime: 30 * DAY,
            public_refresh_token_lifetime: DAY,
            refresh_absolute_lifetime: 365 * DAY,
            refresh_repeat_seconds: 60,
            device_code_lifetime: 600,
            backchannel_request_lifetime: 300,
            device_interval: 5,
            session_lifetime: 12 * HOUR,
            session_idle_timeout: 2 * HOUR,
            require_second_factor: SecondFactorPolicy::None,
            administration: Administration::default(),
            signing_key_lifetime: 90 * DAY,
            signing_key_overlap: DAY,
            require_dpop_nonce: false,
            strict_scopes: false,
            client_certificates: ClientCertificates::Unknown,
            dynamic_registration: DynamicRegistration::Off,
            retention_days: 90,
            unused_registration_days: 30,
            audit_retention_days: 400,
            odata_page_size: 100,
            odata_max_page_size: 1000,
            password_params: token::password::PasswordParams::OWASP,
            sends_mail: false,
            providers: Vec::new(),
        }
    }

    /// Sessions that were last used before this moment have ended.
    pub(crate) const fn idle_since(&self, now: model::Timestamp) -> model::Timestamp {
        now.plus_seconds(-self.session_idle_timeout)
    }

    /// The issuer: the base address of the Identity Server.
    pub fn issuer(&self) -> String {
        format!("{}/id", self.public_url)
    }

    /// The token endpoint: another name for the issuer as the audience of assertions (RFC 7523, section 3).
    pub fn token_endpoint(&self) -> String {
        format!("{}/connect/token", self.issuer())
    }
}
