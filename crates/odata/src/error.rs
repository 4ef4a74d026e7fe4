//! Errors of requests, found before the registry is queried.

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
/// assert_eq!((error.code(), error.kind().status()), ("SyntaxError", 400));
/// assert_eq!((error.target(), error.position()), (Some("$filter"), Some(5)));
/// assert_eq!(error.kind(), ErrorKind::BadRequest);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OdataError {
    /// A `%` without two hexadecimal digits, or bytes that are not UTF-8.
    #[error("{part}: the percent-encoding at character {at} is not UTF-8 text")]
    Encoding {
        /// The part of the URL.
        part: String,
        /// The character in the encoded part, counted from 0.
        at: usize,
    },
    /// A text outside the grammar.
    #[error("{}, character {}: {message}", .place.option, .place.at)]
    Syntax {
        /// The position.
        place: Place,
        /// The expected text.
        message: String,
    },
    /// A well-formed expression without meaning in its context.
    #[error("{}, character {}: {message}", .place.option, .place.at)]
    Meaning {
        /// The position.
        place: Place,
        /// The reason.
        message: String,
    },
    /// A limit that protects the service.
    #[error("{}: {what} exceeds the limit of {limit}", .place.option)]
    Limit {
        /// The position.
        place: Place,
        /// The limited quantity.
        what: &'static str,
        /// The maximum.
        limit: usize,
    },
    /// A feature of the standard that the service does not offer.
    #[error("{what} is not supported by this service")]
    NotOffered {
        /// The feature.
        what: String,
        /// The position, if it is in an expression.
        place: Option<Place>,
    },
    /// An unknown query option that begins with `$`.
    #[error("there is no query option '{name}'{}", did_you_mean(.suggestion))]
    UnknownOption {
        /// The name in the request.
        name: String,
        /// A similar known name.
        suggestion: Option<String>,
    },
    /// A duplicate query option.
    #[error("the query option '{name}' is given twice")]
    DuplicateOption {
        /// The option.
        name: String,
    },
    /// A query option that is not allowed here, or a required one that is missing.
    #[error("{message}")]
    Misplaced {
        /// The option.
        name: &'static str,
        /// The reason.
        message: &'static str,
    },
    /// An invalid value of a query option or parameter.
    #[error("'{name}' takes {expected}")]
    BadOption {
        /// The option.
        name: String,
        /// Description of valid values.
        expected: String,
    },
    /// A path segment without a target.
    #[error("there is no {what} '{name}'{}", did_you_mean(.suggestion))]
    NotFound {
        /// Kind of the target, such as `property`.
        what: &'static str,
        /// The name in the path.
        name: String,
        /// A similar known name.
        suggestion: Option<String>,
    },
    /// A key that is not a GUID.
    #[error("the key of {set} is a guid, such as {set}(12345678-9abc-def0-1234-56789abcdef0)")]
    BadKey {
        /// The entity set.
        set: String,
    },
    /// No offered representation is accepted.
    #[error("the response is available as {offered}, which the request does not accept")]
    NotAcceptable {
        /// The offered media types.
        offered: &'static str,
    },
    /// An unsupported `OData-MaxVersion`.
    #[error("OData-MaxVersion must be a version number of at least 4.0")]
    BadVersion,
    /// An unsupported `OData-Version` of the request.
    #[error("OData-Version must be 4.0 or 4.01")]
    BadOwnVersion,
    /// A page token that was modified, or belongs to another query.
    #[error("the page token does not belong to this query")]
    BadPageToken,
    /// A delta token that has expired, was modified, or belongs to another query or client.
    #[error("the delta link is invalid or has expired; read the rows again to obtain a new one")]
    BadDeltaToken,
    /// The header `Isolation`, which requires a snapshot for all pages.
    #[error("isolation is not supported by this service")]
    NoIsolation,
    /// A query that the model rejects.
    #[error(transparent)]
    Query(#[from] QueryError),
}

impl OdataError {
    /// Returns the error code, which is stable.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Encoding { .. } => "BadEncoding",
            Self::Syntax { .. } => "SyntaxError",
            Self::Meaning { .. } => "BadExpression",
            Self::Limit { .. } => "LimitExceeded",
            Self::NotOffered { .. } => "NotImplemented",
            Self::UnknownOption { .. } => "UnknownOption",
            Self::DuplicateOption { .. } => "DuplicateOption",
            Self::Misplaced { .. } | Self::BadOption { .. } => "BadOption",
            Self::NotFound { .. } => "UnknownResource",
            Self::BadKey { .. } => "BadKey",
            Self::NotAcceptable { .. } => "NotAcceptable",
            Self::BadVersion | Self::BadOwnVersion => "BadVersion",
            Self::BadPageToken => "BadPageToken",
            Self::BadDeltaToken => "BadDeltaToken",
            Self::NoIsolation => "NoIsolation",
            Self::Query(error) => error.code(),
        }
    }

    /// Returns the class of the error.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::NotAcceptable { .. } => ErrorKind::NotAcceptable,
            Self::NotOffered { .. } => ErrorKind::NotImplemented,
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
            | Self::NotFound { name, .. } => Some(name),
            Self::Misplaced { name, .. } => Some(name),
            Self::BadKey { set } => Some(set),
            Self::NotAcceptable { .. } => Some("Accept"),
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

fn did_you_mean(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map(|name| format!("; did you mean '{name}'?")).unwrap_or_default()
}
