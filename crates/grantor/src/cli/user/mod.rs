//! `grantor user`: users.

mod create;
mod list;

use clap::Subcommand;

use super::context::Context;

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    Create(create::CreateArgs),
    List(list::ListUsersArgs),
}

/// Does what the command asks for.
pub(crate) fn run(context: &Context, command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Create(args) => create::run(context, &args),
        UserCommand::List(args) => list::run(context, &args),
    }
}
