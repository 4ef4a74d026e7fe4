//! The command line of the program.

#[cfg(test)]
mod tests;

use clap::{Parser, Subcommand};
use cli::ServerUrl;

use crate::args::{CompletionsArgs, DemoDataArgs, RecoverArgs, ReferenceArgs, RotateKeysArgs, ServeArgs};

const EXAMPLES: &str = "\
Examples:
  grantor serve --demo                     start a server with demonstration data
  grantor login                            sign in to it through the browser
  grantor token create --app CLIENT_ID --description 'nightly backup' --scope read
  grantor query 'Systems_Security_AccessTokens?$top=5'
  grantor scan .                           find tokens in files

Environment:
  GRANTOR_URL          the address of the server
  GRANTOR_TOKEN        the access token, instead of that of `grantor login`
  GRANTOR_CONFIG_HOME  the folder of the sign-ins

Exit status: 0 done, 1 error, 2 invalid command line";

/// Issue, use, list and revoke access tokens.
#[derive(Parser)]
#[command(name = "grantor", version, after_help = EXAMPLES)]
pub(crate) struct CommandLine {
    /// The address of the server [default: that of the last sign-in]
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
    /// Manage the keys with which the server encrypts
    #[command(subcommand, after_help = "Example:\n  grantor keys rotate --data /var/lib/grantor")]
    Keys(KeysCommand),
    /// Regain access as an administrator, on the machine of the registry
    #[command(
        subcommand,
        after_help = "Example:\n  grantor admin recover --login ada --data /var/lib/grantor"
    )]
    Admin(AdminCommand),
    #[command(flatten)]
    Client(cli::Command),
    Reference(ReferenceArgs),
    Completions(CompletionsArgs),
}

/// The commands for administrators.
#[derive(Subcommand)]
pub(crate) enum AdminCommand {
    Recover(RecoverArgs),
}

/// The commands for keys.
#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    Rotate(RotateKeysArgs),
}
