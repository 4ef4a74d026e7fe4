use super::{AccessToken, TrustedApplicationAuthorization, User};
use crate::{Collection, Default, Filters, Ownership, Record, Timestamp, Tracking, Uuid};

crate::enumeration! {
    /// Whether an application can keep a secret.
    pub enum ClientType {
        /// It can: it runs on a server.
        Confidential = "C",
        /// It cannot: it runs in a browser, on a phone or on a desk.
        Public = "P",
        /// It does not sign anybody in.
        None = "N",
    }
}

crate::enumeration! {
    /// Who may make reference tokens (personal and service access tokens) for an application.
    pub enum ReferenceTokens {
        /// Nobody.
        None = "NON",
        /// Every user who is signed in.
        AuthenticatedUsers = "USR",
        /// Administrators.
        AdministratorsOnly = "ADM",
    }
}

crate::enumeration! {
    /// The form of the access tokens that an application obtains.
    pub enum AccessTokenFormat {
        /// An opaque string that means nothing without the registry, revocable at once.
        Reference = "REF",
        /// A signed token (RFC 9068) that other services can check by themselves.
        Jwt = "JWT",
    }
}

/// The grants of an application: whoever has one may see the application.
static GRANTS: Collection = Collection {
    name: "AccessTokens",
    target: AccessToken::entity,
    via: "TrustedApplication",
    since: None,
    description: "The grants of the application.",
};

crate::entity! {
    /// The registrations of applications: which may ask for tokens, how they prove who they are, and what they may be granted.
    TrustedApplications of TrustedApplication in "Systems.Security",
        table("Sec_Trusted_Applications"),
        since("26.2.0.13"),
        display("{Name}"),
        search(&["Name"]),
        code("ApplicationUri"),
        title("Name"),
        tracking(Tracking::Attributes, Tracking::AttributesAndBlobs),
        owned_by(Ownership::ReferencesOrUsedBy(&["SystemUser"], &GRANTS));

    attributes {
        /// The form of the access tokens that the application obtains.
        AccessTokenFormat as access_token_format: AccessTokenFormat, required, default(Default::Member("Reference")), filter(Filters::EQUALS), since("26.3.0");
        /// The base64 SHA-256 hash of the application's secret.
        ApplicationSecretHash as application_secret_hash: Option<String>, max(250), secret;
        /// The identifier with which the application presents itself: the client_id of OAuth.
        ApplicationUri as application_uri: String, max(254), required, unique, filter(Filters::EQUALS), order_by;
        /// Whether the application may present user name and password.
        BasicAuthenticationAllowed as basic_authentication_allowed: bool, default(Default::Bool(false)), filter(Filters::EQUALS);
        /// Whether the application can keep a secret.
        ClientType as client_type: ClientType, required, default(Default::Member("Confidential"));
        /// When the application was registered.
        CreationTimeUtc as creation_time_utc: Timestamp, required, read_only, default(Default::NowUtc), filter(Filters::EQUALS.and(Filters::RANGE));
        /// What the application is, for the people who are asked to trust it.
        Description as description: Option<String>, max(254), since("26.3.0");
        /// The hash of the secret before, while the application takes over a new one.
        FormerSecretHash as former_secret_hash: Option<String>, max(250), since("26.3.0"), secret;
        /// Until when the secret before is good as well.
        FormerSecretUntilUtc as former_secret_until_utc: Option<Timestamp>, since("26.3.0");
        /// Whether people outside the organisation may sign in to the application.
        ImpersonateAsCommunityUserAllowed as impersonate_as_community_user_allowed: bool, default(Default::Bool(false)), filter(Filters::EQUALS);
        /// Whether people of the organisation may sign in to the application.
        ImpersonateAsInternalUserAllowed as impersonate_as_internal_user_allowed: bool, default(Default::Bool(false)), filter(Filters::EQUALS);
        /// The addresses to which a sign-in may return, separated by commas and matched exactly.
        ImpersonateLoginUrl as impersonate_login_url: Option<String>, max(500);
        /// The addresses to which a sign-out may return, separated by commas and matched exactly.
        ImpersonateLogoutUrl as impersonate_logout_url: Option<String>, max(500);
        /// Whether the application may do anything at all. Tokens of a disabled application are refused.
        IsEnabled as is_enabled: bool, required, default(Default::Bool(true)), filter(Filters::EQUALS);
        /// The OAuth client metadata of RFC 7591, as a JSON object, as far as no other attribute says it.
        Metadata as metadata: Option<String>, max(crate::UNBOUNDED), since("26.3.0");
        /// The name of the application.
        Name as name: String, max(254), required, filter(Filters::EQUALS.and(Filters::LIKE)), order_by;
        /// Notes about the application.
        Notes as notes: Option<String>, max(crate::UNBOUNDED);
        /// Who may make personal and service access tokens for the application.
        ReferenceTokens as reference_tokens: ReferenceTokens, required, default(Default::Member("None")), filter(Filters::EQUALS_IN);
        /// The permissions that the application may be granted, separated by spaces.
        Scope as scope: Option<String>, max(crate::UNBOUNDED);
        /// Whether the application may act as its system user, without a person.
        SystemUserAllowed as system_user_allowed: bool, default(Default::Bool(false)), filter(Filters::EQUALS);
        /// The address at which the system user signs in.
        SystemUserLoginUrl as system_user_login_url: Option<String>, max(254);
    }
    references {
        /// The user as whom the application acts without a person.
        SystemUser as system_user_id: Option<Uuid> => User;
    }
    collections {
        /// What was agreed that the application may do, and on whose behalf.
        Authorizations of TrustedApplicationAuthorization, via(TrustedApplication);
    }
}
