use super::User;
use crate::{Default, Filters, Ownership, Timestamp, Tracking, Uuid};

crate::entity! {
    /// The accounts at other OpenID providers with which users sign in.
    UserProviderLogins of UserProviderLogin in "Systems.Security",
        table("Sec_User_Provider_Logins"),
        since("26.3.0"),
        display("{Provider}: {Subject}"),
        search(&["Provider", "Email"]),
        tracking(Tracking::LastChange, Tracking::AttributesAndBlobs),
        owned_by(Ownership::Through("User"));

    attributes {
        /// When the account was linked to the user.
        CreationTimeUtc as creation_time_utc: Timestamp, required, read_only, default(Default::NowUtc), filter(Filters::RANGE);
        /// The name of the person at the provider when the account was linked.
        DisplayName as display_name: Option<String>, max(254);
        /// The e-mail address that the provider reported when the account was linked.
        Email as email: Option<String>, max(254), filter(Filters::EQUALS_IN);
        /// The issuer identifier of the provider.
        Issuer as issuer: String, max(254), required, filter(Filters::EQUALS_IN);
        /// When the user last signed in with the account.
        LastUsedTimestamp as last_used_timestamp: Option<Timestamp>, filter(Filters::RANGE);
        /// The name of the provider in the configuration when the account was linked.
        Provider as provider: String, max(64), required, filter(Filters::EQUALS_IN), order_by;
        /// The identifier of the account at the provider, unique per issuer.
        Subject as subject: String, max(255), required, filter(Filters::EQUALS_IN);
    }
    references {
        /// The user who signs in with the account.
        User as user_id: Uuid => User, owner;
    }
}
