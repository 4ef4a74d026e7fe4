//! `grantor app delete`.

use clap::Args;
use serde_json::Value;

use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, said};
use crate::output;
use crate::problem::Problem;

/// Delete an application and revoke its tokens; this cannot be undone
#[derive(Args)]
#[command(after_help = "Examples:
  grantor app delete backup --dry-run
  grantor app delete backup --yes")]
pub struct DeleteArgs {
    /// The client id, or the id of the row
    #[arg(value_name = "ID|CLIENT_ID")]
    id: String,
    /// Only show what would be deleted
    #[arg(long)]
    dry_run: bool,
    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const DELETE: Mutation =
    Mutation { name: "apiApplicationDelete", needs: ADMINISTRATOR, payload: "grantCount" };

/// Shows what would be deleted, asks for confirmation, and deletes the application.
pub(super) fn run(context: &Context, args: &DeleteArgs) -> anyhow::Result<()> {
    let server = context.server()?;
    let row = super::show::get(&server, &args.id)?;
    let id = row.text("Id").map(Value::from);
    let ask =
        |dry_run: bool| DELETE.run(&server, &said([("id", id.clone()), ("dryRun", Some(dry_run.into()))]));
    let what = format!(
        "the application {} ({})",
        output::clean(row.text("ApplicationUri").unwrap_or(&args.id)),
        output::clean(row.text("Name").unwrap_or_default())
    );
    if args.dry_run || !args.yes {
        let preview = ask(true)?;
        if args.dry_run && args.json {
            return output::json(&preview);
        }
        if args.dry_run {
            return Ok(output::result(&format!("Would delete {what} and end {}.", grants(&preview)))?);
        }
        let question = format!("Delete {what} and end {}?", grants(&preview));
        if !output::confirm(&question, "--yes")? {
            return Err(Problem::new("nothing was deleted").into());
        }
    }
    let deleted = ask(false)?;
    if args.json {
        return output::json(&deleted);
    }
    Ok(output::result(&format!("Deleted {what} and ended {}.", grants(&deleted)))?)
}

fn grants(payload: &Value) -> String {
    match payload["grantCount"].as_u64() {
        Some(1) => "1 grant".to_owned(),
        count => format!("{} grants", count.unwrap_or_default()),
    }
}
