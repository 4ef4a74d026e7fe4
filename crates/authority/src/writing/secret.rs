//! The secret of a new row.

use token::client_secret::PlainSecret;
use zeroize::Zeroizing;

use crate::AccessSecret;

/// The secret of a new token or application. It is shown once, in the answer to the request that created the row.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Returns the text to show.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn of_token(secret: &AccessSecret) -> Self {
        Self(Zeroizing::new(secret.expose().to_owned()))
    }

    pub(super) fn of_client(secret: &PlainSecret) -> Self {
        Self(Zeroizing::new(secret.expose().to_owned()))
    }
}
