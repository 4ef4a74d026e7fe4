//! Errors of requests, found before the registry is queried.

mod message;

use std::fmt::{self, Display, Formatter};

use model::pending::{self, Pending};
use model::query::QueryError;

/// The position of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The query option, or `path`.
    pub option: String,
    /// The character in the option's decoded value, counted from 0.
    pub at: usize,
}

/// The class of an error, which decides its HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request is invalid: 400.
    BadRequest,
    /// The resource does not exist: 404.
    NotFound,
    /// No offered representation is acceptable: 406.
    NotAcceptable,
    /// The continued request has expired: 410.
    Gone,
    /// A required condition cannot be met: 412.
    PreconditionFailed,
    /// The body of the request has the wrong media type: 415.
    UnsupportedMediaType,
    /// The standard defines it, the service does not support it: 501.
    NotImplemented,
}

impl ErrorKind {
    /// Returns the HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::NotFound => 404,
            Self::NotAcceptable => 406,
            Self::Gone => 410,
            Self::PreconditionFailed => 412,
            Self::UnsupportedMediaType => 415,
            Self::NotImplemented => 501,
        }
    }
}

/// The error of a request. The message is meant for the client.
///
/// ```
/// use odata::{ErrorKind, QueryOptions};
///
/// let error = QueryOptions::parse("$filter=Name qe 'x'").unwrap_err();
/// assert_eq!((error.code(), error.kind().status()), ("SYNTAX_ERROR", 400));
/// assert_eq!((error.target(), error.position()), (Some("$filter"), Some(5)));
/// assert_eq!(error.kind(), ErrorKind::BadRequest);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OdataError {
    /// A `%` without two hexadecimal digits, or bytes that are not UTF-8.
    Encoding {
        /// The part of the URL.
        part: String,
        /// The character in the encoded part, counted from 0.
        at: usize,
    },
    /// A text outside the grammar.
    Syntax {
        /// The position.
        place: Place,
        /// The expected text.
        message: String,
    },
    /// A well-formed expression without meaning in its context.
    Meaning {
        /// The position.
        place: Place,
        /// The reason.
        message: String,
    },
    /// A limit that protects the service.
    Limit {
        /// The position.
        place: Place,
        /// The limited quantity.
        what: &'static str,
        /// The maximum.
        limit: usize,
    },
    /// A feature of the standard that the service does not offer.
    NotOffered {
        /// The feature.
        what: String,
        /// The position, if it is in an expression.
        place: Option<Place>,
    },
    /// A part of the documented system that the service does not have yet.
    NotYet(&'static Pending),
    /// An entity set that was renamed.
    Renamed {
        /// The name in the path.
        name: String,
        /// The present name.
        now: &'static str,
    },
    /// An unknown query option that begins with `$`.
    UnknownOption {
        /// The name in the request.
        name: String,
        /// A similar known name.
        suggestion: Option<String>,
    },
    /// A duplicate query option.
    DuplicateOption {
        /// The option.
        name: String,
    },
    /// A query option that is not allowed here, or a required one that is missing.
    Misplaced {
        /// The option.
        name: &'static str,
        /// The reason.
        message: &'static str,
    },
    /// An invalid value of a query option or parameter.
    BadOption {
        /// The option.
        name: String,
        /// Description of valid values.
        expected: String,
    },
    /// A path segment without a target.
    NotFound {
        /// Kind of the target, such as `property`.
        what: &'static str,
        /// The name in the path.
        name: String,
        /// A similar known name.
        suggestion: Option<String>,
    },
    /// A key that is not a GUID.
    BadKey {
        /// The entity set.
        set: String,
    },
    /// No offered representation is accepted.
    NotAcceptable {
        /// The offered media types.
        offered: &'static str,
    },
    /// A request body of a media type that the resource does not accept.
    MediaType {
        /// The accepted media type.
        expected: &'static str,
    },
    /// An unsupported `OData-MaxVersion`.
    BadVersion,
    /// An unsupported `OData-Version` of the request.
    BadOwnVersion,
    /// A page token that was modified, or belongs to another query.
    BadPageToken,
    /// A delta token that has expired, was modified, or belongs to another query or client.
    BadDeltaToken,
    /// The header `Isolation`, which requires a snapshot for all pages.
    NoIsolation,
    /// A query that the model rejects.
    Query(QueryError),
}

impl OdataError {
    /// Returns the error code, which is stable.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Encoding { .. } => "BAD_ENCODING",
            Self::Syntax { .. } => "SYNTAX_ERROR",
            Self::Meaning { .. } => "BAD_EXPRESSION",
            Self::Limit { .. } => "LIMIT_EXCEEDED",
            Self::NotOffered { .. } | Self::NotYet(_) => "NOT_IMPLEMENTED",
            Self::UnknownOption { .. } => "UNKNOWN_OPTION",
            Self::DuplicateOption { .. } => "DUPLICATE_OPTION",
            Self::Misplaced { .. } | Self::BadOption { .. } => "BAD_OPTION",
            Self::NotFound { .. } | Self::Renamed { .. } => "UNKNOWN_RESOURCE",
            Self::BadKey { .. } => "BAD_KEY",
            Self::NotAcceptable { .. } => "NOT_ACCEPTABLE",
            Self::MediaType { .. } => "UNSUPPORTED_MEDIA_TYPE",
            Self::BadVersion | Self::BadOwnVersion => "BAD_VERSION",
            Self::BadPageToken => "BAD_PAGE_TOKEN",
            Self::BadDeltaToken => "BAD_DELTA_TOKEN",
            Self::NoIsolation => "NO_ISOLATION",
            Self::Query(error) => error.code(),
        }
    }

    /// Returns the class of the error.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound { .. } | Self::Renamed { .. } => ErrorKind::NotFound,
            Self::NotAcceptable { .. } => ErrorKind::NotAcceptable,
            Self::MediaType { .. } => ErrorKind::UnsupportedMediaType,
            Self::NotOffered { .. } | Self::NotYet(_) => ErrorKind::NotImplemented,
            Self::BadDeltaToken => ErrorKind::Gone,
            Self::NoIsolation => ErrorKind::PreconditionFailed,
            _ => ErrorKind::BadRequest,
        }
    }

    /// Returns the query option, header, path segment or property that caused the error.
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Encoding { part, .. } => Some(part),
            Self::UnknownOption { name, .. }
            | Self::DuplicateOption { name }
            | Self::BadOption { name, .. }
            | Self::NotFound { name, .. }
            | Self::Renamed { name, .. } => Some(name),
            Self::Misplaced { name, .. } => Some(name),
            Self::BadKey { set } => Some(set),
            Self::NotAcceptable { .. } => Some("Accept"),
            Self::MediaType { .. } => Some("Content-Type"),
            Self::BadVersion => Some("OData-MaxVersion"),
            Self::BadOwnVersion => Some("OData-Version"),
            Self::BadPageToken => Some("$skiptoken"),
            Self::BadDeltaToken => Some("$deltatoken"),
            Self::NoIsolation => Some("Isolation"),
            Self::Query(error) => error.target(),
            _ => self.place().map(|place| place.option.as_str()),
        }
    }

    /// Returns the position of the error as a character index, counted from 0.
    pub fn position(&self) -> Option<usize> {
        match self {
            Self::Encoding { at, .. } => Some(*at),
            _ => self.place().map(|place| place.at),
        }
    }

    /// Maps the position of the error to that in another text.
    pub(crate) fn moved(mut self, to: impl Fn(usize) -> usize) -> Self {
        match &mut self {
            Self::Syntax { place, .. }
            | Self::Meaning { place, .. }
            | Self::Limit { place, .. }
            | Self::NotOffered { place: Some(place), .. } => place.at = to(place.at),
            _ => {}
        }
        self
    }

    fn place(&self) -> Option<&Place> {
        match self {
            Self::Syntax { place, .. } | Self::Meaning { place, .. } | Self::Limit { place, .. } => {
                Some(place)
            }
            Self::NotOffered { place, .. } => place.as_ref(),
            _ => None,
        }
    }
}

impl Display for OdataError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl std::error::Error for OdataError {}

impl From<QueryError> for OdataError {
    fn from(error: QueryError) -> Self {
        let pending = match &error {
            QueryError::UnknownProperty { name, .. } => pending::of_property(name),
            _ => None,
        };
        pending.map_or(Self::Query(error), Self::NotYet)
    }
}
