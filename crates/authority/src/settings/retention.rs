use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

/// Data retention
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub struct Retention {
    /// Days for which ended grants are kept. `0` keeps them forever.
    #[default = 90]
    pub retention_days: u32,
    /// Days for which audit events are kept: a year, and time to review it. `0` keeps them forever.
    #[default = 400]
    pub audit_retention_days: u32,
    /// Whether an audit event is recorded for each token that a client obtains: one more row in the same transaction.
    pub audit_issued_tokens: bool,
    /// Interval between two purges of ended grants, in seconds.
    #[default = 86_400]
    #[schemars(range(min = 1))]
    pub purge_interval: u32,
}
