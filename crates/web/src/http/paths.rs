//! The paths of every surface.

/// The API of the documented system, as clients of its discovery expect it.
pub const API: &str = "/api";
/// The user's own page.
pub const ACCOUNT: &str = "/account";
/// The first page of administrators.
pub const ADMINISTRATION: &str = "/users";
/// Root of the domain API: the description of the registry, and OData below it.
pub const DOMAIN: &str = "/api/domain";
/// Root of the OData service, without the slash at its end.
pub const ODATA: &str = "/api/domain/odata";
/// Discovery of the sites of this server.
pub const AUTO_DISCOVERY: &str = "/sys/auto-discovery";
/// The same under its later name in the documented system.
pub const TOOLS_AUTO_DISCOVERY: &str = "/tools/auto-discovery";
/// The GraphQL API.
pub const GRAPHQL: &str = "/graphql";
/// The GraphQL schema in the schema definition language.
pub const GRAPHQL_SCHEMA: &str = "/graphql/schema.graphql";
/// Forward auth for proxies that describe the request in headers.
pub const VERIFY: &str = "/verify";
/// Forward auth for Envoy; the policy and the path of the request follow.
pub const VERIFY_ENVOY: &str = "/verify/envoy/";
/// Reports of leaked secrets.
pub const LEAKS: &str = "/leaks";
/// Root of the health checks.
pub const HEALTH: &str = "/health";
/// The metrics.
pub const METRICS: &str = "/metrics";
/// The first page of the reference; the other pages are below it.
pub const REFERENCE: &str = "/reference/";

/// The paths of the OAuth endpoints, for the router and the metadata alike.
pub mod oauth {
    /// Authorization endpoint (RFC 6749, section 3.1).
    pub const AUTHORIZE: &str = "/id/connect/authorize";
    /// The target of the consent form.
    pub const DECIDE: &str = "/id/connect/authorize/decide";
    /// Pushed authorization requests (RFC 9126).
    pub const PAR: &str = "/id/connect/par";
    /// UserInfo endpoint (OpenID Connect Core 1.0, section 5.3).
    pub const USER_INFO: &str = "/id/connect/userinfo";
    /// RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).
    pub const END_SESSION: &str = "/id/connect/endsession";
    /// The target of the sign-out form.
    pub const SIGN_OUT: &str = "/id/connect/endsession/confirm";
    /// Token endpoint (RFC 6749, section 3.2).
    pub const TOKEN: &str = "/id/connect/token";
    /// Token introspection (RFC 7662).
    pub const INTROSPECT: &str = "/id/connect/introspect";
    /// Token revocation (RFC 7009).
    pub const REVOCATION: &str = "/id/connect/revocation";
    /// Device authorization endpoint (RFC 8628, section 3.1).
    pub const DEVICE_AUTHORIZATION: &str = "/id/connect/deviceauthorization";
    /// Backchannel authentication endpoint (OpenID CIBA Core 1.0, section 7).
    pub const BACKCHANNEL_AUTHENTICATION: &str = "/id/connect/backchannelauthentication";
    /// Client registration endpoint (RFC 7591).
    pub const REGISTER: &str = "/id/connect/register";
    /// Client configuration endpoint (RFC 7592).
    pub const REGISTRATION: &str = "/id/connect/register/{client_id}";
    /// The keys that verify signatures (RFC 7517).
    pub const JWKS: &str = "/id/.well-known/openid-configuration/jwks";
    /// Metadata of the issuer (OpenID Connect Discovery 1.0, section 4).
    pub const OPENID_CONFIGURATION: &str = "/id/.well-known/openid-configuration";
    /// RFC 8414, section 3.1: the well-known part stands before the issuer's path.
    pub const AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server/id";
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
