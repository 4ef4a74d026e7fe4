//! `grantor token create`.

use clap::Args;
use serde_json::Value;
use time::OffsetDateTime;

use crate::clock;
use crate::context::Context;
use crate::expiry::Expiry;
use crate::mutation::{ADMINISTRATOR, Mutation, OWN, listed, said};
use crate::problem::Problem;
use crate::scopes;
use crate::server::Server;

/// Create a token that acts as you, or as an application's system user
///
/// The token is printed once, alone on standard output.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor token create --app backup --description 'nightly backup' --scope read --expires 90d
  grantor token create --app backup --description 'nightly backup' --service > token-file")]
pub struct CreateArgs {
    /// The application of the token
    #[arg(long, value_name = "CLIENT_ID")]
    app: String,
    /// The description
    #[arg(long, value_name = "TEXT")]
    description: String,
    /// A scope of the token; repeatable [default: all scopes of the application]
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// When the token expires: in hours, days or weeks (12h, 90d, 4w), never, or at a time (RFC 3339) [default: 90d, or
    /// the expiry of the token that creates it]
    #[arg(long, value_name = "WHEN")]
    expires: Option<Expiry>,
    /// An address or network from which the token can be used; repeatable [default: all]
    #[arg(long, value_name = "CIDR")]
    allow_ip: Vec<String>,
    /// Create a service token, which acts as the application's system user (administrators only)
    #[arg(long)]
    service: bool,
    /// Print JSON: the token with its id, expiry and scopes
    #[arg(long)]
    json: bool,
}

/// Creates the token and prints its secret.
pub(super) fn run(context: &Context, args: &CreateArgs) -> anyhow::Result<()> {
    let needs = if args.service { ADMINISTRATOR } else { OWN };
    let create = Mutation { name: "apiAccessTokenCreate", needs, payload: super::WITH_SECRET };
    super::show_secret(&created(&context.server()?, &create, args, context.now)?, args.json)
}

/// Creates the token. If the default expiry is later than that of the creating token, the new token has the expiry of that one.
fn created(
    server: &Server,
    create: &Mutation,
    args: &CreateArgs,
    now: OffsetDateTime,
) -> Result<Value, Problem> {
    let mut input = input(args, now)?;
    match create.run(server, &input) {
        Err(problem) if args.expires.is_none() && problem.field() == Some(EXPIRES_AT) => {
            input[EXPIRES_AT] = Value::Null;
            create.run(server, &input)
        }
        created => created,
    }
}

const EXPIRES_AT: &str = "expiresAt";
/// The default lifetime of a token.
const USUAL: Expiry = Expiry::After(time::Duration::days(90));

fn input(args: &CreateArgs, now: OffsetDateTime) -> Result<Value, Problem> {
    let kind = if args.service { "SERVICE_ACCESS_TOKEN" } else { "PERSONAL_ACCESS_TOKEN" };
    let expires = args.expires.unwrap_or(USUAL).moment(now)?.map(clock::rfc3339);
    Ok(said([
        ("kind", Some(kind.into())),
        ("clientId", Some(args.app.as_str().into())),
        ("description", Some(args.description.as_str().into())),
        // Without an expiry, the token is valid until it is revoked.
        (EXPIRES_AT, Some(expires.into())),
        ("scopes", listed(scopes::split(&args.scope))),
        ("allowedIPAddresses", listed(args.allow_ip.clone())),
    ]))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use serde_json::json;

    use super::*;
    use crate::tests::stub::{Answer, Stub, signed_in};

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
    fn the_default_ends_with_the_token_that_makes_it() {
        let extensions = json!({"code": "BAD_USER_INPUT", "field": "expiresAt"});
        let api_error = json!({"data": null, "errors": [{"message": "too late", "extensions": extensions}]});
        let made = json!({"data": {"apiAccessTokenCreate": {"secret": "x"}}});
        let create = Mutation { name: "apiAccessTokenCreate", needs: OWN, payload: "secret" };
        let now = clock::parse("2026-08-01T00:00:00Z").unwrap();
        let run = |more: &[&str], answers: &[&Value]| {
            let stub = Stub::answering(answers.iter().map(|answer| Answer::json(200, answer)));
            let arguments = ["create", "--app", "backup", "--description", "d"].iter().chain(more);
            let result = created(&signed_in(&stub.url()), &create, &Only::parse_from(arguments).args, now);
            let sent =
                answers.iter().map(|_| stub.request().json()["variables"]["input"]["expiresAt"].take());
            (result.ok(), sent.collect::<Vec<_>>())
        };
        let sent = vec![json!("2026-10-30T00:00:00Z"), Value::Null];
        assert_eq!(run(&[], &[&api_error, &made]), (Some(json!({"secret": "x"})), sent));
        assert!(run(&["--expires", "90d"], &[&api_error]).0.is_none(), "what is said is not changed");
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
