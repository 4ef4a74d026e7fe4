use super::AccessTokenFormat;
use crate::{Default, Filters, Ownership, Tracking};

crate::entity! {
    /// The resource servers for which access tokens can be requested (RFC 8707), with the permissions that apply to them.
    Resources of Resource in "Systems.Security",
        table("Sec_Resources"),
        since("26.3.0"),
        display("{Name}"),
        search(&["Name", "Identifier"]),
        code("Identifier"),
        title("Name"),
        insertable,
        updatable,
        tracking(Tracking::Attributes, Tracking::AttributesAndBlobs),
        owned_by(Ownership::Unowned);

    attributes {
        /// The format of access tokens for the resource server, if it differs from the application's.
        AccessTokenFormat as access_token_format: Option<AccessTokenFormat>, settable;
        /// The maximum lifetime of access tokens for the resource server, in seconds.
        AccessTokenLifetime as access_token_lifetime: Option<i32>, settable;
        /// A description of the resource server, shown on the consent page.
        Description as description: Option<String>, max(254), settable;
        /// The identifier by which applications request tokens for the resource server: the `resource` of RFC 8707.
        Identifier as identifier: String, max(254), required, unique, filter(Filters::EQUALS_IN), order_by, set_at_creation;
        /// Whether tokens are issued for the resource server.
        IsActive as is_active: bool, default(Default::Bool(true)), filter(Filters::EQUALS), settable;
        /// The name of the resource server.
        Name as name: String, max(254), required, filter(Filters::EQUALS.and(Filters::LIKE)), order_by, settable;
        /// The permissions that apply to the resource server, separated by spaces. Its tokens have no other permissions. If empty, all apply.
        Scope as scope: Option<String>, max(crate::UNBOUNDED), settable;
    }
}
