//! `grantor app rotate-secret`.

use clap::Args;

use crate::clock;
use crate::context::Context;
use crate::expiry::Expiry;
use crate::mutation::{ADMINISTRATOR, Mutation, said};
use crate::output;

/// Create a new secret for an application
///
/// The secret is printed once, alone on standard output. The previous secret becomes invalid at once, or at the time given by --keep-old-for.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor app rotate-secret backup
  grantor app rotate-secret backup --keep-old-for 7d")]
pub struct RotateSecretArgs {
    /// The client id
    #[arg(value_name = "CLIENT_ID")]
    client_id: String,
    /// How long the previous secret stays valid, such as 12h, 7d or until a time [default: not at all]
    #[arg(long, value_name = "WHEN")]
    keep_old_for: Option<Expiry>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const ROTATE: Mutation =
    Mutation { name: "apiApplicationRotateSecret", needs: ADMINISTRATOR, payload: "clientSecret" };

/// Rotates the secret and prints the new one.
pub(super) fn run(context: &Context, args: &RotateSecretArgs) -> anyhow::Result<()> {
    let until = args.keep_old_for.map(|until| until.end(context.now)).transpose()?;
    let input = said([
        ("clientId", Some(args.client_id.as_str().into())),
        ("formerSecretValidUntil", until.map(|until| clock::rfc3339(until).into())),
    ]);
    let rotated = ROTATE.run(&context.server()?, &input)?;
    if args.json {
        return output::json_with_secret(&rotated);
    }
    Ok(output::secret(rotated["clientSecret"].as_str().unwrap_or_default())?)
}
