use std::path::PathBuf;

use anyhow::Context as _;
use authority::Settings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Location;
use token::Prefix;

use super::Subject;

/// What the program works on, and how it keeps it.
#[derive(Deserialize, JsonSchema, Serialize)]
pub(crate) struct Program {
    /// The folder of the registry, its keys and its lock.
    pub(crate) data: PathBuf,
    /// A PostgreSQL database instead of the SQLite file in the folder.
    database_url: Option<String>,
    /// Whether to make a small world to try things in.
    pub(crate) demo: bool,
    /// The prefix of opaque tokens; it counts at the first start alone.
    token_prefix: String,
    /// The file with the keys that encrypt at rest; `keys` in the folder where nothing is set.
    pub(crate) key_file: Option<PathBuf>,
    /// The keys themselves, one per line, the current one first. For the environment alone.
    pub(crate) keys: Option<String>,
    /// How the log is written: `text` or `json`.
    pub(crate) log: LogFormat,
    /// For how many days grants are kept that have ended; 0 for ever.
    retention_days: u32,
    /// For how many days audit events are kept; 0 for ever.
    audit_retention_days: u32,
    /// After how many days an application that registered itself is removed where it was never used; 0 for never.
    unused_registration_days: u32,
    /// How many seconds lie between two removals of what has ended so long ago.
    #[schemars(range(min = 1))]
    pub(crate) purge_interval: u32,
    /// Whether an audit event is written for each token that an application obtains.
    audit_issued_tokens: bool,
}

/// How the log is written.
#[derive(Clone, Copy, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

impl Default for Program {
    fn default() -> Self {
        let settings = Settings::new("");
        Self {
            data: PathBuf::from("data"),
            database_url: None,
            demo: false,
            token_prefix: Prefix::default().as_str().to_owned(),
            key_file: None,
            keys: None,
            log: LogFormat::Text,
            retention_days: settings.retention_days,
            audit_retention_days: settings.audit_retention_days,
            unused_registration_days: settings.unused_registration_days,
            purge_interval: 86_400,
            audit_issued_tokens: settings.audit_issued_tokens,
        }
    }
}

impl Subject for Program {
    fn check(&self) -> anyhow::Result<()> {
        self.prefix().map(drop)
    }

    fn tell(&self, settings: &mut Settings) {
        settings.retention_days = self.retention_days;
        settings.audit_retention_days = self.audit_retention_days;
        settings.unused_registration_days = self.unused_registration_days;
        settings.audit_issued_tokens = self.audit_issued_tokens;
    }
}

impl Program {
    /// Where the registry is.
    pub(crate) fn location(&self) -> Location {
        let url = self.database_url.clone();
        url.map_or_else(|| Location::Sqlite(self.data.join("grantor.db")), Location::Postgres)
    }

    /// The prefix of opaque tokens.
    pub(crate) fn prefix(&self) -> anyhow::Result<Prefix> {
        Prefix::parse(&self.token_prefix).context("token_prefix")
    }
}
