//! The paths of every surface.

/// Root of the domain API: the description of the registry, and OData below it.
pub(crate) const DOMAIN: &str = "/api/domain";
/// Root of the OData service, without the slash at its end.
pub(crate) const ODATA: &str = "/api/domain/odata";
/// Discovery of the sites of this server.
pub(crate) const AUTO_DISCOVERY: &str = "/sys/auto-discovery";
/// The GraphQL API.
pub(crate) const GRAPHQL: &str = "/graphql";
/// The GraphQL schema in the schema definition language.
pub(crate) const GRAPHQL_SCHEMA: &str = "/graphql/schema.graphql";
/// Forward auth for proxies that describe the request in headers.
pub(crate) const VERIFY: &str = "/verify";
/// Forward auth for Envoy; the policy and the path of the request follow.
pub(crate) const VERIFY_ENVOY: &str = "/verify/envoy/";
/// Reports of leaked secrets.
pub(crate) const LEAKS: &str = "/leaks";
/// Root of the health checks.
pub(crate) const HEALTH: &str = "/health";
/// The metrics.
pub(crate) const METRICS: &str = "/metrics";
/// The first page of the reference; the other pages are below it.
pub(crate) const REFERENCE: &str = "/reference/";

/// The paths of the OAuth endpoints, for the router and the metadata alike.
pub(crate) mod oauth {
    /// Authorization endpoint (RFC 6749, section 3.1).
    pub(crate) const AUTHORIZE: &str = "/id/connect/authorize";
    /// The target of the consent form.
    pub(crate) const DECIDE: &str = "/id/connect/authorize/decide";
    /// Pushed authorization requests (RFC 9126).
    pub(crate) const PAR: &str = "/id/connect/par";
    /// UserInfo endpoint (OpenID Connect Core 1.0, section 5.3).
    pub(crate) const USER_INFO: &str = "/id/connect/userinfo";
    /// RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).
    pub(crate) const END_SESSION: &str = "/id/connect/endsession";
    /// The target of the sign-out form.
    pub(crate) const SIGN_OUT: &str = "/id/connect/endsession/confirm";
    /// Token endpoint (RFC 6749, section 3.2).
    pub(crate) const TOKEN: &str = "/id/connect/token";
    /// Token introspection (RFC 7662).
    pub(crate) const INTROSPECT: &str = "/id/connect/introspect";
    /// Token revocation (RFC 7009).
    pub(crate) const REVOCATION: &str = "/id/connect/revocation";
    /// Device authorization endpoint (RFC 8628, section 3.1).
    pub(crate) const DEVICE_AUTHORIZATION: &str = "/id/connect/deviceauthorization";
    /// Backchannel authentication endpoint (OpenID CIBA Core 1.0, section 7).
    pub(crate) const BACKCHANNEL_AUTHENTICATION: &str = "/id/connect/backchannelauthentication";
    /// Client registration endpoint (RFC 7591).
    pub(crate) const REGISTER: &str = "/id/connect/register";
    /// Client configuration endpoint (RFC 7592).
    pub(crate) const REGISTRATION: &str = "/id/connect/register/{client_id}";
    /// The keys that verify signatures (RFC 7517).
    pub(crate) const JWKS: &str = "/id/.well-known/openid-configuration/jwks";
    /// Metadata of the issuer (OpenID Connect Discovery 1.0, section 4).
    pub(crate) const OPENID_CONFIGURATION: &str = "/id/.well-known/openid-configuration";
    /// RFC 8414, section 3.1: the well-known part stands before the issuer's path.
    pub(crate) const AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server/id";
}

/// The pages that the links of mails open; the secret follows.
pub(crate) mod mail {
    /// The prefix of all of them.
    pub(crate) const ALL: &str = "/mail/";
    /// Confirms an address.
    pub(crate) const CONFIRM: &str = "/mail/confirm/";
    /// Resets a password.
    pub(crate) const RESET: &str = "/mail/reset/";
}
