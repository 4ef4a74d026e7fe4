use crate::{Default, Filters, Ownership, Tracking};

crate::entity! {
    /// The catalogue of permissions: what applications can be granted, with the texts of the consent page.
    Scopes of Scope in "Systems.Security",
        table("Sec_Scopes"),
        since("26.3.0"),
        display("{Name}: {DisplayName}"),
        search(&["Name", "DisplayName"]),
        code("Name"),
        title("DisplayName"),
        insertable,
        updatable,
        tracking(Tracking::Attributes, Tracking::AttributesAndBlobs),
        owned_by(Ownership::Unowned);

    attributes {
        /// Whether the permission has an effect for administrators only.
        AdministratorsOnly as administrators_only: bool, default(Default::Bool(false)), settable;
        /// A description of the permission, shown on the consent page.
        Description as description: Option<String>, max(254), settable;
        /// The display name of the permission.
        DisplayName as display_name: String, max(254), required, filter(Filters::EQUALS.and(Filters::LIKE)), order_by, settable;
        /// Whether the permission is active. An inactive permission is not granted, and has no effect where it was granted before.
        IsActive as is_active: bool, default(Default::Bool(true)), filter(Filters::EQUALS), settable;
        /// Whether the permission is part of the product. The meaning of a built-in permission cannot be changed.
        IsBuiltIn as is_built_in: bool, read_only, default(Default::Bool(false));
        /// Whether the permission is a default of applications that register themselves: they receive all defaults if they request none, and can request no others.
        IsDefault as is_default: bool, default(Default::Bool(false)), settable;
        /// Whether the metadata of the issuer list the permission.
        IsListed as is_listed: bool, default(Default::Bool(true)), settable;
        /// Whether the permission is reserved for the product's command line. No other application can be granted it.
        IsReserved as is_reserved: bool, read_only, default(Default::Bool(false));
        /// The name of the permission in the protocol, such as `read`.
        Name as name: String, max(64), required, unique, filter(Filters::EQUALS_IN), order_by, set_at_creation;
    }
}
