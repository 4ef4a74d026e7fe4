//! Paths of URLs, resolved to resources of the model.

mod resolve;

use model::{Attribute, Collection, Entity, Method, Reference, Uuid};

use crate::OdataError;
use crate::ast::Key;
use crate::ast::path::{Segment, SegmentKind, Target};
use crate::parse;
use resolve::{explain, find_type, in_set, not_offered};

/// The resource that a path denotes.
#[derive(Clone, Debug)]
pub enum Resource {
    /// The service document.
    ServiceDocument,
    /// `$metadata`
    Metadata,
    /// The rows of an entity.
    Set(&'static Entity, Part),
    /// `$entity`: the row with the identifier of the option `$id`, optionally restricted to an entity.
    Identified(Option<&'static Entity>),
    /// One row.
    Row(RowKey),
    /// The identifier of one row (`/$ref`).
    RowReference(RowKey),
    /// An attribute of one row; as text if `raw` (`/$value`).
    Attribute {
        /// The row.
        row: RowKey,
        /// The attribute.
        attribute: &'static Attribute,
        /// Whether the raw value is requested.
        raw: bool,
    },
    /// The target row of a reference; only its identifier if `only_id` (`/$ref`).
    Reference {
        /// The row.
        row: RowKey,
        /// The reference.
        reference: &'static Reference,
        /// Whether only the identifier is requested.
        only_id: bool,
    },
    /// The related rows of one row.
    Collection {
        /// The row.
        row: RowKey,
        /// The collection.
        collection: &'static Collection,
        /// The requested representation.
        part: Part,
    },
    /// An action on one row.
    Action {
        /// The row.
        row: RowKey,
        /// The action.
        method: &'static Method,
    },
    /// A resource of the row that a reference points to (`Set(key)/Reference/…`).
    Through {
        /// The row with the reference.
        row: RowKey,
        /// The reference.
        reference: &'static Reference,
        /// The resource, of a row that [`Resource::of`] sets.
        then: Box<Self>,
    },
    /// The result of a function of one row.
    Function {
        /// The row.
        row: RowKey,
        /// The function.
        method: &'static Method,
        /// The arguments by parameter name.
        arguments: Vec<(String, Key)>,
    },
}

/// The requested representation of a collection.
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
    /// Resolves the path after the service root, still percent-encoded.
    ///
    /// ```
    /// use odata::{Part, Resource};
    ///
    /// assert!(matches!(Resource::parse("Systems_Security_Users/$count")?, Resource::Set(_, Part::Count)));
    /// let error = Resource::parse("Systems_Security_Usrs").unwrap_err();
    /// assert_eq!(error.kind().status(), 404);
    /// assert!(error.to_string().ends_with("did you mean 'Systems_Security_Users'?"));
    /// # Ok::<(), odata::OdataError>(())
    /// ```
    ///
    /// # Errors
    /// [`OdataError::Syntax`] for an invalid path, [`OdataError::NotOffered`] for an unsupported one, and
    /// [`OdataError::NotFound`] for an unknown name.
    pub fn parse(raw: &str) -> Result<Self, OdataError> {
        let raw = raw.strip_suffix('/').unwrap_or(raw);
        match parse::target(raw).map_err(|error| explain(raw, error))? {
            Target::Service => Ok(Self::ServiceDocument),
            Target::Metadata => Ok(Self::Metadata),
            Target::Entity(None) => Ok(Self::Identified(None)),
            Target::Entity(Some(cast)) => find_type(&cast).map(|entity| Self::Identified(Some(entity))),
            Target::Resource(segments) => in_set(&segments),
            other => Err(not_offered(&other.to_string())),
        }
    }

    /// Returns the same resource of another row.
    ///
    /// ```
    /// use model::Uuid;
    /// use odata::{Resource, RowKey};
    ///
    /// let token = "Systems_Security_AccessTokens(12345678-9abc-def0-1234-56789abcdef0)";
    /// let Resource::Through { then, reference, .. } = Resource::parse(&format!("{token}/User/Login"))? else { panic!() };
    /// let row = RowKey { entity: reference.target(), id: Uuid::from_u128(7) };
    /// assert!(matches!(then.of(row), Resource::Attribute { row, .. } if row.id == Uuid::from_u128(7)));
    /// # Ok::<(), odata::OdataError>(())
    /// ```
    #[must_use]
    pub fn of(self, row: RowKey) -> Self {
        match self {
            Self::Row(_) => Self::Row(row),
            Self::RowReference(_) => Self::RowReference(row),
            Self::Attribute { attribute, raw, .. } => Self::Attribute { row, attribute, raw },
            Self::Reference { reference, only_id, .. } => Self::Reference { row, reference, only_id },
            Self::Collection { collection, part, .. } => Self::Collection { row, collection, part },
            Self::Through { reference, then, .. } => Self::Through { row, reference, then },
            Self::Action { method, .. } => Self::Action { row, method },
            Self::Function { method, arguments, .. } => Self::Function { row, method, arguments },
            other @ (Self::ServiceDocument | Self::Metadata | Self::Set(..) | Self::Identified(_)) => other,
        }
    }

    /// Returns the row of an identifier: an absolute URL below `root`, or a relative one.
    ///
    /// ```
    /// use odata::Resource;
    ///
    /// let id = "Systems_Security_Users(12345678-9abc-def0-1234-56789abcdef0)";
    /// let row = Resource::identified(&format!("https://example.org/{id}"), "https://example.org/")?;
    /// assert_eq!(row.entity.set_name(), "Systems_Security_Users");
    /// # Ok::<(), odata::OdataError>(())
    /// ```
    pub fn identified(id: &str, root: &str) -> Result<RowKey, OdataError> {
        let path = id.strip_prefix(root).unwrap_or(id);
        let expected = || OdataError::BadOption {
            name: "$id".to_owned(),
            expected:
                "the URL of a row, such as Systems_Security_Users(12345678-9abc-def0-1234-56789abcdef0)"
                    .to_owned(),
        };
        match Self::parse(path) {
            Ok(Self::Row(row)) => Ok(row),
            Err(error @ (OdataError::NotFound { .. } | OdataError::BadKey { .. })) => Err(error),
            Ok(_) | Err(_) => Err(expected()),
        }
    }
}
