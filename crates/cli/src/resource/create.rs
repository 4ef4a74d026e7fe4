//! `grantor resource create`.

use clap::Args;

use super::Format;
use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, listed, said};
use crate::{output, scopes};

/// Add a resource server for which clients can request tokens (RFC 8707)
#[derive(Args)]
#[command(after_help = "Example:
  grantor resource create https://orders.example/api --name Orders --scope orders:read")]
pub struct CreateArgs {
    /// The resource identifier, a URI
    #[arg(value_name = "URI")]
    identifier: String,
    /// The name
    #[arg(long)]
    name: String,
    /// The description that users see on the consent page
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// A scope that it accepts; repeatable [default: all]
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// Maximum lifetime of its tokens, in seconds
    #[arg(long, value_name = "SECONDS")]
    lifetime: Option<u32>,
    /// The format of its tokens [default: that of the application]
    #[arg(long)]
    format: Option<Format>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const CREATE: Mutation =
    Mutation { name: "apiResourceCreate", needs: ADMINISTRATOR, payload: super::PAYLOAD };

/// Adds the resource server.
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
