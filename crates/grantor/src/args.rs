//! The arguments of the commands of the server.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::Shell;

use crate::config::{Config, FlagSet, Flags};

/// Start the server
///
/// Without a database URL the registry is one SQLite file in the data folder. The first start creates all files.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor serve --demo
  grantor serve --data /var/lib/grantor --public-url https://id.example.org")]
pub(crate) struct ServeArgs {
    /// The settings.
    #[command(flatten)]
    pub(crate) settings: SettingArgs<Serve>,
}

/// Add grants of every kind to the registry
#[derive(Args)]
#[command(after_help = "Example:\n  grantor demo-data --grants 1000000")]
pub(crate) struct DemoDataArgs {
    /// The settings.
    #[command(flatten)]
    pub(crate) settings: SettingArgs<Offline>,
    /// The number of grants
    #[arg(long, value_name = "N")]
    pub(crate) grants: u64,
}

/// Create new keys, and re-encrypt what the old ones protect
#[derive(Args)]
#[command(after_help = "Example:\n  grantor keys rotate --data /var/lib/grantor")]
pub(crate) struct RotateKeysArgs {
    /// The settings.
    #[command(flatten)]
    pub(crate) settings: SettingArgs<Offline>,
}

/// Print a link with which an administrator sets a new password
///
/// On SQLite, stop the server first.
#[derive(Args)]
#[command(after_help = "Example:\n  grantor admin recover --login ada --data /var/lib/grantor")]
pub(crate) struct RecoverArgs {
    /// The settings.
    #[command(flatten)]
    pub(crate) settings: SettingArgs<Offline>,
    /// The login of the administrator
    #[arg(long)]
    pub(crate) login: String,
    /// Also remove the second factors, and end a lockout
    #[arg(long)]
    pub(crate) reset_second_factor: bool,
}

/// The configuration file, and the settings that the command has as flags.
#[derive(Args)]
pub(crate) struct SettingArgs<S: FlagSet> {
    /// The flags.
    #[command(flatten)]
    pub(crate) flags: Flags<S>,
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

impl<S: FlagSet> SettingArgs<S> {
    /// Reads the configuration.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub(crate) fn load(&self) -> anyhow::Result<Config> {
        Config::load(self.config.as_deref(), &self.flags)
    }
}

/// The flags of `grantor serve`.
pub(crate) struct Serve;

impl FlagSet for Serve {
    const FLAGS: &'static [(&'static str, &'static str)] = &[
        ("data", "DIR"),
        ("database_url", "URL"),
        ("listen", "ADDR:PORT"),
        ("public_url", "URL"),
        ("demo", "BOOL"),
    ];
}

/// The flags of commands that open the registry without a server.
pub(crate) struct Offline;

impl FlagSet for Offline {
    const FLAGS: &'static [(&'static str, &'static str)] = &[("data", "DIR"), ("database_url", "URL")];
}

/// Write the reference: pages and machine-readable descriptions
#[derive(Args)]
#[command(after_help = "Examples:
  grantor reference --out site                     pages for a browser; open site/index.html
  grantor reference --out docs --format md         pages for a documentation tool")]
pub(crate) struct ReferenceArgs {
    /// The folder for the files; created if it does not exist
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The format of the pages
    #[arg(long, value_enum, default_value_t = Format::Html)]
    pub(crate) format: Format,
}

/// The format of the pages.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// HTML that needs no server
    Html,
    /// Markdown with front matter and a table of contents
    Md,
}

/// Print a completion script for a shell
#[derive(Args)]
#[command(after_help = "Examples:
  grantor completions bash > ~/.local/share/bash-completion/completions/grantor
  grantor completions zsh > ~/.zfunc/_grantor")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}
