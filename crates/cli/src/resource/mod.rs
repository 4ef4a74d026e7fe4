//! `grantor resource`: the resource servers for which clients can request tokens.

mod change;
mod create;
mod list;

use clap::{Subcommand, ValueEnum};

use super::context::Context;

#[derive(Subcommand)]
pub enum ResourceCommand {
    Create(create::CreateArgs),
    List(list::ListResourcesArgs),
    Change(change::ChangeArgs),
    Retire(change::RetireArgs),
}

/// The fields that are read of an added or changed resource server.
const PAYLOAD: &str =
    "apiResource { uuid identifier name description scopes accessTokenLifetime accessTokenFormat isActive }";

/// The format of the tokens for a resource server.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Opaque, revocable at once
    Reference,
    /// Signed (RFC 9068): the resource server can verify them itself
    Jwt,
}

impl Format {
    const fn name(self) -> &'static str {
        match self {
            Self::Reference => "REFERENCE",
            Self::Jwt => "JWT",
        }
    }
}

/// Runs the command.
pub(crate) fn run(context: &Context, command: ResourceCommand) -> anyhow::Result<()> {
    match command {
        ResourceCommand::Create(args) => create::run(context, &args),
        ResourceCommand::Change(args) => change::run(context, &args),
        ResourceCommand::Retire(args) => change::retire(context, &args),
        ResourceCommand::List(args) => list::run(context, &args),
    }
}
