//! `grantor token narrow`.

use clap::Args;
use serde_json::Value;

use crate::context::Context;
use crate::mutation::{Mutation, OWN, listed, said};
use crate::{output, scopes};

/// Remove scopes from a token: those that it has not used, or all but the given ones
///
/// The tokens that it created are narrowed with it. This cannot be undone: a token never gains a scope.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor token narrow 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d
  grantor token narrow 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d --scope read")]
pub struct NarrowArgs {
    /// The id, as `grantor token list` shows it
    #[arg(value_name = "ID")]
    id: String,
    /// A scope that it keeps; repeatable [default: those that it has used]
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const NARROW: Mutation = Mutation { name: "apiAccessTokenNarrow", needs: OWN, payload: "scopes" };

/// Narrows the token and prints its scopes.
pub(super) fn run(context: &Context, args: &NarrowArgs) -> anyhow::Result<()> {
    let id = super::parse_id(&args.id)?;
    let input = said([("id", Some(id.to_string().into())), ("scopes", listed(scopes::split(&args.scope)))]);
    let narrowed = NARROW.run(&context.server()?, &input)?;
    if args.json {
        return output::json(&narrowed);
    }
    let kept = narrowed["scopes"].as_array().cloned().unwrap_or_default();
    let kept: Vec<_> = kept.iter().filter_map(Value::as_str).collect();
    output::note("Remaining scopes:");
    Ok(output::result(&output::clean(&kept.join(" ")))?)
}
