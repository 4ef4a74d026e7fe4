//! Names of control information (OData JSON 4.01, section 4.5).

use crate::negotiate::Version;

/// The names of control information in one protocol version.
pub(crate) struct ControlNames {
    pub(crate) context: &'static str,
    pub(crate) count: &'static str,
    pub(crate) next_link: &'static str,
    pub(crate) delta_link: &'static str,
    pub(crate) id: &'static str,
    pub(crate) etag: &'static str,
    pub(crate) type_name: &'static str,
    pub(crate) edit_link: &'static str,
    pub(crate) navigation_link: &'static str,
    pub(crate) association_link: &'static str,
    /// Prefix of the names of standard types.
    pub(crate) standard_type: &'static str,
}

/// Version 4.0.
const PREFIXED: ControlNames = ControlNames {
    context: "@odata.context",
    count: "@odata.count",
    next_link: "@odata.nextLink",
    delta_link: "@odata.deltaLink",
    id: "@odata.id",
    etag: "@odata.etag",
    type_name: "@odata.type",
    edit_link: "@odata.editLink",
    navigation_link: "@odata.navigationLink",
    association_link: "@odata.associationLink",
    standard_type: "#",
};

/// Version 4.01.
const BARE: ControlNames = ControlNames {
    context: "@context",
    count: "@count",
    next_link: "@nextLink",
    delta_link: "@deltaLink",
    id: "@id",
    etag: "@etag",
    type_name: "@type",
    edit_link: "@editLink",
    navigation_link: "@navigationLink",
    association_link: "@associationLink",
    standard_type: "",
};

/// Returns the names for a version.
pub(crate) const fn control_names(version: Version) -> &'static ControlNames {
    match version {
        Version::V4_0 => &PREFIXED,
        Version::V4_01 => &BARE,
    }
}
