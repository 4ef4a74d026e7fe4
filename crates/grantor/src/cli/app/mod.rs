//! `grantor app`: applications.

mod create;
mod list;
mod registration_token;
mod rotate_secret;
mod show;

use clap::Subcommand;
use model::{Entity, Record as _};

use super::context::Context;

#[derive(Subcommand)]
pub(crate) enum AppCommand {
    Create(create::CreateArgs),
    List(list::ListAppsArgs),
    RegistrationToken(registration_token::RegistrationTokenArgs),
    RotateSecret(rotate_secret::RotateSecretArgs),
    Show(show::ShowArgs),
}

/// Does what the command asks for.
pub(crate) fn run(context: &Context, command: AppCommand) -> anyhow::Result<()> {
    match command {
        AppCommand::Create(args) => create::run(context, &args),
        AppCommand::List(args) => list::run(context, &args),
        AppCommand::RegistrationToken(args) => registration_token::run(context, &args),
        AppCommand::RotateSecret(args) => rotate_secret::run(context, &args),
        AppCommand::Show(args) => show::run(context, &args),
    }
}

fn entity() -> &'static Entity {
    model::entities::TrustedApplication::entity()
}
