//! What a person is told when something stands in the way.

/// What went wrong, and what to do next.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Problem {
    message: String,
    hint: Option<String>,
    field: Option<String>,
}

impl Problem {
    /// A problem that speaks for itself.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, field: None }
    }

    /// Adds what to do next.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names the field of the input that the problem is about.
    #[must_use]
    pub(crate) fn about(mut self, field: Option<String>) -> Self {
        self.field = field;
        self
    }

    /// Returns the field of the input that the problem is about, if that is known.
    pub(crate) fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// What to do next, if that is known.
    pub(crate) fn next_step(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}
