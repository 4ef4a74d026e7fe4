//! The paths that more than one crate needs. All other paths are only in the declarations of their endpoints.

/// The API of the documented system, as clients of its discovery expect it.
pub const API: &str = "/api";
/// The user's own page.
pub const ACCOUNT: &str = "/account";
/// The first page of administrators.
pub const ADMINISTRATION: &str = "/users";
/// The list of the sites of this server.
pub const AUTO_DISCOVERY: &str = "/sys/auto-discovery";
/// The same under its later name in the documented system.
pub const TOOLS_AUTO_DISCOVERY: &str = "/tools/auto-discovery";
/// Root of the domain API: the description of the registry, and OData below it.
pub const DOMAIN: &str = "/api/domain";
/// Root of the OData service, without the slash at its end.
pub const ODATA: &str = "/api/domain/odata";
/// The GraphQL API.
pub const GRAPHQL: &str = "/graphql";
/// Forward auth for Envoy; the policy and the path of the request follow.
pub const VERIFY_ENVOY: &str = "/verify/envoy/";
/// Prefix of the health checks.
pub const HEALTH: &str = "/health/";
/// The metrics.
pub const METRICS: &str = "/metrics";

/// The OAuth endpoints for browsers, which are pages and part of the metadata.
pub mod oauth {
    /// Authorization endpoint (RFC 6749, section 3.1).
    pub const AUTHORIZE: &str = "/id/connect/authorize";
    /// RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).
    pub const END_SESSION: &str = "/id/connect/endsession";
}

/// The pages that the links of mails open; the secret follows.
pub mod mail {
    /// The prefix of all of them.
    pub const ALL: &str = "/mail/";
    /// Confirms an address.
    pub const CONFIRM: &str = "/mail/confirm/";
    /// Resets a password.
    pub const RESET: &str = "/mail/reset/";
}
