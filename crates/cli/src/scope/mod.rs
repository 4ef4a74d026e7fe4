//! `grantor scope`: the catalogue of permissions.

mod change;
mod create;
mod list;

use clap::Subcommand;

use super::context::Context;

/// The fields that are read of an added or changed scope.
const PAYLOAD: &str =
    "apiScope { uuid name displayName description isActive isDefault isListed administratorsOnly }";

#[derive(Subcommand)]
pub enum ScopeCommand {
    Create(create::CreateArgs),
    List(list::ListScopesArgs),
    Change(change::ChangeArgs),
    Retire(change::RetireArgs),
}

/// Runs the command.
pub(crate) fn run(context: &Context, command: ScopeCommand) -> anyhow::Result<()> {
    match command {
        ScopeCommand::Create(args) => create::run(context, &args),
        ScopeCommand::Change(args) => change::run(context, &args),
        ScopeCommand::Retire(args) => change::retire(context, &args),
        ScopeCommand::List(args) => list::run(context, &args),
    }
}
