//! `grantor scope create`.

use clap::Args;
use serde_json::{Map, Value, json};

use crate::cli::context::Context;
use crate::cli::output;

/// Add a scope to the catalogue
#[derive(Args)]
#[command(after_help = "Example:
  grantor scope create orders:read --display-name 'Orders' --description 'See your orders'")]
pub(crate) struct CreateArgs {
    /// Its name on the wire
    #[arg(value_name = "NAME")]
    name: String,
    /// What it is called where people see it
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    /// What it allows, for the people who are asked to agree
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Let applications have it that register themselves
    #[arg(long)]
    default: bool,
    /// Do not name it in the metadata of the issuer
    #[arg(long)]
    unlisted: bool,
    /// Let it count for administrators alone
    #[arg(long)]
    administrators_only: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const DOCUMENT: &str = "mutation($input: APIScopeCreateMutationInput!) {
    apiScopeCreate(input: $input) {
        apiScope { uuid name displayName description isActive isDefault isListed administratorsOnly }
    }
}";

/// Adds it.
pub(super) fn run(context: &Context, args: &CreateArgs) -> anyhow::Result<()> {
    let data: Value =
        context.server()?.graphql(&["update", "sec"], DOCUMENT, &json!({"input": input(args)}))?;
    if args.json {
        return output::json(&data["apiScopeCreate"]["apiScope"]);
    }
    output::note(&format!("Added the scope {} to the catalogue.", args.name));
    Ok(())
}

fn input(args: &CreateArgs) -> Value {
    let mut input = Map::new();
    let mut set = |name: &str, value: Value| input.insert(name.to_owned(), value);
    set("name", args.name.as_str().into());
    set("isDefault", args.default.into());
    set("isListed", (!args.unlisted).into());
    set("administratorsOnly", args.administrators_only.into());
    if let Some(name) = &args.display_name {
        set("displayName", name.as_str().into());
    }
    if let Some(description) = &args.description {
        set("description", description.as_str().into());
    }
    Value::Object(input)
}
