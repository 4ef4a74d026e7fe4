//! The path of a URL, as the resource of the model that it names.

mod resolve;

use model::{Attribute, Collection, Entity, Method, Reference, Uuid};

use crate::OdataError;
use crate::ast::Key;
use crate::ast::path::{Segment, SegmentKind, Target};
use crate::parse;
use resolve::{clearer, find_type, in_set, not_offered};

/// What a URL's path names.
#[derive(Clone, Debug)]
pub enum Resource {
    /// The list of sets.
    ServiceDocument,
    /// `$metadata`
    Metadata,
    /// The rows of an entity.
    Set(&'static Entity, Part),
    /// `$entity`: the row whose identifier the option `$id` has, which is of this entity where one is named.
    Identified(Option<&'static Entity>),
    /// One row.
    Row(RowKey),
    /// The identifier of one row (`/$ref`).
    RowReference(RowKey),
    /// An attribute of one row; as text where `raw` (`/$value`).
    Attribute {
        /// The row.
        row: RowKey,
        /// The attribute.
        attribute: &'static Attribute,
        /// Whether the bare value is asked for.
        raw: bool,
    },
    /// The row to which a row refers; its identifier only where `only_id` (`/$ref`).
    Reference {
        /// The row.
        row: RowKey,
        /// The reference.
        reference: &'static Reference,
        /// Whether the identifier alone is asked for.
        only_id: bool,
    },
    /// The children of one row.
    Collection {
        /// The row.
        row: RowKey,
        /// The collection.
        collection: &'static Collection,
        /// What is asked for of them.
        part: Part,
    },
    /// What a function says of one row.
    Function {
        /// The row.
        row: RowKey,
        /// The function.
        method: &'static Method,
        /// What is given for its parameters, by their names.
        arguments: Vec<(String, Key)>,
    },
}

/// What is asked for of several rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The rows themselves.
    Rows,
    /// Their identifiers (`/$ref`).
    References,
    /// Their number (`/$count`).
    Count,
}

impl Part {
    fn from_segment(segment: Option<&Segment>) -> Option<Self> {
        match segment.map(|segment| &segment.kind) {
            None => Some(Self::Rows),
            Some(SegmentKind::Ref) => Some(Self::References),
            Some(SegmentKind::Count) => Some(Self::Count),
            Some(_) => None,
        }
    }
}

/// One row of an entity, by its identifier.
#[derive(Clone, Copy, Debug)]
pub struct RowKey {
    /// The entity.
    pub entity: &'static Entity,
    /// The identifier.
    pub id: Uuid,
}

impl Resource {
    /// Reads the path behind the service root, as it arrived.
    ///
    /// What is no path at all is [`OdataError::Syntax`], what the service does not offer
    /// [`OdataError::NotOffered`], what names nothing [`OdataError::NotFound`].
    pub fn parse(raw: &str) -> Result<Self, OdataError> {
        let raw = raw.strip_suffix('/').unwrap_or(raw);
        match parse::target(raw).map_err(|error| clearer(raw, error))? {
            Target::Service => Ok(Self::ServiceDocument),
            Target::Metadata => Ok(Self::Metadata),
            Target::Entity(None) => Ok(Self::Identified(None)),
            Target::Entity(Some(cast)) => find_type(&cast).map(|entity| Self::Identified(Some(entity))),
            Target::Resource(segments) => in_set(&segments),
            other => Err(not_offered(&other.to_string())),
        }
    }

    /// The row that an identifier names: its address, below `root` or relative to it.
    pub fn identified(id: &str, root: &str) -> Result<RowKey, OdataError> {
        let path = id.strip_prefix(root).unwrap_or(id);
        let expected = || OdataError::BadOption {
            name: "$id".to_owned(),
            expected:
                "the address of a row, such as Systems_Security_Users(12345678-9abc-def0-1234-56789abcdef0)"
                    .to_owned(),
        };
        match Self::parse(path) {
            Ok(Self::Row(row)) => Ok(row),
            Err(error @ (OdataError::NotFound { .. } | OdataError::BadKey { .. })) => Err(error),
            Ok(_) | Err(_) => Err(expected()),
        }
    }
}
