//! `grantor token trace`.

use clap::Args;
use serde_json::{Value, json};

use crate::context::Context;
use crate::{clock, output};

/// Show what a token made and did: the tree of grants below it, its events, and the addresses from which it acted
#[derive(Args)]
#[command(after_help = "Example:\n  grantor token trace 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d")]
pub struct TraceArgs {
    /// The id, as `grantor token list` shows it
    #[arg(value_name = "ID")]
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const DOCUMENT: &str = "query($id: ID!) { blastRadius(of: $id) { isTruncated \
    grants { depth madeBy grant { uuid kind description createdAt revokedAt } } \
    events { time type context { ipAddress } } addresses { address grantCount lastUsedAt } } }";

/// Prints the trace.
pub(super) fn run(context: &Context, args: &TraceArgs) -> anyhow::Result<()> {
    let id = super::parse_id(&args.id)?;
    let data: Value = context.server()?.graphql(&["read"], DOCUMENT, &json!({"id": id.to_string()}))?;
    let found = &data["blastRadius"];
    if args.json {
        return output::json(found);
    }
    let lines = |name: &str, line: fn(&Value) -> String| -> Vec<String> {
        found[name].as_array().into_iter().flatten().map(line).collect()
    };
    let parts = [
        ("Grants:", lines("grants", grant)),
        ("Events:", lines("events", event)),
        ("Addresses:", lines("addresses", address)),
    ];
    for (heading, lines) in parts.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        output::note(heading);
        lines.iter().try_for_each(|line| output::result(&output::clean(line)))?;
    }
    if found["isTruncated"] == true {
        output::note("There are more grants or events than are shown.");
    }
    Ok(())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn time(value: &Value) -> String {
    value.as_str().map(clock::short).unwrap_or_default()
}

fn grant(traced: &Value) -> String {
    let (grant, depth) = (&traced["grant"], traced["depth"].as_u64().unwrap_or(0));
    let indent = "  ".repeat(usize::try_from(depth).unwrap_or(0).min(20));
    let ended = if grant["revokedAt"].is_null() { "" } else { " (revoked)" };
    let (id, kind, description) = (text(&grant["uuid"]), text(&grant["kind"]), text(&grant["description"]));
    format!("{indent}{id} {kind} {description}{ended}")
}

fn event(event: &Value) -> String {
    format!("{} {} {}", time(&event["time"]), text(&event["type"]), text(&event["context"]["ipAddress"]))
}

fn address(used: &Value) -> String {
    format!("{} {} ({} grants)", time(&used["lastUsedAt"]), text(&used["address"]), used["grantCount"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_indented_below_its_maker() {
        let traced = json!({"depth": 2, "grant": {
            "uuid": "1", "kind": "REFERENCE_TOKEN", "description": null, "revokedAt": "2026-08-01T00:00:00Z"
        }});
        assert_eq!(grant(&traced), "    1 REFERENCE_TOKEN  (revoked)");
    }
}
