//! What a token is bound to: whoever stole it cannot use it without.

use serde::{Deserialize, Serialize};

use crate::Fault;

/// What has to be shown with a token: the claim `cnf` (RFC 7800, section 3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Binding {
    /// A proof of the private key with this thumbprint (RFC 9449, section 6).
    #[serde(rename = "jkt")]
    Key(String),
    /// The client certificate with this hash (RFC 8705, section 3.1).
    #[serde(rename = "x5t#S256")]
    Certificate(String),
}

impl Binding {
    /// How a token is presented that is bound so.
    pub const fn token_type(binding: Option<&Self>) -> &'static str {
        match binding {
            Some(Self::Key(_)) => "DPoP",
            // RFC 8705, section 3: what is shown besides is the certificate of the connection.
            Some(Self::Certificate(_)) | None => "Bearer",
        }
    }

    /// The text that the registry keeps: the claim as JSON.
    pub(crate) fn to_text(&self) -> Result<String, Fault> {
        Ok(serde_json::to_string(self)?)
    }

    /// Reads what the registry keeps; it was checked when it was stored.
    pub(crate) fn stored(text: &str) -> Result<Self, Fault> {
        Ok(serde_json::from_str(text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_kept_as_the_claim_that_it_is() {
        for (binding, text, token_type) in [
            (Binding::Key("k".to_owned()), r#"{"jkt":"k"}"#, "DPoP"),
            (Binding::Certificate("c".to_owned()), r##"{"x5t#S256":"c"}"##, "Bearer"),
        ] {
            assert_eq!(binding.to_text().unwrap(), text);
            assert_eq!(Binding::stored(text).unwrap(), binding);
            assert_eq!(Binding::token_type(Some(&binding)), token_type);
        }
        assert!(Binding::stored("{}").is_err());
    }
}
