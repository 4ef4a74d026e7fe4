//! `grantor user`: users.

mod create;
mod disable;
mod invite;
mod list;
mod manage;
mod update;

use clap::Subcommand;

use super::context::Context;

#[derive(Subcommand)]
pub enum UserCommand {
    Create(create::CreateArgs),
    List(list::ListUsersArgs),
    Update(update::UpdateArgs),
    Invite(invite::InviteArgs),
    Link(invite::LinkArgs),
    Disable(disable::DisableArgs),
    Delete(disable::DeleteArgs),
    Enable(disable::EnableArgs),
    Sessions(manage::SessionsArgs),
    SignOut(manage::SignOutArgs),
    Unlock(manage::UnlockArgs),
    ResetSecondFactor(manage::ResetArgs),
}

/// Runs the command.
pub(crate) fn run(context: &Context, command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Create(args) => create::run(context, &args),
        UserCommand::List(args) => list::run(context, &args),
        UserCommand::Update(args) => update::run(context, &args),
        UserCommand::Invite(args) => invite::invite(context, &args),
        UserCommand::Link(args) => invite::link(context, &args),
        UserCommand::Disable(args) => disable::disable(context, &args),
        UserCommand::Delete(args) => disable::delete(context, &args),
        UserCommand::Enable(args) => disable::enable(context, &args),
        UserCommand::ResetSecondFactor(args) => manage::reset(context, &args),
        UserCommand::Unlock(args) => manage::unlock(context, &args),
        UserCommand::Sessions(args) => manage::sessions(context, &args),
        UserCommand::SignOut(args) => manage::sign_out(context, &args),
    }
}
