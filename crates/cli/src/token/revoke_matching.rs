//! `grantor token revoke` with a filter instead of an id.

use clap::Args;
use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::mutation::{Mutation, OWN, said};
use crate::output;
use crate::problem::Problem;
use crate::{clock, scopes};

/// The filter of a set-based revocation. All of its parts have to apply.
#[derive(Args, Default)]
pub(crate) struct FilterArgs {
    /// Revoke the grants of this user, by login
    #[arg(long, value_name = "LOGIN", conflicts_with = "id")]
    user: Option<String>,
    /// Revoke the grants of this application, by client_id
    #[arg(long, value_name = "CLIENT_ID", conflicts_with = "id")]
    app: Option<String>,
    /// Revoke the grants with this scope
    #[arg(long, value_name = "SCOPE", conflicts_with = "id")]
    scope: Option<String>,
    /// Revoke the grants that were not used since a time, or never
    #[arg(long, value_name = "TIME", conflicts_with = "id")]
    unused_since: Option<String>,
    /// Revoke the grants that a GraphQL filter matches, as JSON
    #[arg(long, value_name = "JSON", conflicts_with = "id")]
    filter: Option<String>,
    /// The reason, for the receipt
    #[arg(long, value_name = "TEXT", conflicts_with = "id")]
    reason: Option<String>,
    /// Show what would be revoked, and change nothing
    #[arg(long, conflicts_with_all = ["id", "yes"])]
    preview: bool,
}

const COUNTS: &str = "kinds { value count } owners { value count } applications { value count } \
                      scopes { value count } lastUses { value count }";
const CONFIRM: Mutation = Mutation {
    name: "revocationConfirm",
    needs: OWN,
    payload: "revocation { uuid total dropped cameSince confirmedAt receipt }",
};

/// Shows the preview, asks, and revokes.
pub(super) fn run(context: &Context, args: &FilterArgs, yes: bool, as_json: bool) -> anyhow::Result<()> {
    let filter = filter(args)?;
    let server = context.server()?;
    let document = format!(
        "mutation($input: RevocationPreviewMutationInput!) {{ revocationPreview(input: $input) {{ \
         preview {{ revocation {{ uuid total expiresAt }} matchingCount {COUNTS} sample }} }} }}"
    );
    let input = said([("filter", Some(filter.clone())), ("reason", args.reason.clone().map(Value::from))]);
    let data: Value = server.graphql(OWN, &document, &json!({ "input": input }))?;
    let preview = &data["revocationPreview"]["preview"];
    if args.preview && as_json {
        return output::json(preview);
    }
    let text = described(preview);
    if args.preview {
        return Ok(output::result(&text)?);
    }
    if !yes {
        output::note(&text);
        if !output::confirm("Revoke them? This cannot be undone.", "--yes")? {
            return Err(Problem::new("nothing was revoked").into());
        }
    }
    let input = json!({ "id": preview["revocation"]["uuid"], "filter": filter });
    let done = CONFIRM.run(&server, &input)?;
    let revocation = &done["revocation"];
    if as_json {
        return output::json(&json!({ "count": revocation["total"], "receipt": revocation["receipt"] }));
    }
    Ok(output::result(&outcome(revocation))?)
}

/// Builds the filter.
///
/// # Errors
/// If there is none: nothing selects every grant.
fn filter(args: &FilterArgs) -> Result<Value, Problem> {
    let mut all = Vec::new();
    if let Some(text) = &args.filter {
        let given: Map<String, Value> = serde_json::from_str(text)
            .map_err(|error| Problem::new(format!("--filter is no JSON object: {error}")))?;
        all.push(Value::Object(given));
    }
    all.extend(args.user.as_ref().map(|login| json!({ "owner": { "login": { "eq": login } } })));
    all.extend(args.app.as_ref().map(|client| json!({ "application": { "clientId": { "eq": client } } })));
    for scope in args.scope.iter().flat_map(|scope| scopes::split(std::slice::from_ref(scope))) {
        all.push(json!({ "grantedScopes": { "any": { "scope": { "eq": scope } } } }));
    }
    if let Some(text) = &args.unused_since {
        let wrong =
            || Problem::new(format!("--unused-since: `{text}` is not a time such as 2026-08-01T00:00:00Z"));
        let time =
            clock::parse(text).or_else(|| clock::parse(&format!("{text}T00:00:00Z"))).ok_or_else(wrong)?;
        all.push(json!({ "lastAccessedAt": { "leOrNull": clock::rfc3339(time) } }));
    }
    match all.len() {
        0 => {
            Err(Problem::new("name an id, or a filter")
                .hint("`grantor token revoke --help` lists the options"))
        }
        1 => Ok(all.remove(0)),
        _ => Ok(json!({ "and": all })),
    }
}

fn described(preview: &Value) -> String {
    let mut lines = vec![format!(
        "{} grants match; with what depends on them: {}",
        preview["matchingCount"], preview["revocation"]["total"]
    )];
    for (title, name) in [
        ("Kinds", "kinds"),
        ("Owners", "owners"),
        ("Applications", "applications"),
        ("Scopes", "scopes"),
        ("Last used", "lastUses"),
    ] {
        let counted = preview[name].as_array().into_iter().flatten();
        let parts: Vec<_> = counted
            .map(|one| format!("{} {}", one["value"].as_str().unwrap_or_default(), one["count"]))
            .collect();
        lines.push(output::clean(&format!("{title}: {}", parts.join(", "))));
    }
    lines.join("\n")
}

fn outcome(revocation: &Value) -> String {
    let count = |name: &str| revocation[name].as_u64().unwrap_or_default();
    let mut text =
        format!("Revoked {} grants. The receipt is revocation {}.", count("total"), revocation["uuid"]);
    if count("dropped") > 0 {
        text.push_str(&format!(" {} did not match any more.", count("dropped")));
    }
    if count("cameSince") > 0 {
        text.push_str(&format!(" {} more match now; they were not shown.", count("cameSince")));
    }
    text.replace('"', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(change: impl FnOnce(&mut FilterArgs)) -> FilterArgs {
        let mut args = FilterArgs::default();
        change(&mut args);
        args
    }

    #[test]
    fn a_filter_has_every_part() {
        let both = args(|args| {
            args.user = Some("ann".to_owned());
            args.unused_since = Some("2026-08-01".to_owned());
        });
        assert_eq!(
            filter(&both).unwrap(),
            json!({"and": [
                {"owner": {"login": {"eq": "ann"}}},
                {"lastAccessedAt": {"leOrNull": "2026-08-01T00:00:00Z"}}
            ]})
        );
        let one = args(|args| args.filter = Some(r#"{"kind": {"eq": "DEVICE_CODE"}}"#.to_owned()));
        assert_eq!(filter(&one).unwrap(), json!({"kind": {"eq": "DEVICE_CODE"}}));
    }

    #[test]
    fn no_filter_is_refused() {
        assert!(filter(&FilterArgs::default()).is_err());
        assert!(filter(&args(|args| args.filter = Some("[]".to_owned()))).is_err());
        assert!(filter(&args(|args| args.unused_since = Some("yesterday".to_owned()))).is_err());
    }

    #[test]
    fn an_outcome_says_what_did_not_end() {
        let revocation = json!({"uuid": "1", "total": 3, "dropped": 1, "cameSince": 2});
        let text = outcome(&revocation);
        assert!(text.starts_with("Revoked 3 grants. The receipt is revocation 1."), "{text}");
        assert!(text.contains("1 did not match") && text.contains("2 more match now"), "{text}");
    }
}
