//! `grantor app`: applications.

mod change;
mod create;
mod delete;
mod list;
mod registration_token;
mod rotate_secret;
mod show;

use std::path::Path;

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use model::{Entity, Record as _};
use serde_json::{Map, Value};

use super::context::Context;

#[derive(Subcommand)]
pub enum AppCommand {
    Create(create::CreateArgs),
    List(list::ListAppsArgs),
    Show(show::ShowArgs),
    Change(change::ChangeArgs),
    Delete(delete::DeleteArgs),
    RotateSecret(rotate_secret::RotateSecretArgs),
    RegistrationToken(registration_token::RegistrationTokenArgs),
}

/// Runs the command.
pub(crate) fn run(context: &Context, command: AppCommand) -> anyhow::Result<()> {
    match command {
        AppCommand::Create(args) => create::run(context, &args),
        AppCommand::Change(args) => change::run(context, &args),
        AppCommand::Delete(args) => delete::run(context, &args),
        AppCommand::List(args) => list::run(context, &args),
        AppCommand::RegistrationToken(args) => registration_token::run(context, &args),
        AppCommand::RotateSecret(args) => rotate_secret::run(context, &args),
        AppCommand::Show(args) => show::run(context, &args),
    }
}

fn entity() -> &'static Entity {
    model::entities::TrustedApplication::entity()
}

/// The users who can create tokens for an application.
#[derive(Clone, Copy, ValueEnum)]
enum ReferenceTokens {
    /// No user
    None,
    /// Every user
    Users,
    /// Administrators
    Admins,
}

impl ReferenceTokens {
    const fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Users => "AUTHENTICATED_USERS",
            Self::Admins => "ADMINISTRATORS_ONLY",
        }
    }
}

/// Returns the format of an application's access tokens.
const fn token_format(signed: bool) -> &'static str {
    if signed { "JWT" } else { "REFERENCE" }
}

/// Reads further client metadata, by the names of RFC 7591.
fn metadata(file: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let members: Map<String, Value> =
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON object", file.display()))?;
    Ok(Value::Object(members))
}
