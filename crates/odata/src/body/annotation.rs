//! Names of annotations in a body (OData JSON 4.01, sections 4.6 and 20).

use std::fmt;

/// Control information that a body may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Control {
    /// `context`, which says nothing about the values.
    Context,
    /// `type`
    Type,
    /// `id`
    Id,
    /// `etag`
    Etag,
    /// `bind`
    Bind,
    /// A link that a row had when it was read.
    Link,
    /// Anything else, also annotations of other namespaces.
    Other,
}

impl Control {
    fn parse(name: &str) -> Self {
        match name.strip_prefix("odata.").unwrap_or(name) {
            "context" => Self::Context,
            "type" => Self::Type,
            "id" => Self::Id,
            "etag" => Self::Etag,
            "bind" => Self::Bind,
            "editLink" | "readLink" | "navigationLink" | "associationLink" => Self::Link,
            _ => Self::Other,
        }
    }
}

/// An annotation of a row or of one of its properties.
#[derive(Clone, Copy, Debug)]
pub(super) enum Annotation<'a> {
    /// `@odata.type`
    OfRow(Control),
    /// `User@odata.bind`
    OfProperty(&'a str, Control),
}

impl<'a> Annotation<'a> {
    /// Returns the annotation that a member is; `None` for a property.
    pub(super) fn parse(name: &'a str) -> Option<Self> {
        let (property, annotation) = name.split_once('@')?;
        let control = Control::parse(annotation);
        Some(if property.is_empty() { Self::OfRow(control) } else { Self::OfProperty(property, control) })
    }
}

impl fmt::Display for Annotation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (property, control) = match self {
            Self::OfRow(control) => ("", control),
            Self::OfProperty(property, control) => (*property, control),
        };
        let name = match control {
            Control::Context => "context",
            Control::Type => "type",
            Control::Id => "id",
            Control::Etag => "etag",
            Control::Bind => "bind",
            Control::Link => "link",
            Control::Other => "",
        };
        write!(f, "{property}@{name}")
    }
}
