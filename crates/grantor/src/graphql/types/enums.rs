//! The enumerations, each the twin of one of the model.

use async_graphql::Enum;
use model::entities;

/// What a grant is.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "entities::GrantKind")]
pub(in crate::graphql) enum GrantKind {
    /// A token that a person made for themselves; it acts as that person.
    PersonalAccessToken,
    /// A token that an administrator made for an application; it acts as the application's system user.
    ServiceAccessToken,
    /// An access token that an application obtained.
    ReferenceToken,
    /// A token that obtains further access tokens.
    RefreshToken,
    /// A code that an application exchanges once after a sign-in in the browser.
    AuthorizationCode,
    /// A code that a device or command-line tool exchanges once after a person approved it.
    DeviceCode,
    /// A request to sign somebody in whom an application asks on a device of their own; exchanged once after they approved it.
    BackchannelRequest,
    /// What a person agreed that an application may do.
    UserConsent,
}

/// Whether an application can keep a secret.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(name = "APIApplicationClientType", remote = "entities::ClientType")]
pub(in crate::graphql) enum ApiApplicationClientType {
    /// It can: it runs on a server.
    Confidential,
    /// It cannot: it runs in a browser, on a phone or on a desk.
    Public,
    /// It does not sign anybody in.
    None,
}

/// Who may make personal and service access tokens for an application.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(name = "APIReferenceTokensPolicy", remote = "entities::ReferenceTokens")]
pub(in crate::graphql) enum ApiReferenceTokensPolicy {
    /// Nobody.
    None,
    /// Every user who is signed in.
    AuthenticatedUsers,
    /// Administrators.
    AdministratorsOnly,
}

/// The form of the access tokens that an application obtains.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(name = "APIAccessTokenFormat", remote = "entities::AccessTokenFormat")]
pub(in crate::graphql) enum ApiAccessTokenFormat {
    /// An opaque string that means nothing without the registry, revocable at once.
    Reference,
    /// A signed token that other services can check by themselves (RFC 9068).
    #[graphql(name = "JWT")]
    Jwt,
}
