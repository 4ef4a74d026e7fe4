//! Every reason for which a request is refused before the registry is asked.

use model::query::QueryError;

/// Where in a request something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The query option, or `path`.
    pub option: String,
    /// The character in the option's decoded value, counted from 0.
    pub at: usize,
}

/// What the caller of a request can do about an error; each has its HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request is wrong: 400.
    BadRequest,
    /// What the path names is not there: 404.
    NotFound,
    /// No offered representation is acceptable: 406.
    NotAcceptable,
    /// What the request continues is no longer there: 410.
    Gone,
    /// The request demands what cannot be granted: 412.
    PreconditionFailed,
    /// The standard has it, the service does not offer it: 501.
    NotImplemented,
}

impl ErrorKind {
    /// The HTTP status.
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

/// Why a request is refused. The message is for the one who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OdataError {
    /// A `%` without two hexadecimal digits, or bytes that are not UTF-8.
    #[error("{part}: the percent-encoding at character {at} is not that of UTF-8 text")]
    Encoding {
        /// The part of the URL.
        part: String,
        /// The character in the encoded part, counted from 0.
        at: usize,
    },
    /// A text that the grammar does not have.
    #[error("{}, character {}: {message}", .place.option, .place.at)]
    Syntax {
        /// Where.
        place: Place,
        /// What is expected there.
        message: String,
    },
    /// An expression that is well formed and means nothing here.
    #[error("{}, character {}: {message}", .place.option, .place.at)]
    Meaning {
        /// Where.
        place: Place,
        /// What is wrong with it.
        message: String,
    },
    /// A limit that protects the service.
    #[error("{}: {what} exceeds the limit of {limit}", .place.option)]
    Limit {
        /// Where.
        place: Place,
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        limit: usize,
    },
    /// Something of the standard that the service does not offer.
    #[error("{what} is not offered by this service")]
    NotOffered {
        /// What was asked for.
        what: String,
        /// Where, if it stands in an expression.
        place: Option<Place>,
    },
    /// A query option beginning with `$` that is not one.
    #[error("there is no query option '{name}'{}", did_you_mean(.meant))]
    UnknownOption {
        /// The name in the request.
        name: String,
        /// The name that was probably meant.
        meant: Option<String>,
    },
    /// The same query option twice.
    #[error("the query option '{name}' is given twice")]
    DuplicateOption {
        /// The option.
        name: String,
    },
    /// A query option where it means nothing, or none where it is needed.
    #[error("{message}")]
    Misplaced {
        /// The option.
        name: &'static str,
        /// Where it belongs.
        message: &'static str,
    },
    /// A value that the query option does not take.
    #[error("'{name}' takes {expected}")]
    BadOption {
        /// The option.
        name: String,
        /// What it takes.
        expected: String,
    },
    /// A part of the path that names nothing.
    #[error("there is no {what} '{name}'{}", did_you_mean(.meant))]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// The name in the path.
        name: String,
        /// The name that was probably meant.
        meant: Option<String>,
    },
    /// A key that is not an identifier.
    #[error("the key of {set} is a guid, such as {set}(12345678-9abc-def0-1234-56789abcdef0)")]
    BadKey {
        /// The set.
        set: String,
    },
    /// No representation that is offered is accepted.
    #[error("the answer is offered as {offered}, which the request does not accept")]
    NotAcceptable {
        /// What is offered.
        offered: &'static str,
    },
    /// A version of the protocol that is not offered.
    #[error("OData-MaxVersion must be a version number of at least 4.0")]
    BadVersion,
    /// A request in a version of the protocol that is not known.
    #[error("OData-Version must be 4.0 or 4.01")]
    BadOwnVersion,
    /// A page token that was changed, or belongs to another query.
    #[error("the page token does not belong to this query")]
    BadPageToken,
    /// A token of changes that is too old, was changed, or belongs to another query or caller.
    #[error("the delta link is not, or no longer, valid; read the rows again to obtain another")]
    BadDeltaToken,
    /// The header `Isolation`, which asks for all pages as of one moment.
    #[error("answers in isolation from changes are not offered by this service")]
    NoIsolation,
    /// A question that the model refuses.
    #[error(transparent)]
    Query(#[from] QueryError),
}

impl OdataError {
    /// A stable word for programs.
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

    /// The kind, which decides the HTTP status.
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

    /// The query option, header, path segment or property at fault.
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

    /// The character at fault, counted from 0.
    pub fn position(&self) -> Option<usize> {
        match self {
            Self::Encoding { at, .. } => Some(*at),
            _ => self.place().map(|place| place.at),
        }
    }

    /// The error with its character counted in another text.
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

fn did_you_mean(meant: &Option<String>) -> String {
    meant.as_ref().map(|name| format!("; did you mean '{name}'?")).unwrap_or_default()
}
