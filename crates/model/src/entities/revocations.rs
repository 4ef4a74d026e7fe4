use super::{AccessToken, User};
use crate::{Default, Filters, Ownership, Timestamp, Tracking, Uuid};

crate::enumeration! {
    /// The progress of a set-based revocation.
    pub enum RevocationState {
        /// Its members are being collected.
        Preparing = "preparing",
        /// Its members were shown. Nothing is revoked yet.
        Prepared = "prepared",
        /// It was confirmed: its members are refused, and their rows follow.
        Open = "open",
        /// The rows of its members are revoked.
        Done = "done",
    }
}

crate::entity! {
    /// Set-based revocations: who revoked which grants, when, by which filter and why. The row of a confirmed one is the receipt.
    Revocations of Revocation in "Systems.Security",
        table("Sec_Revocations"),
        since("26.4.0"),
        display("{CreationTimestamp}: {Total}"),
        read_only,
        tracking(Tracking::Nothing, Tracking::Nothing),
        owned_by(Ownership::References(&["CreatedBy"]));

    attributes {
        /// How many grants matched the filter at the confirmation that were not shown before. They were not revoked.
        CameSince as came_since: i32, default(Default::Int(0));
        /// When it was confirmed.
        ConfirmedTimestamp as confirmed_timestamp: Option<Timestamp>, filter(Filters::RANGE);
        /// When it was prepared.
        CreationTimestamp as creation_timestamp: Timestamp, required, default(Default::NowUtc), filter(Filters::RANGE), order_by;
        /// How many shown grants did not match the filter any more at the confirmation. They were not revoked.
        Dropped as dropped: i32, default(Default::Int(0));
        /// Until when it can be confirmed.
        ExpireTimestamp as expire_timestamp: Timestamp, required;
        /// The filter.
        Filter as filter: String, max(crate::UNBOUNDED), required;
        /// The SHA-256 of the identifiers of the revoked grants, in ascending order, one per line, in base64url.
        MembersHash as members_hash: Option<String>, max(64);
        /// The reason that was given.
        Reason as reason: Option<String>, max(256);
        /// The progress.
        State as state: RevocationState, required, filter(Filters::EQUALS_IN);
        /// The number of grants: those that match the filter, and what depends on them.
        Total as total: i32, default(Default::Int(0));
    }
    references {
        /// The user who prepared it.
        CreatedBy as created_by_id: Uuid => User;
        /// The token with which it was prepared, if it was one.
        Token as token_id: Option<Uuid> => AccessToken;
    }
}
