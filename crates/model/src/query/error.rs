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
/// assert_eq!(error.code(), "NotFilterable");
/// assert_eq!(error.target(), Some("Scopes"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The entity has no property of that name.
    #[error("{entity} has no property '{name}'{}", did_you_mean(.meant))]
    UnknownProperty {
        /// Entity set.
        entity: String,
        /// Name in the query.
        name: String,
        /// Suggested name, if one is similar.
        meant: Option<String>,
    },
    /// The property does not support the operator.
    #[error("'{property}' may not be filtered by '{wanted}'; {}", allowed_words(.allowed))]
    NotFilterable {
        /// The property.
        property: String,
        /// Operator or function in the query.
        wanted: &'static str,
        /// Supported operators and functions.
        allowed: Vec<&'static str>,
    },
    /// Results cannot be ordered by the property.
    #[error("results may not be ordered by '{property}'; {}", orderable_words(.allowed))]
    NotOrderable {
        /// The property.
        property: String,
        /// Properties by which results can be ordered.
        allowed: Vec<&'static str>,
    },
    /// The property does not support the grouping or aggregation.
    #[error("'{property}' may not be used with '{wanted}'; {}", groupable_words(.allowed))]
    NotGroupable {
        /// The property.
        property: String,
        /// Operation in the query.
        wanted: &'static str,
        /// Supported operations.
        allowed: Vec<&'static str>,
    },
    /// The value has the wrong type.
    #[error("'{property}' is compared with {expected}")]
    BadValue {
        /// The property.
        property: String,
        /// Description of the expected value.
        expected: String,
    },
    /// A path traverses, or ends at, the wrong kind of member.
    #[error("'{name}' is {found}, {expected} is expected there")]
    WrongMember {
        /// Name in the path.
        name: String,
        /// Kind of the member.
        found: &'static str,
        /// Expected kind of member.
        expected: &'static str,
    },
    /// The page token does not match the order of the query.
    #[error("the page token does not belong to this query")]
    BadPosition,
    /// A limit that protects the service is exceeded.
    #[error("{what} exceeds the limit of {limit}")]
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
            Self::UnknownProperty { .. } => "UnknownProperty",
            Self::NotFilterable { .. } => "NotFilterable",
            Self::NotOrderable { .. } => "NotOrderable",
            Self::NotGroupable { .. } => "NotGroupable",
            Self::BadValue { .. } => "BadValue",
            Self::WrongMember { .. } => "WrongMember",
            Self::BadPosition => "BadPageToken",
            Self::LimitExceeded { .. } => "LimitExceeded",
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

fn did_you_mean(meant: &Option<String>) -> String {
    meant.as_ref().map(|name| format!("; did you mean '{name}'?")).unwrap_or_default()
}

fn allowed_words(allowed: &[&'static str]) -> String {
    if allowed.is_empty() {
        "it is not filterable".to_owned()
    } else {
        format!("it allows {}", allowed.join(", "))
    }
}

fn groupable_words(allowed: &[&'static str]) -> String {
    if allowed.is_empty() { "it is not groupable".to_owned() } else { allowed_words(allowed) }
}

fn orderable_words(allowed: &[&'static str]) -> String {
    format!("they may be ordered by {}", allowed.join(", "))
}
