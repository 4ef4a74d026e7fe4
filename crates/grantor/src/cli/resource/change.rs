//! `grantor resource change` and `grantor resource retire`.

use clap::Args;
use serde_json::{Map, Value, json};

use super::Format;
use crate::cli::context::Context;
use crate::cli::{output, scopes};

/// Change a service; what is not said stays
#[derive(Args)]
#[command(after_help = "Example:
  grantor resource change https://orders.example/api --lifetime 300")]
pub(crate) struct ChangeArgs {
    /// The address by which applications name it
    #[arg(value_name = "URI")]
    identifier: String,
    /// Its name
    #[arg(long)]
    name: Option<String>,
    /// What it is; empty for nothing
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The scopes that mean something to it; empty for all
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// How long its tokens are valid at the most, in seconds; 0 for as long as those of the application
    #[arg(long, value_name = "SECONDS")]
    lifetime: Option<u32>,
    /// The form of its tokens
    #[arg(long)]
    format: Option<Format>,
    /// Whether tokens are given for it
    #[arg(long, value_name = "BOOL")]
    active: Option<bool>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Retire a service: no tokens are given for it
#[derive(Args)]
#[command(after_help = "Example:\n  grantor resource retire https://orders.example/api")]
pub(crate) struct RetireArgs {
    /// The address by which applications name it
    #[arg(value_name = "URI")]
    identifier: String,
}

const DOCUMENT: &str = "mutation($input: APIResourceUpdateMutationInput!) {
    apiResourceUpdate(input: $input) {
        apiResource { uuid identifier name description scopes accessTokenLifetime accessTokenFormat isActive }
    }
}";

/// Changes it.
pub(super) fn run(context: &Context, args: &ChangeArgs) -> anyhow::Result<()> {
    let scopes = args.scope.clone().map(|scope| Value::from(scopes::split(&[scope])));
    let changes = [
        ("identifier", Some(args.identifier.as_str().into())),
        ("name", args.name.clone().map(Value::from)),
        ("description", args.description.clone().map(Value::from)),
        ("scopes", scopes),
        ("accessTokenLifetime", args.lifetime.map(Value::from)),
        ("accessTokenFormat", args.format.map(|format| format.name().into())),
        ("isActive", args.active.map(Value::from)),
    ];
    let input: Map<_, _> =
        changes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let resource = update(context, &input)?;
    if args.json {
        return output::json(&resource);
    }
    output::note(&format!("Changed the resource {}.", args.identifier));
    Ok(())
}

/// Retires it.
pub(super) fn retire(context: &Context, args: &RetireArgs) -> anyhow::Result<()> {
    let input = [("identifier", Value::from(args.identifier.as_str())), ("isActive", false.into())];
    update(context, &input.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())?;
    output::note(&format!("Retired the resource {}: no tokens are given for it any more.", args.identifier));
    Ok(())
}

fn update(context: &Context, input: &Map<String, Value>) -> anyhow::Result<Value> {
    let data: Value = context.server()?.graphql(&["update", "sec"], DOCUMENT, &json!({"input": input}))?;
    Ok(data["apiResourceUpdate"]["apiResource"].clone())
}
