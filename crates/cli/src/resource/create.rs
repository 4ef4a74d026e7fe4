//! `grantor resource create`.

use clap::Args;

use super::Format;
use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, listed, said};
use crate::{output, scopes};

/// Add a service for which tokens can be asked for (RFC 8707)
#[derive(Args)]
#[command(after_help = "Example:
  grantor resource create https://orders.example/api --name Orders --scope orders:read")]
pub struct CreateArgs {
    /// The address by which applications name it
    #[arg(value_name = "URI")]
    identifier: String,
    /// Its name
    #[arg(long)]
    name: String,
    /// What it is, for the people who are asked to agree
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// A scope that means something to it; may be repeated [default: all]
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// How long its tokens are valid at the most, in seconds
    #[arg(long, value_name = "SECONDS")]
    lifetime: Option<u32>,
    /// The form of its tokens [default: that of the application]
    #[arg(long)]
    format: Option<Format>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const CREATE: Mutation =
    Mutation { name: "apiResourceCreate", needs: ADMINISTRATOR, payload: super::PAYLOAD };

/// Adds it.
pub(super) fn run(context: &Context, args: &CreateArgs) -> anyhow::Result<()> {
    let input = said([
        ("identifier", Some(args.identifier.as_str().into())),
        ("name", Some(args.name.as_str().into())),
        ("description", args.description.clone().map(Into::into)),
        ("scopes", listed(scopes::split(&args.scope))),
        ("accessTokenLifetime", args.lifetime.map(Into::into)),
        ("accessTokenFormat", args.format.map(|format| format.name().into())),
    ]);
    let created = CREATE.run(&context.server()?, &input)?;
    if args.json {
        return output::json(&created["apiResource"]);
    }
    output::note(&format!("Added the service {}.", args.identifier));
    Ok(())
}
