use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

use super::{DAY, HOUR};

/// Lifetimes of tokens, codes and sessions
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub struct Lifetimes {
    /// Lifetime of a client's access tokens, in seconds.
    #[default(HOUR)]
    #[schemars(range(min = 1))]
    pub access_token_lifetime: i64,
    /// Idle lifetime of refresh tokens of devices and command-line tools, in seconds.
    #[default(30 * DAY)]
    #[schemars(range(min = 1))]
    pub device_token_lifetime: i64,
    /// Lifetime of device codes, in seconds.
    #[default = 600]
    #[schemars(range(min = 1))]
    pub device_code_lifetime: i64,
    /// Time that a user has to decide on a back-channel authentication request, in seconds. Clients can request less.
    #[default = 300]
    #[schemars(range(min = 1))]
    pub backchannel_request_lifetime: i64,
    /// Lifetime of authorization codes, in seconds.
    #[default = 60]
    #[schemars(range(min = 1))]
    pub authorization_code_lifetime: i64,
    /// Time within which the browser must arrive with a pushed authorization request, in seconds (RFC 9126).
    #[default = 300]
    #[schemars(range(min = 1))]
    pub pushed_request_lifetime: i64,
    /// Lifetime of ID tokens, in seconds.
    #[default(HOUR)]
    #[schemars(range(min = 1))]
    pub id_token_lifetime: i64,
    /// Idle lifetime of refresh tokens of confidential clients, in seconds.
    #[default(30 * DAY)]
    #[schemars(range(min = 1))]
    pub refresh_token_lifetime: i64,
    /// Idle lifetime of refresh tokens of public clients, in seconds.
    #[default(DAY)]
    #[schemars(range(min = 1))]
    pub public_refresh_token_lifetime: i64,
    /// Time after the sign-in during which a client can refresh, in seconds.
    #[default(365 * DAY)]
    #[schemars(range(min = 1))]
    pub refresh_absolute_lifetime: i64,
    /// Time during which the response to a refresh is repeated if it may have been lost, in seconds. `0` turns this off.
    #[default = 60]
    #[schemars(range(min = 0, max = 300))]
    pub refresh_repeat_seconds: i64,
    /// Lifetime of a session of the pages, in seconds.
    #[default(12 * HOUR)]
    #[schemars(range(min = 1))]
    pub session_lifetime: i64,
    /// Idle timeout of a session of the pages, in seconds.
    #[default(2 * HOUR)]
    #[schemars(range(min = 1))]
    pub session_idle_timeout: i64,
}
