//! The commands that work with a server: one file per verb or noun.

mod app;
mod browser;
mod clock;
mod context;
mod credentials;
mod device;
mod encode;
mod expiry;
mod http;
mod import;
mod json;
mod listing;
mod login;
mod logout;
mod mutation;
mod output;
mod problem;
mod qr;
mod query;
mod resource;
mod rows;
mod scan;
mod scope;
mod scopes;
mod server;
mod server_url;
#[cfg(test)]
mod tests;
mod token;
mod user;
mod whoami;

use clap::Subcommand;

use context::Context;
pub use output::{report, result};
pub use server_url::ServerUrl;

/// The commands that work with a server.
#[derive(Subcommand)]
#[allow(missing_docs, reason = "the types of the arguments have the help texts")]
pub enum Command {
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Whoami(whoami::WhoamiArgs),
    /// Create, list, show, change and revoke access tokens
    #[command(subcommand, after_help = "Example:\n  grantor token list")]
    Token(token::TokenCommand),
    /// Register, list, show and change applications (clients)
    #[command(subcommand, after_help = "Example:\n  grantor app list")]
    App(app::AppCommand),
    /// Create, invite, list, disable and unlock users, and manage their second factors and sessions
    #[command(subcommand, after_help = "Example:\n  grantor user list")]
    User(user::UserCommand),
    /// Add, list, change and retire the scopes of the catalogue
    #[command(subcommand, after_help = "Example:\n  grantor scope list")]
    Scope(scope::ScopeCommand),
    /// Add, list, change and retire resource servers
    #[command(subcommand, after_help = "Example:\n  grantor resource list")]
    Resource(resource::ResourceCommand),
    Query(query::QueryArgs),
    Import(import::ImportArgs),
    Scan(scan::ScanArgs),
}

/// Runs a command; `url` is the server that the command line names.
///
/// # Errors
/// The reason of the failure, as a message for the user ([`report`] prints it).
pub fn run(command: Command, url: Option<ServerUrl>) -> anyhow::Result<()> {
    let context = || Context::from_environment(url);
    match command {
        Command::Login(args) => login::run(&context()?, args),
        Command::Logout(args) => logout::run(&context()?, &args),
        Command::Whoami(args) => whoami::run(&context()?, &args),
        Command::Token(command) => token::run(&context()?, command),
        Command::App(command) => app::run(&context()?, command),
        Command::User(command) => user::run(&context()?, command),
        Command::Scope(command) => scope::run(&context()?, command),
        Command::Resource(command) => resource::run(&context()?, command),
        Command::Query(args) => query::run(&context()?, &args),
        Command::Import(args) => import::run(&context()?, &args),
        Command::Scan(args) => scan::run(&args),
    }
}
