//! `grantor scope change` and `grantor scope retire`.

use clap::Args;
use serde_json::{Value, json};

use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, said};
use crate::output;

/// Change a scope of the catalogue; options that are not given stay as they are
#[derive(Args)]
#[command(after_help = "Examples:
  grantor scope change orders:read --description 'See your orders and invoices'
  grantor scope change orders:read --active true")]
pub struct ChangeArgs {
    /// The name of the scope
    #[arg(value_name = "NAME")]
    name: String,
    /// The display name
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    /// The description; empty for none
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Whether it is a default scope of clients that register themselves
    #[arg(long, value_name = "BOOL")]
    default: Option<bool>,
    /// Whether it is in the metadata of the issuer
    #[arg(long, value_name = "BOOL")]
    listed: Option<bool>,
    /// Whether it is valid for administrators only
    #[arg(long, value_name = "BOOL")]
    administrators_only: Option<bool>,
    /// Whether it can be granted
    #[arg(long, value_name = "BOOL")]
    active: Option<bool>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Retire a scope: it cannot be granted, and is ignored in existing tokens
#[derive(Args)]
#[command(after_help = "Example:\n  grantor scope retire orders:read")]
pub struct RetireArgs {
    /// The name of the scope
    #[arg(value_name = "NAME")]
    name: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const CHANGE: Mutation = Mutation { name: "apiScopeUpdate", needs: ADMINISTRATOR, payload: super::PAYLOAD };

/// Changes the scope.
pub(super) fn run(context: &Context, args: &ChangeArgs) -> anyhow::Result<()> {
    let done = format!("Changed the scope {}.", args.name);
    change(context, &input(args), args.json, &done)
}

/// Retires the scope.
pub(super) fn retire(context: &Context, args: &RetireArgs) -> anyhow::Result<()> {
    let done = format!("Retired the scope {}: it is no longer valid.", args.name);
    change(context, &json!({"name": args.name, "isActive": false}), args.json, &done)
}

fn change(context: &Context, input: &Value, as_json: bool, done: &str) -> anyhow::Result<()> {
    let changed = CHANGE.run(&context.server()?, input)?;
    if as_json {
        return output::json(&changed["apiScope"]);
    }
    output::note(done);
    Ok(())
}

fn input(args: &ChangeArgs) -> Value {
    said([
        ("name", Some(args.name.as_str().into())),
        ("displayName", args.display_name.clone().map(Value::from)),
        ("description", args.description.clone().map(Value::from)),
        ("isDefault", args.default.map(Value::from)),
        ("isListed", args.listed.map(Value::from)),
        ("administratorsOnly", args.administrators_only.map(Value::from)),
        ("isActive", args.active.map(Value::from)),
    ])
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Only {
        #[command(flatten)]
        args: ChangeArgs,
    }

    #[test]
    fn what_is_not_said_is_not_sent() {
        let args = Only::parse_from(["change", "a:b", "--description", "", "--active", "false"]).args;
        assert_eq!(input(&args), json!({"name": "a:b", "description": "", "isActive": false}));
    }
}
