//! Sign-ins to the pages: sessions, passwords, second factors, passkeys, other providers, and the limits on guessing.

pub mod attempts;
pub mod authenticator;
pub(crate) mod browser_context;
pub(crate) mod guessing;
pub mod known_browsers;
pub(crate) mod last_seen;
pub mod own_sessions;
pub mod passkeys;
pub(crate) mod password_slots;
pub(crate) mod passwords;
pub(crate) mod pending_link;
pub(crate) mod proof;
pub mod provider;
pub mod provider_logins;
pub mod recovery_codes;
pub mod second_factor;
pub mod session;
