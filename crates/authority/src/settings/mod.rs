//! The settings of the authority. Each section of the configuration that it uses is declared here once: key, type,
//! default, range and text. The program reads the sections from file, environment and flags.

mod clients;
mod lifetimes;
mod odata;
mod retention;
mod sign_in;

use input::ClientCertificates;

use crate::upstream::Provider;

pub use clients::{ClientSettings, DynamicRegistration};
pub use lifetimes::Lifetimes;
pub use odata::PageSizes;
pub use retention::Retention;
pub use sign_in::{SecondFactorPolicy, SignInSettings};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// The settings of the authority: sections of the configuration, and values that the program derives from it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which users and clients reach the program, without a slash at the end.
    pub public_url: String,
    /// Lifetimes of tokens, codes and sessions.
    pub lifetimes: Lifetimes,
    /// Sign-in of users.
    pub sign_in: SignInSettings,
    /// Clients.
    pub clients: ClientSettings,
    /// Data retention.
    pub retention: Retention,
    /// Page sizes of OData.
    pub odata: PageSizes,
    /// The least interval between two polls of a device, in seconds.
    pub device_interval: i64,
    /// The age at which a new signing key replaces the current one, in seconds.
    pub signing_key_lifetime: i64,
    /// How long a signing key is published before it signs, and at least after it stopped, in seconds.
    pub signing_key_overlap: i64,
    /// Whether the surface receives client certificates (RFC 8705).
    pub client_certificates: ClientCertificates,
    /// The cost of a password hash.
    pub password_params: token::password::PasswordParams,
    /// Whether there is a mail server.
    pub sends_mail: bool,
    /// The OpenID providers at which users can sign in.
    pub providers: Vec<Provider>,
}

impl Settings {
    /// Returns the defaults.
    pub fn new(public_url: impl Into<String>) -> Self {
        Self {
            public_url: public_url.into(),
            lifetimes: Lifetimes::default(),
            sign_in: SignInSettings::default(),
            clients: ClientSettings::default(),
            retention: Retention::default(),
            odata: PageSizes::default(),
            device_interval: 5,
            signing_key_lifetime: 90 * DAY,
            signing_key_overlap: DAY,
            client_certificates: ClientCertificates::Unknown,
            password_params: token::password::PasswordParams::OWASP,
            sends_mail: false,
            providers: Vec::new(),
        }
    }

    /// Returns the moment before which the last use of an idle session lies.
    pub(crate) const fn idle_since(&self, now: model::Timestamp) -> model::Timestamp {
        now.plus_seconds(-self.lifetimes.session_idle_timeout)
    }

    /// Returns the issuer: the base address of the Identity Server.
    pub fn issuer(&self) -> String {
        format!("{}/id", self.public_url)
    }

    /// Returns the token endpoint, which is also an audience of assertions (RFC 7523, section 3).
    pub fn token_endpoint(&self) -> String {
        format!("{}/connect/token", self.issuer())
    }
}
