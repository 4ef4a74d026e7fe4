use super::{TrustedApplication, User};
use crate::{Default, Filters, Ownership, Timestamp, Tracking, Uuid};

crate::entity! {
    /// Authorizations of applications to act on behalf of a user: who granted them, for which user and for how long.
    TrustedApplicationAuthorizations of TrustedApplicationAuthorization in "Systems.Security",
        table("Sec_Trusted_Application_Authorizations"),
        since("26.2.0.13"),
        display("{Id}"),
        insertable,
        updatable,
        deletable,
        tracking(Tracking::LastChange, Tracking::AttributesAndBlobs),
        owned_by(Ownership::References(&["ContextUser", "GrantingUser"]));

    attributes {
        /// When the authorization was granted.
        GrantTimeUtc as grant_time_utc: Timestamp, required, default(Default::NowUtc), filter(Filters::RANGE);
        /// Whether the authorization was revoked.
        IsRevoked as is_revoked: bool, required, default(Default::Bool(false)), settable;
        /// Notes about the authorization.
        Notes as notes: Option<String>, max(crate::UNBOUNDED), settable;
        /// The start of the authorization's validity.
        ValidFromUtc as valid_from_utc: Option<Timestamp>, filter(Filters::RANGE), settable;
        /// The end of the authorization's validity.
        ValidUntilUtc as valid_until_utc: Option<Timestamp>, filter(Filters::RANGE), settable;
    }
    references {
        /// The user on whose behalf the application acts.
        ContextUser as context_user_id: Uuid => User, set_at_creation;
        /// The user who granted the authorization.
        GrantingUser as granting_user_id: Uuid => User;
        /// The authorized application.
        TrustedApplication as trusted_application_id: Uuid => TrustedApplication, owner, set_at_creation;
    }
}
