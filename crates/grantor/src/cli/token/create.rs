//! `grantor token create`.

use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::cli::clock;
use crate::cli::context::Context;
use crate::cli::expiry::Expiry;
use crate::cli::output;
use crate::cli::problem::Problem;
use crate::cli::scopes;

/// Create a token that acts as you, or as an application's system user
///
/// The token is printed once, alone on standard output.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor token create --app backup --description 'nightly backup' --scope read --expires 90d
  grantor token create --app backup --description 'nightly backup' --service > token-file")]
pub(crate) struct CreateArgs {
    /// The application that the token is for
    #[arg(long, value_name = "CLIENT_ID")]
    app: String,
    /// What the token is for
    #[arg(long)]
    description: String,
    /// What the token may do; may be repeated [default: all that the application may]
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// When the token expires: in hours, days or weeks (12h, 90d, 4w), never, or at a time (RFC 3339)
    #[arg(long, value_name = "WHEN", default_value = "90d")]
    expires: Expiry,
    /// An address or network from which the token may be used; may be repeated [default: from everywhere]
    #[arg(long, value_name = "CIDR")]
    allow_ip: Vec<String>,
    /// Make a service token, which acts as the application's system user (administrators only)
    #[arg(long)]
    service: bool,
    /// Print JSON: the token with its id, expiry and scopes
    #[arg(long)]
    json: bool,
}

const DOCUMENT: &str = "mutation($input: APIAccessTokenCreateMutationInput!) {
    apiAccessTokenCreate(input: $input) {
        secret
        apiAccessToken { uuid kind description expiresAt scopes }
    }
}";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    api_access_token_create: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    secret: String,
    api_access_token: Token,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Token {
    uuid: String,
    expires_at: Option<String>,
    scopes: Vec<String>,
}

/// Creates the token and prints its secret.
pub(super) fn run(context: &Context, args: &CreateArgs) -> anyhow::Result<()> {
    let input = input(args, context.now)?;
    let server = context.server()?;
    let needs: &[&str] = if args.service { &["update", "sec"] } else { &["update"] };
    let data: Data = server.graphql(needs, DOCUMENT, &json!({"input": input}))?;
    if args.json {
        output::json(&data.api_access_token_create)?;
        output::note("Keep the secret now: it is not shown again.");
        return Ok(());
    }
    let created = Created::deserialize(data.api_access_token_create)
        .map_err(|_| Problem::from(server.http().foreign("its token is not what was expected")))?;
    let token = created.api_access_token;
    let expires = token.expires_at.as_deref().map_or("never".to_owned(), clock::short);
    let scopes = token.scopes.join(" ");
    output::note(&output::card(&[("ID", token.uuid), ("Scopes", scopes), ("Expires", expires)]));
    Ok(output::secret(&created.secret)?)
}

fn input(args: &CreateArgs, now: OffsetDateTime) -> Result<Value, Problem> {
    let kind = if args.service { "SERVICE_ACCESS_TOKEN" } else { "PERSONAL_ACCESS_TOKEN" };
    let mut input = Map::new();
    input.insert("kind".to_owned(), kind.into());
    input.insert("clientId".to_owned(), args.app.as_str().into());
    input.insert("description".to_owned(), args.description.as_str().into());
    let expires = args.expires.moment(now)?.map(clock::rfc3339);
    input.insert("expiresAt".to_owned(), expires.into());
    let scopes = scopes::split(&args.scope);
    if !scopes.is_empty() {
        input.insert("scopes".to_owned(), scopes.into());
    }
    if !args.allow_ip.is_empty() {
        input.insert("allowedIPAddresses".to_owned(), args.allow_ip.clone().into());
    }
    Ok(Value::Object(input))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Only {
        #[command(flatten)]
        args: CreateArgs,
    }

    fn input_of(arguments: &[&str]) -> Value {
        let arguments = ["create", "--app", "backup", "--description", "d"].iter().chain(arguments);
        let only = Only::parse_from(arguments);
        input(&only.args, clock::parse("2026-08-01T00:00:00Z").unwrap()).unwrap()
    }

    #[test]
    fn what_is_not_said_is_left_to_the_server_but_the_expiry() {
        let expected = json!({
            "kind": "PERSONAL_ACCESS_TOKEN", "clientId": "backup", "description": "d",
            "expiresAt": "2026-10-30T00:00:00Z",
        });
        assert_eq!(input_of(&[]), expected);
    }

    #[test]
    fn what_is_said_is_sent() {
        let arguments = [
            "--service",
            "--expires",
            "never",
            "--scope",
            "read update",
            "--scope",
            "sec",
            "--allow-ip",
            "10.0.0.0/8",
            "--allow-ip",
            "::1",
        ];
        let expected = json!({
            "kind": "SERVICE_ACCESS_TOKEN", "clientId": "backup", "description": "d", "expiresAt": null,
            "scopes": ["read", "update", "sec"], "allowedIPAddresses": ["10.0.0.0/8", "::1"],
        });
        assert_eq!(input_of(&arguments), expected);
    }
}
