//! The arguments of the commands of the server.
//!
//! Every value is optional: the configuration (defaults < file < environment <
//! flags) has to tell what was given. A value that was not given is left out of
//! the serialized form.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::Shell;
use serde::Serialize;

use crate::config::Listen;

/// Serve both APIs, the issuer and the pages
///
/// Without a database URL the registry is one SQLite file in the data folder. The first start makes all that it needs.
#[derive(Args, Serialize)]
#[command(after_help = "Examples:
  grantor serve --demo
  grantor serve --data /var/lib/grantor --public-url https://id.example.org")]
pub(crate) struct ServeArgs {
    /// Where the registry and the configuration are.
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) store: StoreArgs,
    /// The address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listen: Option<Listen>,
    /// The address under which others reach the server [default: http:// and the address it listens on, on this computer alone]
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) public_url: Option<String>,
    /// Make a small world to try things in (loopback addresses only)
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) demo: Option<bool>,
}

/// Load further grants of every kind into the registry
#[derive(Args, Serialize)]
#[command(after_help = "Example:\n  grantor demo-data --grants 1000000")]
pub(crate) struct DemoDataArgs {
    /// Where the registry and the configuration are.
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) store: StoreArgs,
    /// How many
    #[arg(long, value_name = "N")]
    #[serde(skip)]
    pub(crate) grants: u64,
}

/// Make new keys, and re-encrypt what the old ones protect
#[derive(Args, Serialize)]
#[command(after_help = "Example:\n  grantor keys rotate --data /var/lib/grantor")]
pub(crate) struct RotateKeysArgs {
    /// Where the registry and the configuration are.
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) store: StoreArgs,
}

/// Where the registry and the configuration are.
///
/// No `Debug`: a database URL can hold a password.
#[derive(Args, Serialize)]
pub(crate) struct StoreArgs {
    /// The folder of the registry and its keys [default: data]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<PathBuf>,
    /// The PostgreSQL database of the registry, as postgres://USER@HOST/NAME, instead of SQLite
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database_url: Option<String>,
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub(crate) config: Option<PathBuf>,
}

/// Write the reference: a page for everything public, and the descriptions that programs read
#[derive(Args)]
#[command(after_help = "Examples:
  grantor reference --out site                     pages for a browser; open site/index.html
  grantor reference --out docs --format md         pages for a documentation tool")]
pub(crate) struct ReferenceArgs {
    /// The folder to write into; it is made where there is none
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The form of the pages
    #[arg(long, value_enum, default_value_t = Format::Html)]
    pub(crate) format: Format,
}

/// The form of the pages.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// HTML that needs no server
    Html,
    /// Markdown with front matter and a table of contents
    Md,
}

/// Print a script with which a shell completes commands and options
#[derive(Args)]
#[command(after_help = "Examples:
  grantor completions bash > ~/.local/share/bash-completion/completions/grantor
  grantor completions zsh > ~/.zfunc/_grantor")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}
