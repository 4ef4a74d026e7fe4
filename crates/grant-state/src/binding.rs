//! Sender-constrained tokens.

use serde::{Deserialize, Serialize};

use crate::Fault;

/// The key or certificate to which a token is bound: the claim `cnf` (RFC 7800, section 3.1).
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
    /// Returns the token type, with which a token is presented.
    pub const fn token_type(binding: Option<&Self>) -> &'static str {
        match binding {
            Some(Self::Key(_)) => "DPoP",
            // RFC 8705, section 3: the proof is the certificate of the connection.
            Some(Self::Certificate(_)) | None => "Bearer",
        }
    }

    /// Returns the stored text: the claim as JSON.
    pub fn to_text(&self) -> Result<String, Fault> {
        Ok(serde_json::to_string(self)?)
    }

    /// Reads the stored text.
    pub fn stored(text: &str) -> Result<Self, Fault> {
        Ok(serde_json::from_str(text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_text_is_the_claim() {
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
