//! `grantor user disable`, `delete` and `enable`.

use clap::Args;
use serde_json::{Value, json};

use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation};
use crate::output;

/// Disable a user, and end the user's sessions, tokens and consents
///
/// Nothing of it comes back when the user is enabled. Service access tokens that the user created stay valid; they are listed, to be handed over or revoked.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor user disable ada --preview
  grantor user disable ada --yes")]
pub struct DisableArgs {
    #[command(flatten)]
    args: EndArgs,
}

/// The user whose things end, and how to ask.
#[derive(Args)]
struct EndArgs {
    /// The user's login
    #[arg(value_name = "LOGIN")]
    login: String,
    /// Show what would end, and change nothing
    #[arg(long, conflicts_with = "yes")]
    preview: bool,
    /// Do not ask for confirmation
    #[arg(long)]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Delete a user, and end the user's sessions, tokens and consents
///
/// The login can be given again, and inherits nothing. If grants refer to the user, a pseudonym replaces login and name.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor user delete ada --preview
  grantor user delete ada --yes")]
pub struct DeleteArgs {
    #[command(flatten)]
    args: EndArgs,
}

/// Enable a user
///
/// The user can sign in again. Sessions, tokens and consents that ended do not come back.
#[derive(Args)]
#[command(after_help = "Example:\n  grantor user enable ada")]
pub struct EnableArgs {
    /// The user's login
    #[arg(value_name = "LOGIN")]
    login: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const EFFECTS: &str =
    "sessionCount grants { kind count } toHandOver { uuid description application { name } }";
const DISABLE: Mutation = Mutation {
    name: "userDisable",
    needs: ADMINISTRATOR,
    payload: "effects { sessionCount grants { kind count } toHandOver { uuid description application { name } } }",
};
const DELETE: Mutation = Mutation { name: "userDelete", ..DISABLE };
const ENABLE: Mutation = Mutation { name: "userEnable", needs: ADMINISTRATOR, payload: "user { login }" };

/// Disables the user.
pub(super) fn disable(context: &Context, args: &DisableArgs) -> anyhow::Result<()> {
    end(context, &args.args, &DISABLE, ("Disable", "disabled"))
}

/// Deletes the user.
pub(super) fn delete(context: &Context, args: &DeleteArgs) -> anyhow::Result<()> {
    end(context, &args.args, &DELETE, ("Delete", "deleted"))
}

/// Shows what ends, asks, and ends it.
fn end(
    context: &Context,
    args: &EndArgs,
    mutation: &Mutation,
    (verb, done_verb): (&str, &str),
) -> anyhow::Result<()> {
    let server = context.server()?;
    if args.preview || !args.yes {
        let document =
            format!("query($login: String!) {{ userDisablePreview(login: $login) {{ {EFFECTS} }} }}");
        let data: Value = server.graphql(ADMINISTRATOR, &document, &json!({"login": args.login}))?;
        let effects = &data["userDisablePreview"];
        if args.preview && args.json {
            return output::json(effects);
        }
        let text = described(effects, "would end");
        if args.preview {
            return Ok(output::result(&text)?);
        }
        output::note(&text);
        if !output::confirm(&format!("{verb} {}?", args.login), "--yes")? {
            return Ok(());
        }
    }
    let done = mutation.run(&server, &json!({"login": args.login}))?;
    if args.json {
        return output::json(&done["effects"]);
    }
    output::note(&format!("{} is {done_verb}.", args.login));
    Ok(output::result(&described(&done["effects"], "ended"))?)
}

/// Enables the user.
pub(super) fn enable(context: &Context, args: &EnableArgs) -> anyhow::Result<()> {
    let done = ENABLE.run(&context.server()?, &json!({"login": args.login}))?;
    if args.json {
        return output::json(&done["user"]);
    }
    output::note(&format!("{} is enabled.", args.login));
    Ok(())
}

/// Describes the effects, one line for each kind.
fn described(effects: &Value, verb: &str) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = vec![format!("Sessions that {verb}: {}", effects["sessionCount"])];
    for grants in effects["grants"].as_array().into_iter().flatten() {
        let kind = text(&grants["kind"]).to_lowercase().replace('_', " ");
        lines.push(format!("Grants that {verb}: {} ({kind})", grants["count"]));
    }
    for token in effects["toHandOver"].as_array().into_iter().flatten() {
        let (id, description) = (text(&token["uuid"]), text(&token["description"]));
        let application = text(&token["application"]["name"]);
        let line = format!("Stays valid: service token {id} of {application} {description}");
        lines.push(output::clean(&line));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_have_a_line_each() {
        let effects = json!({
            "sessionCount": 2,
            "grants": [{"kind": "REFRESH_TOKEN", "count": 3}],
            "toHandOver": [{"uuid": "1", "description": "deploy", "application": {"name": "CI"}}],
        });
        assert_eq!(
            described(&effects, "ended"),
            "Sessions that ended: 2\nGrants that ended: 3 (refresh token)\n\
             Stays valid: service token 1 of CI deploy"
        );
    }
}
