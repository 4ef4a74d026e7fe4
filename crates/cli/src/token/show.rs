//! `grantor token show`.

use clap::Args;

use super::adoption::{EXPAND, adoption, described, without_expanded};
use crate::context::Context;
use crate::{listing, output};

/// Show all properties of a token except its secret, which is not stored
#[derive(Args)]
#[command(after_help = "Example:\n  grantor token show 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d")]
pub struct ShowArgs {
    /// The id, as `grantor token list` shows it
    #[arg(value_name = "ID")]
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Shows the token.
pub(super) fn run(context: &Context, args: &ShowArgs) -> anyhow::Result<()> {
    let id = super::parse_id(&args.id)?;
    let row = super::get(&context.server()?, id, &format!("{},{EXPAND}", super::PARTIES))?;
    if args.json {
        return output::json(&row);
    }
    output::result(&listing::card(&without_expanded(&row)))?;
    if let Some(adoption) = adoption(&row, context.now) {
        output::note(&described(&adoption));
    }
    output::note(&format!("This token is {}.", super::state(&row)));
    Ok(())
}
