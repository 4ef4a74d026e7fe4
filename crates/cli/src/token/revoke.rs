//! `grantor token revoke`.

use clap::Args;
use serde_json::{Value, json};

use super::revoke_matching::{self, FilterArgs};
use crate::context::Context;
use crate::json::Json;
use crate::listing::text;
use crate::mutation::{Mutation, OWN};
use crate::output;
use crate::problem::Problem;
use crate::server::Server;

/// Revoke a token and the tokens that it created, or every grant that matches a filter; this cannot be undone
///
/// With a filter, what would be revoked is shown first: nothing else ends.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor token revoke 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d --yes
  grantor token revoke --user ada --scope update --unused-since 2026-08-01 --preview")]
pub struct RevokeArgs {
    /// The id, as `grantor token list` shows it
    #[arg(value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    filter: FilterArgs,
    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const REVOKE: Mutation = Mutation { name: "apiAccessTokenRevoke", needs: OWN, payload: "revokedCount" };

/// Revokes the token.
pub(super) fn run(context: &Context, args: &RevokeArgs) -> anyhow::Result<()> {
    let Some(id) = &args.id else {
        return revoke_matching::run(context, &args.filter, args.yes, args.json);
    };
    let id = super::parse_id(id)?;
    let server = context.server()?;
    if !args.yes && !output::confirm(&question(&super::get(&server, id, super::PARTIES)?), "--yes")? {
        return Err(Problem::new("nothing was revoked").into());
    }
    let revoked = revoke(&server, id)?;
    if args.json {
        return output::json(&revoked);
    }
    Ok(output::result(&outcome(revoked["revokedCount"].as_u64().unwrap_or_default()))?)
}

fn revoke(server: &Server, id: uuid::Uuid) -> Result<Value, Problem> {
    REVOKE.run(server, &json!({"id": id.to_string()}))
}

fn question(row: &Json) -> String {
    let part = |name: &str, property: &str| {
        let value = output::clean(&text(row, property));
        if value.is_empty() { value } else { format!(" {name} {value}") }
    };
    let description = output::clean(&text(row, "Description"));
    let title = if description.is_empty() { text(row, "Id") } else { format!("\"{description}\"") };
    format!("Revoke the {} {title}{}{}?", text(row, "Type"), part("for", "Client"), part("of", "Actor"))
}

fn outcome(count: u64) -> String {
    match count {
        0 => "The token was already revoked.".to_owned(),
        1 => "Revoked.".to_owned(),
        count => format!("Revoked the token and {} that it created.", count - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::stub::{Answer, Stub, signed_in};

    #[test]
    fn the_id_is_sent_and_the_count_read() {
        let data = json!({"data": {"apiAccessTokenRevoke": {"revokedCount": 3}}});
        let stub = Stub::answering([Answer::json(200, &data)]);
        let revoked = revoke(&signed_in(&stub.url()), uuid::Uuid::nil()).unwrap();
        assert_eq!(revoked["revokedCount"], 3);
        let variables = stub.request().json()["variables"].clone();
        assert_eq!(variables, json!({"input": {"id": "00000000-0000-0000-0000-000000000000"}}));
    }

    #[test]
    fn the_question_says_what_is_revoked() {
        let row = r#"{"Id":"1","Type":"device_code","Description":"on my\u001b[2J desk","Client":"cli","Actor":null}"#;
        let expected = r#"Revoke the device_code "on my\u{1b}[2J desk" for cli?"#;
        assert_eq!(question(&serde_json::from_str(row).unwrap()), expected);
        let row = r#"{"Id":"1","Type":"device_code","Description":null,"Actor":"ann"}"#;
        assert_eq!(question(&serde_json::from_str(row).unwrap()), "Revoke the device_code 1 of ann?");
    }

    #[test]
    fn the_outcome_counts_what_came_from_it() {
        assert_eq!(outcome(1), "Revoked.");
        assert_eq!(outcome(3), "Revoked the token and 2 that it created.");
    }
}
