//! `grantor resource change` and `grantor resource retire`.

use clap::Args;
use serde_json::{Value, json};

use super::Format;
use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, listed, said};
use crate::{output, scopes};

/// Change a resource server; options that are not given stay as they are
#[derive(Args)]
#[command(after_help = "Example:
  grantor resource change https://orders.example/api --lifetime 300")]
pub struct ChangeArgs {
    /// The resource identifier, a URI (RFC 8707)
    #[arg(value_name = "URI")]
    identifier: String,
    /// The name
    #[arg(long)]
    name: Option<String>,
    /// The description; empty for none
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The scopes that it accepts; empty for all
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// Maximum lifetime of its tokens, in seconds; 0 for the lifetime of the application's tokens
    #[arg(long, value_name = "SECONDS")]
    lifetime: Option<u32>,
    /// The format of its tokens
    #[arg(long)]
    format: Option<Format>,
    /// Whether tokens are issued for it
    #[arg(long, value_name = "BOOL")]
    active: Option<bool>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Retire a resource server: no tokens are issued for it
#[derive(Args)]
#[command(after_help = "Example:\n  grantor resource retire https://orders.example/api")]
pub struct RetireArgs {
    /// The resource identifier, a URI (RFC 8707)
    #[arg(value_name = "URI")]
    identifier: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const CHANGE: Mutation =
    Mutation { name: "apiResourceUpdate", needs: ADMINISTRATOR, payload: super::PAYLOAD };

/// Changes the resource server.
pub(super) fn run(context: &Context, args: &ChangeArgs) -> anyhow::Result<()> {
    let scopes = args.scope.clone().map(|scope| scopes::split(&[scope]));
    let input = said([
        ("identifier", Some(args.identifier.as_str().into())),
        ("name", args.name.clone().map(Value::from)),
        ("description", args.description.clone().map(Value::from)),
        ("scopes", scopes.clone().and_then(listed)),
        ("takesAllScopes", scopes.filter(Vec::is_empty).map(|_| true.into())),
        ("accessTokenLifetime", args.lifetime.map(Value::from)),
        ("accessTokenFormat", args.format.map(|format| format.name().into())),
        ("isActive", args.active.map(Value::from)),
    ]);
    let done = format!("Changed the service {}.", args.identifier);
    change(context, &input, args.json, &done)
}

/// Retires the resource server.
pub(super) fn retire(context: &Context, args: &RetireArgs) -> anyhow::Result<()> {
    let done = format!("Retired the service {}: no tokens are given for it any more.", args.identifier);
    change(context, &json!({"identifier": args.identifier, "isActive": false}), args.json, &done)
}

fn change(context: &Context, input: &Value, as_json: bool, done: &str) -> anyhow::Result<()> {
    let changed = CHANGE.run(&context.server()?, input)?;
    if as_json {
        return output::json(&changed["apiResource"]);
    }
    output::note(done);
    Ok(())
}
