use super::UserProviderLogin;
use crate::{Default, Filters, Ownership, Subtype, Timestamp, Tracking};

crate::enumeration! {
    /// The type of a user, which determines whether the user can sign in.
    pub enum UserType {
        /// A person of the organisation.
        InternalUser = "INT",
        /// A person outside the organisation, such as a customer or supplier.
        ExternalCommunityUser = "EXT",
        /// A user that represents an object and cannot sign in.
        VirtualUserNoLogin = "VIR",
        /// A user of the system itself, which cannot sign in.
        SystemUserNoLogin = "SYS",
        /// A user as which an application acts, which cannot sign in.
        ApplicationUserNoLogin = "APP",
        /// A person of the organisation who was invited and has not accepted yet.
        InvitationInternalNoLogin = "INI",
        /// A person outside the organisation who was invited and has not accepted yet.
        InvitationExternalNoLogin = "INE",
    }
}

impl UserType {
    /// Returns whether a user of this type can sign in with a password.
    ///
    /// ```
    /// use model::entities::UserType;
    ///
    /// assert!(UserType::InternalUser.can_sign_in());
    /// assert!(!UserType::SystemUserNoLogin.can_sign_in());
    /// ```
    pub const fn can_sign_in(self) -> bool {
        matches!(self, Self::InternalUser | Self::ExternalCommunityUser)
    }
}

crate::entity! {
    /// The people and applications that the system knows: who can sign in, and as whom access tokens act.
    Users of User in "Systems.Security",
        table("Sec_Users"),
        since("26.2.0.13"),
        display("{Name} <{Login}>"),
        search(&["Login", "Name"]),
        code("Login"),
        title("Name"),
        insertable,
        updatable,
        deletable,
        tracking(Tracking::Attributes, Tracking::AttributesAndBlobs),
        owned_by(Ownership::Caller);

    attributes {
        /// The number of failed sign-ins since the last successful one.
        AccessFailedCount as access_failed_count: i32, read_only, default(Default::Int(0)), filter(Filters::EQUALS.and(Filters::RANGE));
        /// Whether the user is active. Tokens of an inactive user are refused.
        Active as active: bool, required, default(Default::Bool(true)), filter(Filters::EQUALS), settable;
        /// Whether tokens of the user are accepted as the password of basic authentication, if the application allows it too.
        BasicAuthenticationAllowed as basic_authentication_allowed: bool, default(Default::Bool(false)), filter(Filters::EQUALS), since("26.4.0"), settable;
        /// When the user was created.
        CreationTimeUtc as creation_time_utc: Timestamp, required, read_only, default(Default::NowUtc), filter(Filters::RANGE);
        /// The preferred language of the user, as a language tag such as en-GB.
        DefaultLanguage as default_language: Option<String>, max(15), filter(Filters::EQUALS), settable;
        /// The e-mail address.
        Email as email: Option<String>, max(254), filter(Filters::EQUALS_IN.and(Filters::LIKE)), order_by, settable;
        /// Whether the e-mail address is confirmed.
        EmailConfirmed as email_confirmed: bool, read_only, default(Default::Bool(false)), filter(Filters::EQUALS);
        /// Whether the user is an administrator.
        IsAdmin as is_admin: bool, default(Default::Bool(false)), filter(Filters::EQUALS), settable;
        /// When a session or a token of the user was last used, to within a few minutes.
        LastSeenTimestamp as last_seen_timestamp: Option<Timestamp>, read_only, filter(Filters::RANGE), order_by, since("26.4.0");
        /// Until when passwords and codes from unknown browsers are refused because too many were wrong. Tokens and sessions remain valid.
        LockoutEndUtc as lockout_end_utc: Option<Timestamp>, filter(Filters::EQUALS.and(Filters::RANGE));
        /// The name with which the user signs in.
        Login as login: String, max(64), required, unique, subtype(Subtype::UserLogin), filter(Filters::EQUALS_IN.and(Filters::LIKE)), order_by, set_at_creation;
        /// The user's name.
        Name as name: String, max(254), required, filter(Filters::EQUALS.and(Filters::LIKE)), order_by, settable;
        /// Notes about the user.
        Notes as notes: Option<String>, max(254), settable;
        /// The hash of the password.
        Password as password: Option<String>, max(250), secret, subtype(Subtype::Password);
        /// The time zone, as a name of the IANA database.
        TimeZone as time_zone: Option<String>, max(64), settable;
        /// Whether sign-in requires a second factor.
        TwoFactorEnabled as two_factor_enabled: bool, default(Default::Bool(false)), filter(Filters::EQUALS);
        /// The type of the user.
        UserType as user_type: UserType, required, default(Default::Member("InternalUser")), filter(Filters::EQUALS_IN), set_at_creation;
    }
    collections {
        /// The accounts at other providers with which the user signs in.
        ProviderLogins of UserProviderLogin, via(User), since("26.3.0");
    }
}
