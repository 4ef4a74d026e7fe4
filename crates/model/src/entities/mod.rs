//! The entities of the registry, one declaration per file.

mod access_token_addresses;
mod access_token_scopes;
mod access_tokens;
mod audit_events;
mod resources;
mod revocations;
mod scopes;
mod trusted_application_authorizations;
mod trusted_applications;
mod user_provider_logins;
mod users;

pub use access_token_addresses::AccessTokenAddress;
pub use access_token_scopes::AccessTokenScope;
pub use access_tokens::{AccessToken, GrantKind, GrantState, RevocationReason};
pub use audit_events::{AuditEvent, AuditEventType, AuditSubject};
pub use resources::Resource;
pub use revocations::{Revocation, RevocationState};
pub use scopes::Scope;
pub use trusted_application_authorizations::TrustedApplicationAuthorization;
pub use trusted_applications::{AccessTokenFormat, ClientType, ReferenceTokens, TrustedApplication};
pub use user_provider_logins::UserProviderLogin;
pub use users::{User, UserType};

use crate::{Entity, Record};

/// The list of entities, from which documents, services and stores are built.
pub(crate) const ALL: &[fn() -> &'static Entity] = &[
    AccessToken::entity,
    AccessTokenAddress::entity,
    AccessTokenScope::entity,
    AuditEvent::entity,
    Resource::entity,
    Revocation::entity,
    Scope::entity,
    TrustedApplicationAuthorization::entity,
    TrustedApplication::entity,
    UserProviderLogin::entity,
    User::entity,
];
