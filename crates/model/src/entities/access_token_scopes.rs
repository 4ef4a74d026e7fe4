use super::AccessToken;
use crate::{Filters, Ownership, Timestamp, Tracking, Uuid};

crate::entity! {
    /// One permission of a grant with the time of its last use. It shows which grants can write, and which permissions were never used.
    AccessTokenScopes of AccessTokenScope in "Systems.Security",
        table("Sec_Access_Token_Scopes"),
        since("26.3.0"),
        display("{Scope}"),
        search(&["Scope"]),
        tracking(Tracking::Nothing, Tracking::AttributesAndBlobs),
        owned_by(Ownership::Through("AccessToken"));

    attributes {
        /// The permission.
        Scope as scope: String, max(64), required, filter(Filters::EQUALS_IN);
        /// When a request last required this permission.
        LastUsedTimestamp as last_used_timestamp: Option<Timestamp>, filter(Filters::RANGE);
    }
    references {
        /// The grant that has the permission.
        AccessToken as access_token_id: Uuid => AccessToken, owner;
    }
}
