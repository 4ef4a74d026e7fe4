//! `grantor scope create`.

use clap::Args;

use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, said};
use crate::output;

/// Add a scope to the catalogue
#[derive(Args)]
#[command(after_help = "Example:
  grantor scope create orders:read --display-name 'Orders' --description 'See your orders'")]
pub struct CreateArgs {
    /// Its name on the wire
    #[arg(value_name = "NAME")]
    name: String,
    /// What it is called where people see it
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    /// What it allows, for the people who are asked to agree
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Let applications have it that register themselves
    #[arg(long)]
    default: bool,
    /// Do not name it in the metadata of the issuer
    #[arg(long)]
    unlisted: bool,
    /// Let it count for administrators alone
    #[arg(long)]
    administrators_only: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const CREATE: Mutation = Mutation { name: "apiScopeCreate", needs: ADMINISTRATOR, payload: super::PAYLOAD };

/// Adds it.
pub(super) fn run(context: &Context, args: &CreateArgs) -> anyhow::Result<()> {
    let input = said([
        ("name", Some(args.name.as_str().into())),
        ("displayName", args.display_name.clone().map(Into::into)),
        ("description", args.description.clone().map(Into::into)),
        ("isDefault", Some(args.default.into())),
        ("isListed", Some((!args.unlisted).into())),
        ("administratorsOnly", Some(args.administrators_only.into())),
    ]);
    let created = CREATE.run(&context.server()?, &input)?;
    if args.json {
        return output::json(&created["apiScope"]);
    }
    output::note(&format!("Added the scope {} to the catalogue.", args.name));
    Ok(())
}
