use std::fmt::{self, Display, Formatter};

use crate::Message;

/// An invalid query. Messages are for the author of the query: they suggest names and list supported
/// operators.
///
/// ```
/// use model::query::{Actor, Comparison, Condition, Literal, Query};
/// use model::{Record as _, entities::AccessToken};
///
/// let filter = Condition::Compare(vec!["Scopes".into()], Comparison::Eq, Literal::Null);
/// let query = Query { filter: Some(filter), ..Query::default() };
/// let error = query.bind(AccessToken::entity(), Actor::SYSTEM).unwrap_err();
/// assert_eq!(error.code(), "NOT_FILTERABLE");
/// assert_eq!(error.target(), Some("Scopes"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryError {
    /// The entity has no property of that name.
    UnknownProperty {
        /// Entity set.
        entity: String,
        /// Name in the query.
        name: String,
        /// Suggested name, if one is similar.
        meant: Option<String>,
    },
    /// The property does not support the operator.
    NotFilterable {
        /// The property.
        property: String,
        /// Operator or function in the query.
        wanted: &'static str,
        /// Supported operators and functions.
        allowed: Vec<&'static str>,
    },
    /// Results cannot be ordered by the property.
    NotOrderable {
        /// The property.
        property: String,
        /// Properties by which results can be ordered.
        allowed: Vec<&'static str>,
    },
    /// The property does not support the grouping or aggregation.
    NotGroupable {
        /// The property.
        property: String,
        /// Operation in the query.
        wanted: &'static str,
        /// Supported operations.
        allowed: Vec<&'static str>,
    },
    /// The value has the wrong type.
    BadValue {
        /// The property.
        property: String,
        /// Description of the expected value.
        expected: String,
    },
    /// A path traverses, or ends at, the wrong kind of member.
    WrongMember {
        /// Name in the path.
        name: String,
        /// Kind of the member.
        found: &'static str,
        /// Expected kind of member.
        expected: &'static str,
    },
    /// The page token does not match the order of the query.
    BadPosition,
    /// A limit that protects the service is exceeded.
    LimitExceeded {
        /// Description of the limited quantity.
        what: &'static str,
        /// Maximum.
        limit: usize,
    },
}

impl QueryError {
    /// Returns a stable code for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownProperty { .. } => "UNKNOWN_PROPERTY",
            Self::NotFilterable { .. } => "NOT_FILTERABLE",
            Self::NotOrderable { .. } => "NOT_ORDERABLE",
            Self::NotGroupable { .. } => "NOT_GROUPABLE",
            Self::BadValue { .. } => "BAD_VALUE",
            Self::WrongMember { .. } => "WRONG_MEMBER",
            Self::BadPosition => "BAD_PAGE_TOKEN",
            Self::LimitExceeded { .. } => "LIMIT_EXCEEDED",
        }
    }

    /// Returns the name of the property that caused the error, if there is one.
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::UnknownProperty { name, .. } | Self::WrongMember { name, .. } => Some(name),
            Self::NotFilterable { property, .. }
            | Self::NotOrderable { property, .. }
            | Self::NotGroupable { property, .. }
            | Self::BadValue { property, .. } => Some(property),
            Self::BadPosition | Self::LimitExceeded { .. } => None,
        }
    }
}

impl QueryError {
    /// Returns the message for the author of the query.
    pub fn message(&self) -> Message {
        match self {
            Self::UnknownProperty { entity, name, meant } => {
                Message::new("{0} has no property '{1}'", [entity, name])
                    .with("; did you mean '{}'?", meant.as_ref())
            }
            Self::NotFilterable { property, wanted, allowed } => {
                let message =
                    Message::new("'{0}' may not be filtered by '{1}'", [property.as_str(), *wanted]);
                allowing(message, allowed, "; it is not filterable")
            }
            Self::NotOrderable { property, allowed } => Message::new(
                "results may not be ordered by '{0}'; they may be ordered by {1}",
                [property, &allowed.join(", ")],
            ),
            Self::NotGroupable { property, wanted, allowed } => {
                let message = Message::new("'{0}' may not be used with '{1}'", [property.as_str(), *wanted]);
                allowing(message, allowed, "; it is not groupable")
            }
            Self::BadValue { property, expected } => {
                Message::new("'{0}' is compared with {1}", [property, expected])
            }
            Self::WrongMember { name, found, expected } => {
                Message::new("'{0}' is {1}, {2} is expected there", [name.as_str(), *found, *expected])
            }
            Self::BadPosition => Message::plain("the page token does not belong to this query"),
            Self::LimitExceeded { what, limit } => {
                Message::new("{0} exceeds the limit of {1}", [(*what).to_owned(), limit.to_string()])
            }
        }
    }
}

/// Adds the supported operations to a message.
fn allowing(message: Message, allowed: &[&'static str], nothing: &'static str) -> Message {
    if allowed.is_empty() {
        return Message { format: message.format + nothing, ..message };
    }
    message.with("; it allows {}", Some(allowed.join(", ")))
}

impl Display for QueryError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl std::error::Error for QueryError {}
