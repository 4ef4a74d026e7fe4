use super::AccessTokenFormat;
use crate::{Default, Filters, Ownership, Tracking};

crate::entity! {
    /// The services for which tokens can be asked for (RFC 8707), with the permissions that mean something to them.
    Resources of Resource in "Systems.Security",
        table("Sec_Resources"),
        since("26.3.0"),
        display("{Name}"),
        search(&["Name", "Identifier"]),
        code("Identifier"),
        title("Name"),
        tracking(Tracking::Attributes, Tracking::AttributesAndBlobs),
        owned_by(Ownership::Nobody);

    attributes {
        /// The form of tokens for the service, where it is not that of the application.
        AccessTokenFormat as access_token_format: Option<AccessTokenFormat>;
        /// How long tokens for the service are valid at the most, in seconds.
        AccessTokenLifetime as access_token_lifetime: Option<i32>;
        /// What the service is, for the people who are asked to agree.
        Description as description: Option<String>, max(254);
        /// The address by which applications ask for tokens for the service: the `resource` of RFC 8707.
        Identifier as identifier: String, max(254), required, unique, filter(Filters::EQUALS_IN), order_by;
        /// Whether tokens for the service are given.
        IsActive as is_active: bool, default(Default::Bool(true)), filter(Filters::EQUALS);
        /// The name of the service.
        Name as name: String, max(254), required, filter(Filters::EQUALS.and(Filters::LIKE)), order_by;
        /// The permissions that mean something to the service, separated by spaces: its tokens have no others. Without any, it takes all.
        Scope as scope: Option<String>, max(crate::UNBOUNDED);
    }
}
