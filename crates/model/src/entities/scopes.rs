use crate::{Default, Filters, Ownership, Tracking};

crate::entity! {
    /// The catalogue of permissions: what applications can be granted, and what people are told about it before they agree.
    Scopes of Scope in "Systems.Security",
        table("Sec_Scopes"),
        since("26.3.0"),
        display("{Name}: {DisplayName}"),
        search(&["Name", "DisplayName"]),
        code("Name"),
        title("DisplayName"),
        tracking(Tracking::Attributes, Tracking::AttributesAndBlobs),
        owned_by(Ownership::Nobody);

    attributes {
        /// Whether the permission counts for administrators alone.
        AdministratorsOnly as administrators_only: bool, default(Default::Bool(false));
        /// What the permission allows, for the people who are asked to agree.
        Description as description: Option<String>, max(254);
        /// What the permission is called where people see it.
        DisplayName as display_name: String, max(254), required, filter(Filters::EQUALS.and(Filters::LIKE)), order_by;
        /// Whether the permission counts at all: a retired one is granted to nobody, and opens nothing for those who have it.
        IsActive as is_active: bool, default(Default::Bool(true)), filter(Filters::EQUALS);
        /// Whether the permission is part of the product: what it means cannot be changed.
        IsBuiltIn as is_built_in: bool, read_only, default(Default::Bool(false));
        /// Whether an application has the permission that registers itself and names none; it may ask for no others.
        IsDefault as is_default: bool, default(Default::Bool(false));
        /// Whether the metadata of the issuer name the permission.
        IsListed as is_listed: bool, default(Default::Bool(true));
        /// Whether the permission is for the product's own command line alone: no application can be granted it.
        IsReserved as is_reserved: bool, read_only, default(Default::Bool(false));
        /// The name of the permission on the wire, such as `read`.
        Name as name: String, max(64), required, unique, filter(Filters::EQUALS_IN), order_by;
    }
}
