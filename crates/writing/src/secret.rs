//! The secret of a new row.

use zeroize::Zeroizing;

/// The secret of a new token or application. It is shown once, in the answer to the request that created the row.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Returns the text to show.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn of_text(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}
