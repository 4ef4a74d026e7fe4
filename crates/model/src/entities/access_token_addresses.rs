use super::AccessToken;
use crate::{Filters, Ownership, Timestamp, Tracking, Uuid};

crate::entity! {
    /// One address from which a personal or service access token was used. It shows who still uses a token, and whether the callers of a rotated token use its successor.
    AccessTokenAddresses of AccessTokenAddress in "Systems.Security",
        table("Sec_Access_Token_Addresses"),
        since("26.4.0"),
        display("{Address}"),
        search(&["Address"]),
        tracking(Tracking::Nothing, Tracking::AttributesAndBlobs),
        owned_by(Ownership::Through("AccessToken"));

    attributes {
        /// The IP address.
        Address as address: String, max(64), required, filter(Filters::EQUALS_IN);
        /// When the token was first used from this address.
        FirstUsedTimestamp as first_used_timestamp: Timestamp, required, filter(Filters::RANGE);
        /// When the token was last used from this address, exact to one hour.
        LastUsedTimestamp as last_used_timestamp: Timestamp, required, filter(Filters::RANGE);
    }
    references {
        /// The token that was used.
        AccessToken as access_token_id: Uuid => AccessToken, owner;
    }
}
