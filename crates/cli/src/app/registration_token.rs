//! `grantor app registration-token`.

use clap::Args;

use crate::clock;
use crate::context::Context;
use crate::expiry::Expiry;
use crate::mutation::{ADMINISTRATOR, Mutation, said};
use crate::output;

/// Create a token for dynamic client registration
///
/// The token has no other use, and becomes invalid after its last registration. It is printed once, alone on standard output.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor app registration-token --description 'the new portal'
  grantor app registration-token --uses 20 --expires 1d")]
pub struct RegistrationTokenArgs {
    /// What the token is for
    #[arg(long)]
    description: Option<String>,
    /// The number of registrations
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    uses: u32,
    /// When the token expires: in hours, days or weeks (12h, 7d, 4w), or at a time (RFC 3339)
    #[arg(long, value_name = "WHEN", default_value = "7d")]
    expires: Expiry,
    /// Print JSON: the token with its id and expiry
    #[arg(long)]
    json: bool,
}

const CREATE: Mutation = Mutation {
    name: "apiApplicationRegistrationTokenCreate",
    needs: ADMINISTRATOR,
    payload: "secret uuid expiresAt",
};

/// Creates the token and prints its secret.
pub(super) fn run(context: &Context, args: &RegistrationTokenArgs) -> anyhow::Result<()> {
    let expires = args.expires.end(context.now)?;
    let input = said([
        ("description", args.description.as_deref().map(Into::into)),
        ("uses", Some(args.uses.into())),
        ("expiresAt", Some(clock::rfc3339(expires).into())),
    ]);
    let created = CREATE.run(&context.server()?, &input)?;
    if args.json {
        return output::json_with_secret(&created);
    }
    Ok(output::secret(created["secret"].as_str().unwrap_or_default())?)
}
