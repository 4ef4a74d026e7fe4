//! A virtual authenticator for passkeys.

use serde_json::{Value, json};

use super::Browser;

const AUTHENTICATOR: &str = "/webauthn/authenticator";

impl Browser {
    /// Adds a virtual authenticator that stores passkeys and whose user is present (Web Authentication Level
    /// 3, section 11.3).
    pub fn add_authenticator(&self) -> String {
        let device = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserConsenting": true, "isUserVerified": true,
        });
        self.command(reqwest::Method::POST, AUTHENTICATOR, Some(&device)).as_str().unwrap().to_owned()
    }

    /// Removes the authenticator.
    pub fn remove_authenticator(&self, device: &str) {
        self.command(reqwest::Method::DELETE, &format!("{AUTHENTICATOR}/{device}"), None);
    }

    /// Returns the passkeys of an authenticator.
    pub fn credentials(&self, device: &str) -> Vec<Value> {
        let path = format!("{AUTHENTICATOR}/{device}/credentials");
        self.command(reqwest::Method::GET, &path, None).as_array().unwrap().clone()
    }

    /// Sets whether the authenticator verifies its user.
    pub fn set_user_verified(&self, device: &str, verified: bool) {
        let path = format!("{AUTHENTICATOR}/{device}/uv");
        self.command(reqwest::Method::POST, &path, Some(&json!({ "isUserVerified": verified })));
    }
}
