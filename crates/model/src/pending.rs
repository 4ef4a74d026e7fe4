//! What the documented system has and this service does not have yet. Routing and reference use this table.

use crate::Method;

/// A part of the documented system that is not served yet.
#[derive(Debug, PartialEq, Eq)]
pub struct Pending {
    /// The subject, as the reference calls it.
    pub subject: &'static str,
    /// What is missing, in a sentence without its end.
    pub missing: &'static str,
    /// The entity sets that belong to it.
    pub sets: &'static [&'static str],
    /// The methods of rows and of the service that belong to it.
    pub methods: &'static [&'static str],
    /// How the names of its properties begin.
    pub property_prefix: Option<&'static str>,
}

impl Pending {
    /// Returns the text of pages and errors.
    ///
    /// ```
    /// let pending = model::pending::of_method("CreateNotification").unwrap();
    /// assert_eq!(pending.text(), "not yet: notifications are not stored or sent");
    /// ```
    pub fn text(&self) -> String {
        format!("not yet: {}", self.missing)
    }
}

/// All of them, in the order of the pages.
pub static PENDING: &[Pending] = &[
    Pending {
        subject: "Change Tracking",
        missing: "the service keeps the last change of a row, as level 1, and no change sets",
        sets: &[
            "Systems_Core_ExtensibleDataObjects",
            "Systems_Core_ObjectChanges",
            "Systems_Core_ObjectChangesets",
            "Systems_Security_EntitySettings",
        ],
        methods: &[],
        property_prefix: None,
    },
    Pending {
        subject: "Custom Properties",
        missing: "there are no custom properties, so there are no allowed values of them",
        sets: &["Systems_Bpm_CustomProperties", "Systems_Bpm_CustomPropertyAllowedValues"],
        methods: &[],
        property_prefix: Some("CustomProperty_"),
    },
    Pending {
        subject: "Notifications",
        missing: "notifications are not stored or sent",
        sets: &["Systems_Core_Notifications"],
        methods: &["CreateNotification"],
        property_prefix: None,
    },
    Pending {
        subject: "Business Rules",
        missing: "there are no rules of users",
        sets: &["Systems_Bpm_UserBusinessRules"],
        methods: &["GetRepositoryEvents"],
        property_prefix: None,
    },
];

/// Returns the part to which an entity set belongs.
pub fn of_set(name: &str) -> Option<&'static Pending> {
    PENDING.iter().find(|pending| pending.sets.contains(&name))
}

/// Returns the part to which a method belongs, by the method's name.
pub fn of_method(name: &str) -> Option<&'static Pending> {
    PENDING.iter().find(|pending| pending.methods.contains(&name))
}

/// Returns the part to which a property belongs.
///
/// ```
/// assert!(model::pending::of_property("CustomProperty_color").is_some());
/// assert!(model::pending::of_property("Actor").is_none());
/// ```
pub fn of_property(name: &str) -> Option<&'static Pending> {
    PENDING.iter().find(|pending| pending.property_prefix.is_some_and(|prefix| name.starts_with(prefix)))
}

impl Method {
    /// Returns the part of the documented system to which the method belongs, if it is not served yet.
    pub fn pending(&self) -> Option<&'static Pending> {
        of_method(self.name)
    }
}
