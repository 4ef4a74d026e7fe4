//! The command line of the program as a whole.

#[cfg(test)]
mod tests;

use clap::{Parser, Subcommand};
use cli::ServerUrl;

use crate::args::{CompletionsArgs, DemoDataArgs, ReferenceArgs, RotateKeysArgs, ServeArgs};

const EXAMPLES: &str = "\
Examples:
  grantor serve --demo                     start a server with a small world in it
  grantor login                            sign in to it through the browser
  grantor token create --app CLIENT_ID --description 'nightly backup' --scope read
  grantor query 'Systems_Security_AccessTokens?$top=5'
  grantor scan .                           find tokens in files

Environment:
  GRANTOR_URL          the server to talk to
  GRANTOR_TOKEN        the access token to present, instead of that of `grantor login`
  GRANTOR_CONFIG_HOME  the folder that keeps sign-ins

Exit status: 0 done, 1 something stood in the way, 2 the command line is wrong";

/// Issue, use, see and revoke access tokens.
#[derive(Parser)]
#[command(name = "grantor", version, after_help = EXAMPLES)]
pub(crate) struct CommandLine {
    /// The server to talk to [default: that of the last sign-in]
    #[arg(long, global = true, env = "GRANTOR_URL", hide_env_values = true, value_name = "URL")]
    #[arg(help_heading = "Global options")]
    pub(crate) url: Option<ServerUrl>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Subcommand)]
pub(crate) enum Command {
    Serve(ServeArgs),
    DemoData(DemoDataArgs),
    /// Look after the keys with which the server signs and encrypts
    #[command(subcommand, after_help = "Example:\n  grantor keys rotate --data /var/lib/grantor")]
    Keys(KeysCommand),
    #[command(flatten)]
    Client(cli::Command),
    Reference(ReferenceArgs),
    Completions(CompletionsArgs),
}

/// The commands about keys.
#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    Rotate(RotateKeysArgs),
}
