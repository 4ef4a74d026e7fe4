//! `grantor resource create`.

use clap::Args;
use serde_json::{Map, Value, json};

use super::Format;
use crate::cli::context::Context;
use crate::cli::{output, scopes};

/// Add a service for which tokens can be asked for (RFC 8707)
#[derive(Args)]
#[command(after_help = "Example:
  grantor resource create https://orders.example/api --name Orders --scope orders:read")]
pub(crate) struct CreateArgs {
    /// The address by which applications name it
    #[arg(value_name = "URI")]
    identifier: String,
    /// Its name
    #[arg(long)]
    name: String,
    /// What it is, for the people who are asked to agree
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// A scope that means something to it; may be repeated [default: all]
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// How long its tokens are valid at the most, in seconds
    #[arg(long, value_name = "SECONDS")]
    lifetime: Option<u32>,
    /// The form of its tokens [default: that of the application]
    #[arg(long)]
    format: Option<Format>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const DOCUMENT: &str = "mutation($input: APIResourceCreateMutationInput!) {
    apiResourceCreate(input: $input) {
        apiResource { uuid identifier name description scopes accessTokenLifetime accessTokenFormat isActive }
    }
}";

/// Adds it.
pub(super) fn run(context: &Context, args: &CreateArgs) -> anyhow::Result<()> {
    let mut input = Map::new();
    input.insert("identifier".to_owned(), args.identifier.as_str().into());
    input.insert("name".to_owned(), args.name.as_str().into());
    input.insert("scopes".to_owned(), scopes::split(&args.scope).into());
    let more = [
        ("description", args.description.clone().map(Value::from)),
        ("accessTokenLifetime", args.lifetime.map(Value::from)),
        ("accessTokenFormat", args.format.map(|format| format.name().into())),
    ];
    input.extend(more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    let data: Value = context.server()?.graphql(&["update", "sec"], DOCUMENT, &json!({"input": input}))?;
    if args.json {
        return output::json(&data["apiResourceCreate"]["apiResource"]);
    }
    output::note(&format!("Added the resource {}.", args.identifier));
    Ok(())
}
