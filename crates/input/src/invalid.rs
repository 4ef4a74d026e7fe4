/// Why a value from outside was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A request, or one of its parameters, is malformed.
    #[error("{0}")]
    Request(String),
    /// The parameter `authorization_details` is not right (RFC 9396, section 5).
    #[error("{0}")]
    AuthorizationDetails(String),
    /// A scope is malformed, or the client does not have it (RFC 6749, section 5.2).
    #[error("{0}")]
    Scope(String),
    /// A field has a value that it cannot have.
    #[error("{field}: {message}")]
    Field {
        /// The field.
        field: &'static str,
        /// What it should be.
        message: String,
    },
    /// A value exceeds what the token of the caller has.
    #[error("{0}")]
    Exceeds(String),
    /// The registry holds a value that it cannot have. Not the fault of the request.
    #[error("{0}")]
    Stored(String),
}

impl From<serde_json::Error> for Invalid {
    /// A value that was read once, or of our own, cannot be written or read as JSON.
    fn from(error: serde_json::Error) -> Self {
        Self::Stored(error.to_string())
    }
}
