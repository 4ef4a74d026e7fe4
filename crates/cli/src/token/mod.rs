//! `grantor token`: tokens.

mod adoption;
mod change;
mod create;
mod list;
mod narrow;
mod revoke;
mod revoke_matching;
mod rotate;
mod show;
mod trace;

use clap::Subcommand;
use model::Entity;
use model::Record as _;
use serde_json::Value;
use uuid::Uuid;

use super::clock;
use super::context::Context;
use super::json::Json;
use super::output;
use super::problem::Problem;
use super::server::Server;

#[derive(Subcommand)]
pub enum TokenCommand {
    Create(create::CreateArgs),
    List(list::ListTokensArgs),
    Show(show::ShowArgs),
    Change(change::ChangeArgs),
    Rotate(rotate::RotateArgs),
    Narrow(narrow::NarrowArgs),
    Revoke(revoke::RevokeArgs),
    Trace(trace::TraceArgs),
}

/// Runs the command.
pub(crate) fn run(context: &Context, command: TokenCommand) -> anyhow::Result<()> {
    match command {
        TokenCommand::Create(args) => create::run(context, &args),
        TokenCommand::List(args) => list::run(context, &args),
        TokenCommand::Show(args) => show::run(context, &args),
        TokenCommand::Change(args) => change::run(context, &args),
        TokenCommand::Rotate(args) => rotate::run(context, &args),
        TokenCommand::Narrow(args) => narrow::run(context, &args),
        TokenCommand::Revoke(args) => revoke::run(context, &args),
        TokenCommand::Trace(args) => trace::run(context, &args),
    }
}

fn entity() -> &'static Entity {
    model::entities::AccessToken::entity()
}

/// The fields that are read of a new token; its secret is in no other response.
const WITH_SECRET: &str = "secret apiAccessToken { uuid kind description expiresAt scopes }";

/// Prints a new token: its secret alone on standard output, or JSON.
fn show_secret(created: &Value, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return output::json_with_secret(created);
    }
    let token = &created["apiAccessToken"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let scopes: Vec<_> = token["scopes"].as_array().into_iter().flatten().map(text).collect();
    let expires = token["expiresAt"].as_str().map_or("never".to_owned(), clock::short);
    let card = [("ID", text(&token["uuid"])), ("Scopes", scopes.join(" ")), ("Expires", expires)];
    output::note(&output::card(&card));
    Ok(output::secret(created["secret"].as_str().unwrap_or_default())?)
}

/// Parses the id of a token. The error does not repeat the input: it could be the token's secret.
fn parse_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text.trim()).map_err(|_| {
        Problem::new("this is not the id of a token")
            .hint("`grantor token list` shows the ids; a token itself does not belong on a command line")
    })
}

fn get(server: &Server, id: Uuid, expand: &str) -> Result<Json, Problem> {
    server.find(entity(), id, expand)?.ok_or_else(|| {
        Problem::new(format!("there is no token {id}, or you cannot see it"))
            .hint("`grantor token list` lists them")
    })
}

/// The related rows whose names are shown.
const PARTIES: &str = "TrustedApplication($select=Name),User($select=Name)";

/// Returns the state of a token in lower case, as the server determined it.
fn state(row: &Json) -> String {
    row.text("State").unwrap_or("unknown").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_determines_the_state() {
        let state = |text: &str| state(&serde_json::from_str(text).unwrap());
        assert_eq!(state(r#"{"State":"Disabled","ExpireTimestamp":null}"#), "disabled");
        assert_eq!(state("{}"), "unknown");
    }
}
