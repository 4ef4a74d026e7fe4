use authority::Settings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Subject;

/// How long what the program gives is valid.
#[derive(Deserialize, JsonSchema, Serialize)]
pub(crate) struct Lifetimes {
    /// How long an application's access token is valid, in seconds.
    #[schemars(range(min = 1))]
    access_token_lifetime: i64,
    /// How long a refresh token of a device or command-line tool may wait to be used, in seconds.
    #[schemars(range(min = 1))]
    device_token_lifetime: i64,
    /// How long a device code is valid, in seconds.
    #[schemars(range(min = 1))]
    device_code_lifetime: i64,
    /// How long a person may take to decide on a request by the back channel, in seconds.
    #[schemars(range(min = 1))]
    backchannel_request_lifetime: i64,
    /// How long an authorization code is valid, in seconds.
    #[schemars(range(min = 1))]
    authorization_code_lifetime: i64,
    /// How long after an application pushed a request its browser has to bring it, in seconds.
    #[schemars(range(min = 1))]
    pushed_request_lifetime: i64,
    /// How long an ID token is valid, in seconds.
    #[schemars(range(min = 1))]
    id_token_lifetime: i64,
    /// How long a refresh token of a confidential application may wait to be used, in seconds.
    #[schemars(range(min = 1))]
    refresh_token_lifetime: i64,
    /// How long a refresh token of a public application may wait to be used, in seconds.
    #[schemars(range(min = 1))]
    public_refresh_token_lifetime: i64,
    /// How long after the sign-in an application may go on refreshing, in seconds.
    #[schemars(range(min = 1))]
    refresh_absolute_lifetime: i64,
    /// For how long the answer to a refresh is repeated where it may have been lost, in seconds; 0 for never.
    #[schemars(range(min = 0, max = 300))]
    refresh_repeat_seconds: i64,
    /// How long somebody stays signed in to the pages, in seconds.
    #[schemars(range(min = 1))]
    session_lifetime: i64,
    /// How long a session may go unused, in seconds.
    #[schemars(range(min = 1))]
    session_idle_timeout: i64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        let settings = Settings::new("");
        Self {
            access_token_lifetime: settings.access_token_lifetime,
            device_token_lifetime: settings.device_token_lifetime,
            device_code_lifetime: settings.device_code_lifetime,
            backchannel_request_lifetime: settings.backchannel_request_lifetime,
            authorization_code_lifetime: settings.authorization_code_lifetime,
            pushed_request_lifetime: settings.pushed_request_lifetime,
            id_token_lifetime: settings.id_token_lifetime,
            refresh_token_lifetime: settings.refresh_token_lifetime,
            public_refresh_token_lifetime: settings.public_refresh_token_lifetime,
            refresh_absolute_lifetime: settings.refresh_absolute_lifetime,
            refresh_repeat_seconds: settings.refresh_repeat_seconds,
            session_lifetime: settings.session_lifetime,
            session_idle_timeout: settings.session_idle_timeout,
        }
    }
}

impl Subject for Lifetimes {
    fn check(&self) -> anyhow::Result<()> {
        Ok(())
    }

    fn tell(&self, settings: &mut Settings) {
        settings.access_token_lifetime = self.access_token_lifetime;
        settings.device_token_lifetime = self.device_token_lifetime;
        settings.device_code_lifetime = self.device_code_lifetime;
        settings.backchannel_request_lifetime = self.backchannel_request_lifetime;
        settings.authorization_code_lifetime = self.authorization_code_lifetime;
        settings.pushed_request_lifetime = self.pushed_request_lifetime;
        settings.id_token_lifetime = self.id_token_lifetime;
        settings.refresh_token_lifetime = self.refresh_token_lifetime;
        settings.public_refresh_token_lifetime = self.public_refresh_token_lifetime;
        settings.refresh_absolute_lifetime = self.refresh_absolute_lifetime;
        settings.refresh_repeat_seconds = self.refresh_repeat_seconds;
        settings.session_lifetime = self.session_lifetime;
        settings.session_idle_timeout = self.session_idle_timeout;
    }
}
