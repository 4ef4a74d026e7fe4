//! `grantor token create`.

use clap::Args;
use serde_json::Value;
use time::OffsetDateTime;

use crate::clock;
use crate::context::Context;
use crate::expiry::Expiry;
use crate::mutation::{ADMINISTRATOR, Mutation, OWN, listed, said};
use crate::problem::Problem;
use crate::scopes;

/// Create a token that acts as you, or as an application's system user
///
/// The token is printed once, alone on standard output.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor token create --app backup --description 'nightly backup' --scope read --expires 90d
  grantor token create --app backup --description 'nightly backup' --service > token-file")]
pub struct CreateArgs {
    /// The application that the token is for
    #[arg(long, value_name = "CLIENT_ID")]
    app: String,
    /// What the token is for
    #[arg(long, value_name = "TEXT")]
    description: String,
    /// What the token may do; may be repeated [default: all that the application may]
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// When the token expires: in hours, days or weeks (12h, 90d, 4w), never, or at a time (RFC 3339)
    #[arg(long, value_name = "WHEN", default_value = "90d")]
    expires: Expiry,
    /// An address or network from which the token may be used; may be repeated [default: from everywhere]
    #[arg(long, value_name = "CIDR")]
    allow_ip: Vec<String>,
    /// Make a service token, which acts as the application's system user (administrators only)
    #[arg(long)]
    service: bool,
    /// Print JSON: the token with its id, expiry and scopes
    #[arg(long)]
    json: bool,
}

/// Creates the token and prints its secret.
pub(super) fn run(context: &Context, args: &CreateArgs) -> anyhow::Result<()> {
    let needs = if args.service { ADMINISTRATOR } else { OWN };
    let create = Mutation { name: "apiAccessTokenCreate", needs, payload: super::WITH_SECRET };
    let created = create.run(&context.server()?, &input(args, context.now)?)?;
    super::show_secret(&created, args.json)
}

fn input(args: &CreateArgs, now: OffsetDateTime) -> Result<Value, Problem> {
    let kind = if args.service { "SERVICE_ACCESS_TOKEN" } else { "PERSONAL_ACCESS_TOKEN" };
    let expires = args.expires.moment(now)?.map(clock::rfc3339);
    Ok(said([
        ("kind", Some(kind.into())),
        ("clientId", Some(args.app.as_str().into())),
        ("description", Some(args.description.as_str().into())),
        // Without one the token is valid until it is revoked.
        ("expiresAt", Some(expires.into())),
        ("scopes", listed(scopes::split(&args.scope))),
        ("allowedIPAddresses", listed(args.allow_ip.clone())),
    ]))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use serde_json::json;

    use super::*;

    #[derive(clap::Parser)]
    struct Only {
        #[command(flatten)]
        args: CreateArgs,
    }

    fn input_of(arguments: &[&str]) -> Value {
        let arguments = ["create", "--app", "backup", "--description", "d"].iter().chain(arguments);
        let only = Only::parse_from(arguments);
        input(&only.args, clock::parse("2026-08-01T00:00:00Z").unwrap()).unwrap()
    }

    #[test]
    fn what_is_not_said_is_left_to_the_server_but_the_expiry() {
        let expected = json!({
            "kind": "PERSONAL_ACCESS_TOKEN", "clientId": "backup", "description": "d",
            "expiresAt": "2026-10-30T00:00:00Z",
        });
        assert_eq!(input_of(&[]), expected);
    }

    #[test]
    fn what_is_said_is_sent() {
        let arguments = [
            "--service",
            "--expires",
            "never",
            "--scope",
            "read update",
            "--scope",
            "sec",
            "--allow-ip",
            "10.0.0.0/8",
            "--allow-ip",
            "::1",
        ];
        let expected = json!({
            "kind": "SERVICE_ACCESS_TOKEN", "clientId": "backup", "description": "d", "expiresAt": null,
            "scopes": ["read", "update", "sec"], "allowedIPAddresses": ["10.0.0.0/8", "::1"],
        });
        assert_eq!(input_of(&arguments), expected);
    }
}
