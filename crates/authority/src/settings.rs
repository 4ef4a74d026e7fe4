use input::ClientCertificates;

use crate::clients::registration::DynamicRegistration;
use crate::upstream::Provider;

/// The settings of the authority. Durations are in seconds.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether an audit event is written for each token that a client obtains.
    pub audit_issued_tokens: bool,
    /// The public URL of the program, without a slash at the end.
    pub public_url: String,
    /// The lifetime of access tokens that clients obtain.
    pub access_token_lifetime: i64,
    /// The idle lifetime of refresh tokens of devices and command-line tools.
    pub device_token_lifetime: i64,
    /// The lifetime of authorization codes.
    pub authorization_code_lifetime: i64,
    /// The lifetime of pushed authorization requests (RFC 9126).
    pub pushed_request_lifetime: i64,
    /// The lifetime of ID tokens.
    pub id_token_lifetime: i64,
    /// The idle lifetime of refresh tokens of confidential clients.
    pub refresh_token_lifetime: i64,
    /// The idle lifetime of refresh tokens of public clients.
    pub public_refresh_token_lifetime: i64,
    /// The time after a sign-in during which its tokens can be refreshed.
    pub refresh_absolute_lifetime: i64,
    /// The time during which a possibly lost response to a refresh is repeated; 0 for never.
    pub refresh_repeat_seconds: i64,
    /// The lifetime of device codes.
    pub device_code_lifetime: i64,
    /// The lifetime of back-channel requests.
    pub backchannel_request_lifetime: i64,
    /// The polling interval of devices.
    pub device_interval: i64,
    /// The lifetime of a session.
    pub session_lifetime: i64,
    /// The idle lifetime of a session.
    pub session_idle_timeout: i64,
    /// Which users must have a second factor.
    pub require_second_factor: SecondFactorPolicy,
    /// The demands on the sign-in of administrators.
    pub administration: Administration,
    /// The time after which a signing key is replaced.
    pub signing_key_lifetime: i64,
    /// The time for which a signing key is published before its first signature, and at least after its last one.
    pub signing_key_overlap: i64,
    /// Whether every DPoP proof needs a nonce of the server (RFC 9449, section 8).
    pub require_dpop_nonce: bool,
    /// Whether an unknown scope is refused, instead of ignored.
    pub strict_scopes: bool,
    /// Whether client certificates are known (RFC 8705).
    pub client_certificates: ClientCertificates,
    /// Who may register clients (RFC 7591).
    pub dynamic_registration: DynamicRegistration,
    /// How many days ended grants are kept; 0 for ever.
    pub retention_days: u32,
    /// After how many days unused clients that registered themselves are removed; 0 for never.
    pub unused_registration_days: u32,
    /// How many days audit events are kept; 0 for ever.
    pub audit_retention_days: u32,
    /// The default number of rows of an OData page.
    pub odata_page_size: u64,
    /// The maximum number of rows of an OData page.
    pub odata_max_page_size: u64,
    /// The cost of password hashes.
    pub password_params: token::password::PasswordParams,
    /// Whether there is a mail server.
    pub sends_mail: bool,
    /// The OpenID providers at which users can sign in.
    pub providers: Vec<Provider>,
}

/// The demands on the sign-in of administrators who change other users' objects (RFC 9470).
#[derive(Clone, Debug, Default)]
pub struct Administration {
    /// The accepted levels (see [`crate::oidc::acr`]); empty if any is accepted.
    pub acr_values: Vec<String>,
    /// The maximum age of the sign-in, in seconds.
    pub max_age: Option<i64>,
}

/// Which users must have a second factor. Users who have one show it at every sign-in in any case.
#[derive(Clone, Copy, Debug, serde::Deserialize, serde::Serialize, schemars::JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactorPolicy {
    /// No users.
    None,
    /// Administrators.
    Administrators,
    /// All users.
    Everybody,
}

impl SecondFactorPolicy {
    /// Returns whether it applies to a user.
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
    /// Returns the default settings.
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

    /// Returns the time before which the last use of an idle session lies.
    pub(crate) const fn idle_since(&self, now: model::Timestamp) -> model::Timestamp {
        now.plus_seconds(-self.session_idle_timeout)
    }

    /// Returns the issuer identifier: the base URL of the Identity Server.
    pub fn issuer(&self) -> String {
        format!("{}/id", self.public_url)
    }

    /// Returns the URL of the token endpoint, which is also accepted as the audience of assertions (RFC 7523, section 3).
    pub fn token_endpoint(&self) -> String {
        format!("{}/connect/token", self.issuer())
    }
}
