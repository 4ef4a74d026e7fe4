use super::{TrustedApplication, User};
use crate::{Default, Filters, Ownership, Timestamp, Tracking, Uuid};

crate::entity! {
    /// What was agreed that an application may do on behalf of a user: who allowed it, whose rights it uses and for how long.
    TrustedApplicationAuthorizations of TrustedApplicationAuthorization in "Systems.Security",
        table("Sec_Trusted_Application_Authorizations"),
        since("26.2.0.13"),
        display("{Id}"),
        tracking(Tracking::LastChange, Tracking::AttributesAndBlobs),
        owned_by(Ownership::References(&["ContextUser", "GrantingUser"]));

    attributes {
        /// When it was allowed.
        GrantTimeUtc as grant_time_utc: Timestamp, required, default(Default::NowUtc), filter(Filters::RANGE);
        /// Whether it was taken back.
        IsRevoked as is_revoked: bool, required, default(Default::Bool(false));
        /// Notes about it.
        Notes as notes: Option<String>, max(crate::UNBOUNDED);
        /// From when on it holds.
        ValidFromUtc as valid_from_utc: Option<Timestamp>, filter(Filters::RANGE);
        /// Until when it holds.
        ValidUntilUtc as valid_until_utc: Option<Timestamp>, filter(Filters::RANGE);
    }
    references {
        /// The user whose rights the application uses.
        ContextUser as context_user_id: Uuid => User;
        /// The user who allowed it.
        GrantingUser as granting_user_id: Uuid => User;
        /// The application that may do it.
        TrustedApplication as trusted_application_id: Uuid => TrustedApplication, owner;
    }
}
