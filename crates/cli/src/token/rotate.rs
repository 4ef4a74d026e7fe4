//! `grantor token rotate`.

use clap::Args;

use crate::clock;
use crate::context::Context;
use crate::expiry::Expiry;
use crate::mutation::{Mutation, OWN, said};

/// Give a token a successor with a new secret, which may do the same
///
/// The new secret is printed once, alone on standard output. The former one is no longer good, unless --keep-old-for says until when.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor token rotate 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d
  grantor token rotate 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d --keep-old-for 1h --expires 90d")]
pub struct RotateArgs {
    /// The id, as `grantor token list` shows it
    #[arg(value_name = "ID")]
    id: String,
    /// Until when the former secret is good as well, such as 1h or a time [default: no longer]
    #[arg(long, value_name = "WHEN")]
    keep_old_for: Option<Expiry>,
    /// When the successor expires, such as 90d or a time [default: as the token itself]
    #[arg(long, value_name = "WHEN")]
    expires: Option<Expiry>,
    /// Print JSON: the successor with its secret
    #[arg(long)]
    json: bool,
}

const ROTATE: Mutation = Mutation { name: "apiAccessTokenRotate", needs: OWN, payload: super::WITH_SECRET };

/// Rotates it and prints the new secret.
pub(super) fn run(context: &Context, args: &RotateArgs) -> anyhow::Result<()> {
    let id = super::parse_id(&args.id)?;
    let end = |expiry: Option<Expiry>| expiry.map(|expiry| expiry.end(context.now)).transpose();
    let overlap = end(args.keep_old_for)?.map(|until| (until - context.now).whole_seconds());
    let expires = end(args.expires)?.map(clock::rfc3339);
    let input = said([
        ("id", Some(id.to_string().into())),
        ("overlap", overlap.map(Into::into)),
        ("expiresAt", expires.map(Into::into)),
    ]);
    super::show_secret(&ROTATE.run(&context.server()?, &input)?, args.json)
}
