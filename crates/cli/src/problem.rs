//! Errors for the user.

/// An error message with a hint.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Problem {
    message: String,
    hint: Option<String>,
    field: Option<String>,
}

impl Problem {
    /// Creates a problem without a hint.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, field: None }
    }

    /// Adds a hint.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets the field of the input.
    #[must_use]
    pub(crate) fn about(mut self, field: Option<String>) -> Self {
        self.field = field;
        self
    }

    /// Returns the field of the input, if it is known.
    pub(crate) fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// Returns the hint, if there is one.
    pub(crate) fn next_step(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}
