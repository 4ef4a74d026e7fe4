use super::{AccessToken, TrustedApplicationAuthorization, User};
use crate::{Collection, Default, Filters, Ownership, Record, Timestamp, Tracking, Uuid};

crate::enumeration! {
    /// Whether an application can keep a secret.
    pub enum ClientType {
        /// The application can keep a secret, because it runs on a server.
        Confidential = "C",
        /// The application cannot keep a secret, because it runs in a browser, on a phone or on a desktop.
        Public = "P",
        /// The application does not sign users in.
        None = "N",
    }
}

crate::enumeration! {
    /// Who may create reference tokens (personal and service access tokens) for an application.
    pub enum ReferenceTokens {
        /// No users.
        None = "NON",
        /// All signed-in users.
        AuthenticatedUsers = "USR",
        /// Administrators.
        AdministratorsOnly = "ADM",
    }
}

crate::enumeration! {
    /// The format of the access tokens that an application obtains.
    pub enum AccessTokenFormat {
        /// An opaque string that is resolved in the registry and can be revoked immediately.
        Reference = "REF",
        /// A signed token (RFC 9068) that resource servers can verify on their own.
        Jwt = "JWT",
    }
}

/// The grants of an application. The owner of a grant may see its application.
static GRANTS: Collection = Collection {
    name: "AccessTokens",
    target: AccessToken::entity,
    via: "TrustedApplication",
    since: None,
    description: "The grants of the application.",
};

crate::entity! {
    /// The registered applications: which may request tokens, how they authenticate, and which permissions they can be granted.
    TrustedApplications of TrustedApplication in "Systems.Security",
        table("Sec_Trusted_Applications"),
        since("26.2.0.13"),
        display("{Name}"),
        search(&["Name"]),
        code("ApplicationUri"),
        title("Name"),
        insertable,
        updatable,
        deletable,
        tracking(Tracking::Attributes, Tracking::AttributesAndBlobs),
        owned_by(Ownership::ReferencesOrUsedBy(&["SystemUser"], &GRANTS));

    attributes {
        /// The format of the access tokens that the application obtains.
        AccessTokenFormat as access_token_format: AccessTokenFormat, required, default(Default::Member("Reference")), filter(Filters::EQUALS), since("26.3.0"), settable;
        /// The base64-encoded SHA-256 hash of the application's secret.
        ApplicationSecretHash as application_secret_hash: Option<String>, max(250), secret;
        /// The identifier of the application: the client_id of OAuth.
        ApplicationUri as application_uri: String, max(254), required, unique, filter(Filters::EQUALS), order_by, set_at_creation;
        /// Whether access tokens of the application are accepted as the password of basic authentication, if the user allows it too.
        BasicAuthenticationAllowed as basic_authentication_allowed: bool, default(Default::Bool(false)), filter(Filters::EQUALS), settable;
        /// Whether the application can keep a secret.
        ClientType as client_type: ClientType, required, default(Default::Member("Confidential")), set_at_creation;
        /// When the application was registered.
        CreationTimeUtc as creation_time_utc: Timestamp, required, read_only, default(Default::NowUtc), filter(Filters::EQUALS.and(Filters::RANGE));
        /// A description of the application, shown on the consent page.
        Description as description: Option<String>, max(254), since("26.3.0"), settable;
        /// The hash of the previous secret, during a rotation.
        FormerSecretHash as former_secret_hash: Option<String>, max(250), since("26.3.0"), secret;
        /// Until when the previous secret is accepted.
        FormerSecretUntilUtc as former_secret_until_utc: Option<Timestamp>, since("26.3.0");
        /// Whether users outside the organisation may sign in to the application.
        ImpersonateAsCommunityUserAllowed as impersonate_as_community_user_allowed: bool, default(Default::Bool(false)), filter(Filters::EQUALS), settable;
        /// Whether users of the organisation may sign in to the application.
        ImpersonateAsInternalUserAllowed as impersonate_as_internal_user_allowed: bool, default(Default::Bool(false)), filter(Filters::EQUALS), settable;
        /// The redirect URIs after sign-in, separated by commas and matched exactly.
        ImpersonateLoginUrl as impersonate_login_url: Option<String>, max(500), settable;
        /// The redirect URIs after sign-out, separated by commas and matched exactly.
        ImpersonateLogoutUrl as impersonate_logout_url: Option<String>, max(500), settable;
        /// Whether the application is enabled. Tokens of a disabled application are refused.
        IsEnabled as is_enabled: bool, required, default(Default::Bool(true)), filter(Filters::EQUALS), settable;
        /// The OAuth client metadata of RFC 7591 as a JSON object, without the members that other attributes hold.
        Metadata as metadata: Option<String>, max(crate::UNBOUNDED), since("26.3.0"), settable;
        /// The name of the application.
        Name as name: String, max(254), required, filter(Filters::EQUALS.and(Filters::LIKE)), order_by, settable;
        /// Notes about the application.
        Notes as notes: Option<String>, max(crate::UNBOUNDED), settable;
        /// Who may create personal and service access tokens for the application.
        ReferenceTokens as reference_tokens: ReferenceTokens, required, default(Default::Member("None")), filter(Filters::EQUALS_IN), settable;
        /// The permissions that the application can be granted, separated by spaces.
        Scope as scope: Option<String>, max(crate::UNBOUNDED), settable;
        /// Whether the application may act as its system user, without a signed-in person.
        SystemUserAllowed as system_user_allowed: bool, default(Default::Bool(false)), filter(Filters::EQUALS), settable;
        /// The address at which the system user signs in.
        SystemUserLoginUrl as system_user_login_url: Option<String>, max(254), settable;
    }
    references {
        /// The user as which the application acts without a signed-in person.
        SystemUser as system_user_id: Option<Uuid> => User, settable;
    }
    collections {
        /// The authorizations of the application, and on whose behalf they were granted.
        Authorizations of TrustedApplicationAuthorization, via(TrustedApplication);
    }
}
