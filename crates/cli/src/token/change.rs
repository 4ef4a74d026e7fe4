//! `grantor token change`.

use clap::Args;

use crate::clock;
use crate::context::Context;
use crate::expiry::Expiry;
use crate::mutation::{Mutation, OWN, listed, said};
use crate::output;

/// Change the description of a token, or restrict it; options that are not given stay as they are
#[derive(Args)]
#[command(after_help = "Examples:
  grantor token change 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d --description 'nightly backup'
  grantor token change 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d --expires 7d --allow-ip 192.0.2.0/24")]
pub struct ChangeArgs {
    /// The id, as `grantor token list` shows it
    #[arg(value_name = "ID")]
    id: String,
    /// The description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The new expiry; not later than the current one
    #[arg(long, value_name = "WHEN")]
    expires: Option<Expiry>,
    /// An address or network from which it can be used, within the current ones; repeatable
    #[arg(long, value_name = "CIDR")]
    allow_ip: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const CHANGE: Mutation = Mutation {
    name: "apiAccessTokenUpdate",
    needs: OWN,
    payload: "apiAccessToken { uuid kind description expiresAt scopes }",
};

/// Changes the token.
pub(super) fn run(context: &Context, args: &ChangeArgs) -> anyhow::Result<()> {
    let id = super::parse_id(&args.id)?;
    let expires = args.expires.map(|expires| expires.end(context.now)).transpose()?;
    let input = said([
        ("id", Some(id.to_string().into())),
        ("description", args.description.clone().map(Into::into)),
        ("expiresAt", expires.map(clock::rfc3339).map(Into::into)),
        ("allowedIPAddresses", listed(args.allow_ip.clone())),
    ]);
    let changed = CHANGE.run(&context.server()?, &input)?;
    if args.json {
        return output::json(&changed["apiAccessToken"]);
    }
    output::note(&format!("Changed the token {id}."));
    Ok(())
}
