//! `grantor app rotate-secret`.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::clock;
use crate::cli::context::Context;
use crate::cli::expiry::Expiry;
use crate::cli::output;

/// Give an application a new secret
///
/// It is printed once, alone on standard output. The secret before is no longer good, unless --keep-old-for says until when.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor app rotate-secret backup
  grantor app rotate-secret backup --keep-old-for 7d")]
pub(crate) struct RotateSecretArgs {
    /// The client id
    #[arg(value_name = "CLIENT_ID")]
    client_id: String,
    /// Until when the secret before is good as well, such as 12h, 7d or a time [default: no longer]
    #[arg(long, value_name = "WHEN")]
    keep_old_for: Option<Expiry>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const DOCUMENT: &str = "mutation($input: APIApplicationRotateSecretMutationInput!) {
    apiApplicationRotateSecret(input: $input) { clientSecret }
}";

/// Rotates it and prints the new one.
pub(super) fn run(context: &Context, args: &RotateSecretArgs) -> anyhow::Result<()> {
    let mut input = json!({"clientId": args.client_id});
    if let Some(until) = args.keep_old_for
        && let Some(moment) = until.moment(context.now)?
    {
        input["formerSecretValidUntil"] = clock::rfc3339(moment).into();
    }
    let data: Value = context.server()?.graphql(&["update", "sec"], DOCUMENT, &json!({"input": input}))?;
    let rotated = &data["apiApplicationRotateSecret"];
    output::note("Keep the secret now: it is not shown again.");
    if args.json {
        return output::json(rotated);
    }
    output::secret(rotated["clientSecret"].as_str().unwrap_or_default())?;
    Ok(())
}
