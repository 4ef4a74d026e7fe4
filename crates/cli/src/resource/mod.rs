//! `grantor resource`: the services for which tokens can be asked for.

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

/// What is read of a service that was added or changed.
const PAYLOAD: &str =
    "apiResource { uuid identifier name description scopes accessTokenLifetime accessTokenFormat isActive }";

/// The form of the tokens for a service.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Opaque, revocable at once
    Reference,
    /// Signed (RFC 9068), which the service can check by itself
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

/// Does what the command asks for.
pub(crate) fn run(context: &Context, command: ResourceCommand) -> anyhow::Result<()> {
    match command {
        ResourceCommand::Create(args) => create::run(context, &args),
        ResourceCommand::Change(args) => change::run(context, &args),
        ResourceCommand::Retire(args) => change::retire(context, &args),
        ResourceCommand::List(args) => list::run(context, &args),
    }
}
