//! `grantor token rotate`.

use clap::Args;

use crate::clock;
use crate::context::Context;
use crate::expiry::Expiry;
use crate::mutation::{Mutation, OWN, said};

/// Replace a token by a successor with a new secret and the same permissions
///
/// The new secret is printed once, alone on standard output. The previous secret becomes invalid at once, or at the time given by --keep-old-for.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor token rotate 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d
  grantor token rotate 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d --keep-old-for 1h --expires 90d
  grantor token rotate 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d --keep-old-for 7d --until-adopted")]
pub struct RotateArgs {
    /// The id, as `grantor token list` shows it
    #[arg(value_name = "ID")]
    id: String,
    /// How long the previous secret stays valid, such as 1h or until a time [default: not at all]
    #[arg(long, value_name = "WHEN")]
    keep_old_for: Option<Expiry>,
    /// End the previous secret earlier, as soon as the new one was used from every address that used the previous one in its last 30 days
    #[arg(long, requires = "keep_old_for")]
    until_adopted: bool,
    /// The expiry of the successor, such as 90d or a time [default: that of the token]
    #[arg(long, value_name = "WHEN")]
    expires: Option<Expiry>,
    /// Print JSON: the successor with its secret
    #[arg(long)]
    json: bool,
}

const ROTATE: Mutation = Mutation { name: "apiAccessTokenRotate", needs: OWN, payload: super::WITH_SECRET };

/// Rotates the token and prints the new secret.
pub(super) fn run(context: &Context, args: &RotateArgs) -> anyhow::Result<()> {
    let id = super::parse_id(&args.id)?;
    let end = |expiry: Option<Expiry>| expiry.map(|expiry| expiry.end(context.now)).transpose();
    let overlap = end(args.keep_old_for)?.map(|until| (until - context.now).whole_seconds());
    let expires = end(args.expires)?.map(clock::rfc3339);
    let input = said([
        ("id", Some(id.to_string().into())),
        ("overlap", overlap.map(Into::into)),
        ("untilAdopted", args.until_adopted.then_some(true.into())),
        ("expiresAt", expires.map(Into::into)),
    ]);
    super::show_secret(&ROTATE.run(&context.server()?, &input)?, args.json)
}
