use super::UserProviderLogin;
use crate::{Default, Filters, Ownership, Timestamp, Tracking};

crate::enumeration! {
    /// What a user is, and whether it can sign in.
    pub enum UserType {
        /// A person of the own organisation.
        InternalUser = "INT",
        /// A person outside, such as a customer or supplier.
        ExternalCommunityUser = "EXT",
        /// A user that stands for something and cannot sign in.
        VirtualUserNoLogin = "VIR",
        /// A user of the system itself, which cannot sign in.
        SystemUserNoLogin = "SYS",
        /// A user as whom an application acts, which cannot sign in.
        ApplicationUserNoLogin = "APP",
        /// A person of the own organisation who is invited and has not accepted yet.
        InvitationInternalNoLogin = "INI",
        /// A person outside who is invited and has not accepted yet.
        InvitationExternalNoLogin = "INE",
    }
}

impl UserType {
    /// Whether such a user can sign in with a password.
    pub const fn can_sign_in(self) -> bool {
        matches!(self, Self::InternalUser | Self::ExternalCommunityUser)
    }
}

crate::entity! {
    /// The people and applications that the system knows: who may sign in, and as whom tokens act.
    Users of User in "Systems.Security",
        table("Sec_Users"),
        since("26.2.0.13"),
        display("{Name} <{Login}>"),
        search(&["Login", "Name"]),
        code("Login"),
        title("Name"),
        tracking(Tracking::Attributes, Tracking::AttributesAndBlobs),
        owned_by(Ownership::Caller);

    attributes {
        /// How often signing in failed since it last succeeded.
        AccessFailedCount as access_failed_count: i32, read_only, default(Default::Int(0)), filter(Filters::EQUALS.and(Filters::RANGE));
        /// Whether the user may do anything at all. Tokens of an inactive user are refused.
        Active as active: bool, required, default(Default::Bool(true)), filter(Filters::EQUALS);
        /// When the user was created.
        CreationTimeUtc as creation_time_utc: Timestamp, required, read_only, default(Default::NowUtc), filter(Filters::RANGE);
        /// The language in which the user is addressed, as a language tag such as en-GB.
        DefaultLanguage as default_language: Option<String>, max(15), filter(Filters::EQUALS);
        /// The e-mail address.
        Email as email: Option<String>, max(254), filter(Filters::EQUALS_IN.and(Filters::LIKE)), order_by;
        /// Whether the user has shown that the e-mail address is theirs.
        EmailConfirmed as email_confirmed: bool, read_only, default(Default::Bool(false)), filter(Filters::EQUALS);
        /// Whether the user administers the system.
        IsAdmin as is_admin: bool, default(Default::Bool(false)), filter(Filters::EQUALS);
        /// Until when passwords and codes from new browsers are refused, because too many were wrong. Tokens and sessions go on.
        LockoutEndUtc as lockout_end_utc: Option<Timestamp>, filter(Filters::EQUALS.and(Filters::RANGE));
        /// The name with which the user signs in.
        Login as login: String, max(64), required, unique, filter(Filters::EQUALS_IN.and(Filters::LIKE)), order_by;
        /// The user's name.
        Name as name: String, max(254), required, filter(Filters::EQUALS.and(Filters::LIKE)), order_by;
        /// Notes about the user.
        Notes as notes: Option<String>, max(254);
        /// The hash of the password.
        Password as password: Option<String>, max(250), secret;
        /// The time zone, as the IANA database names it.
        TimeZone as time_zone: Option<String>, max(64);
        /// Whether signing in asks for a second factor.
        TwoFactorEnabled as two_factor_enabled: bool, default(Default::Bool(false)), filter(Filters::EQUALS);
        /// What the user is.
        UserType as user_type: UserType, required, default(Default::Member("InternalUser")), filter(Filters::EQUALS_IN);
    }
    collections {
        /// The accounts at other providers with which the user signs in.
        ProviderLogins of UserProviderLogin, via(User), since("26.3.0");
    }
}
