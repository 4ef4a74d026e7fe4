/// Why a question is refused. The message is for the one who asked: it names what was meant and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// A name that the entity does not have.
    #[error("{entity} has no property '{name}'{}", did_you_mean(.meant))]
    UnknownProperty {
        /// The entity's set.
        entity: String,
        /// The name in the question.
        name: String,
        /// The name that was probably meant.
        meant: Option<String>,
    },
    /// A comparison that the model does not allow.
    #[error("'{property}' may not be filtered by '{wanted}'; {}", allowed_words(.allowed))]
    NotFilterable {
        /// The property.
        property: String,
        /// The operator or function in the question.
        wanted: &'static str,
        /// The operators and functions that the model allows.
        allowed: Vec<&'static str>,
    },
    /// An order that the model does not allow.
    #[error("results may not be ordered by '{property}'; {}", orderable_words(.allowed))]
    NotOrderable {
        /// The property.
        property: String,
        /// The properties by which results may be ordered.
        allowed: Vec<&'static str>,
    },
    /// A grouping or aggregation that the model does not allow.
    #[error("'{property}' may not be used with '{wanted}'; {}", groupable_words(.allowed))]
    NotGroupable {
        /// The property.
        property: String,
        /// What the question does with it.
        wanted: &'static str,
        /// What may be done with it.
        allowed: Vec<&'static str>,
    },
    /// A value of another type.
    #[error("'{property}' is compared with {expected}")]
    BadValue {
        /// The property.
        property: String,
        /// What it is compared with.
        expected: String,
    },
    /// A path that goes through, or ends at, the wrong kind of property.
    #[error("'{name}' is {found}, {expected} is expected there")]
    WrongMember {
        /// The name in the path.
        name: String,
        /// What it is.
        found: &'static str,
        /// What a path has there.
        expected: &'static str,
    },
    /// A page that does not continue the order asked for.
    #[error("the page token does not belong to this query")]
    BadPosition,
    /// A limit that protects the service.
    #[error("{what} exceeds the limit of {limit}")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        limit: usize,
    },
}

impl QueryError {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownProperty { .. } => "UnknownProperty",
            Self::NotFilterable { .. } => "NotFilterable",
            Self::NotOrderable { .. } => "NotOrderable",
            Self::NotGroupable { .. } => "NotGroupable",
            Self::BadValue { .. } => "BadValue",
            Self::WrongMember { .. } => "WrongMember",
            Self::BadPosition => "BadPageToken",
            Self::TooMuch { .. } => "LimitExceeded",
        }
    }

    /// The property at fault, where it is one.
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::UnknownProperty { name, .. } | Self::WrongMember { name, .. } => Some(name),
            Self::NotFilterable { property, .. }
            | Self::NotOrderable { property, .. }
            | Self::NotGroupable { property, .. }
            | Self::BadValue { property, .. } => Some(property),
            Self::BadPosition | Self::TooMuch { .. } => None,
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
