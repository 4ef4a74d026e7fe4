//! The command line: one file per verb or noun.

mod app;
mod browser;
mod clock;
mod completions;
mod context;
mod credentials;
mod device;
mod encode;
mod expiry;
mod http;
mod json;
mod listing;
mod login;
mod logout;
mod mutation;
mod output;
mod problem;
mod qr;
mod query;
mod reference;
mod resource;
mod rows;
mod scan;
mod scope;
mod scopes;
mod serve;
mod server;
mod server_url;
#[cfg(test)]
mod stub;
#[cfg(test)]
mod tests;
mod token;
mod user;
mod whoami;

pub(crate) use output::report;
#[allow(unused_imports, reason = "the server's configuration names the type")]
pub(crate) use serve::StoreArgs;
pub(crate) use serve::{DemoDataArgs, RotateKeysArgs, ServeArgs};

use clap::{Parser, Subcommand};

use context::Context;
use server_url::ServerUrl;

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
pub(crate) struct Cli {
    /// The server to talk to [default: that of the last sign-in]
    #[arg(long, global = true, env = "GRANTOR_URL", hide_env_values = true, value_name = "URL")]
    #[arg(help_heading = "Global options")]
    url: Option<ServerUrl>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(ServeArgs),
    DemoData(DemoDataArgs),
    /// Look after the keys with which the server signs and encrypts
    #[command(subcommand, after_help = "Example:\n  grantor keys rotate --data /var/lib/grantor")]
    Keys(KeysCommand),
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Whoami(whoami::WhoamiArgs),
    /// Create, list, show, change and revoke access tokens
    #[command(subcommand, after_help = "Example:\n  grantor token list")]
    Token(token::TokenCommand),
    /// Register, list, show and change applications
    #[command(subcommand, after_help = "Example:\n  grantor app list")]
    App(app::AppCommand),
    /// Create and list users, and help those who cannot get in
    #[command(subcommand, after_help = "Example:\n  grantor user list")]
    User(user::UserCommand),
    /// Add, list, change and retire the scopes of the catalogue
    #[command(subcommand, after_help = "Example:\n  grantor scope list")]
    Scope(scope::ScopeCommand),
    /// Add, list, change and retire the services for which tokens can be asked for
    #[command(subcommand, after_help = "Example:\n  grantor resource list")]
    Resource(resource::ResourceCommand),
    Query(query::QueryArgs),
    Scan(scan::ScanArgs),
    Reference(reference::ReferenceArgs),
    Completions(completions::CompletionsArgs),
}

#[derive(Subcommand)]
enum KeysCommand {
    Rotate(RotateKeysArgs),
}

/// Does what the command line asks for.
///
/// # Errors
/// Whatever stood in the way, in words for the person at the keyboard ([`report`] prints it).
pub(crate) fn run(cli: Cli) -> anyhow::Result<()> {
    let url = cli.url;
    let context = || Context::from_environment(url.clone());
    match cli.command {
        Command::Serve(args) => crate::serve::run(&args),
        Command::DemoData(args) => crate::serve::demo_data(&args),
        Command::Keys(KeysCommand::Rotate(args)) => crate::serve::rotate_keys(&args),
        Command::Login(args) => login::run(&context()?, args),
        Command::Logout(args) => logout::run(&context()?, &args),
        Command::Whoami(args) => whoami::run(&context()?, &args),
        Command::Token(command) => token::run(&context()?, command),
        Command::App(command) => app::run(&context()?, command),
        Command::User(command) => user::run(&context()?, command),
        Command::Scope(command) => scope::run(&context()?, command),
        Command::Resource(command) => resource::run(&context()?, command),
        Command::Query(args) => query::run(&context()?, &args),
        Command::Scan(args) => scan::run(&args),
        Command::Reference(args) => reference::run(&args, url),
        Command::Completions(args) => completions::run(&args),
    }
}
