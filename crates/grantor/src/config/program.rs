use std::path::PathBuf;

use anyhow::Context as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;
use store::Location;
use token::Prefix;

/// The program and its data
// No `Debug`: a database URL can hold a password.
#[derive(Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub(crate) struct Program {
    /// The folder of the registry, its keys and its lock.
    #[default("data")]
    pub(crate) data: PathBuf,
    /// The PostgreSQL database of the registry, as `postgres://USER@HOST/NAME`, instead of the SQLite file in the folder.
    database_url: Option<String>,
    /// Creates the demonstration data. Only on loopback addresses.
    pub(crate) demo: bool,
    /// The prefix of opaque tokens. Used only at the first start.
    #[default(Prefix::default().as_str().to_owned())]
    token_prefix: String,
    /// The file with the keys for encryption at rest. By default `keys` in the folder.
    pub(crate) key_file: Option<PathBuf>,
    /// The keys themselves, one per line, the current one first. For the environment only.
    pub(crate) keys: Option<String>,
    /// The format of the log.
    pub(crate) log: LogFormat,
}

/// The format of the log.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// Text.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

impl Program {
    /// Returns the location of the registry.
    pub(crate) fn location(&self) -> Location {
        let url = self.database_url.clone();
        url.map_or_else(|| Location::Sqlite(self.data.join("grantor.db")), Location::Postgres)
    }

    /// Returns the prefix of opaque tokens.
    pub(crate) fn prefix(&self) -> anyhow::Result<Prefix> {
        Prefix::parse(&self.token_prefix).context("token_prefix")
    }
}
