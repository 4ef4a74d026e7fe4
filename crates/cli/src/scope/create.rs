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
    /// The name of the scope
    #[arg(value_name = "NAME")]
    name: String,
    /// The display name
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    /// The description that users see on the consent page
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Make it a default scope of clients that register themselves
    #[arg(long)]
    default: bool,
    /// Leave it out of the metadata of the issuer
    #[arg(long)]
    unlisted: bool,
    /// Make it valid for administrators only
    #[arg(long)]
    administrators_only: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const CREATE: Mutation = Mutation { name: "apiScopeCreate", needs: ADMINISTRATOR, payload: super::PAYLOAD };

/// Adds the scope.
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
