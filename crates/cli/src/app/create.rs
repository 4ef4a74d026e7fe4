//! `grantor app create`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::ReferenceTokens;
use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, listed, said};
use crate::output;
use crate::scopes;

/// Register an application
///
/// The secret of a confidential application is printed once, alone on standard output.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor app create --client-id backup --name Backup --type confidential --system-user robot
  grantor app create --client-id desk --name Desk --type public --redirect-uri http://127.0.0.1/cb")]
pub struct CreateArgs {
    /// The identifier with which the application presents itself
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// Its name, for the people who are asked to trust it
    #[arg(long)]
    name: String,
    /// What it is, for the people who are asked to trust it
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Whether it can keep a secret
    #[arg(long = "type", value_name = "TYPE")]
    client_type: ClientType,
    /// What it may be granted; may be repeated
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// An address to which a sign-in may return; may be repeated
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// An address to which a sign-out may return; may be repeated
    #[arg(long, value_name = "URI")]
    post_logout_redirect_uri: Vec<String>,
    /// A file with what it says about itself besides: a JSON object by the names of RFC 7591
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// The user as whom it acts without a person: one that nobody signs in as; it is added where there is none
    #[arg(long, value_name = "LOGIN")]
    system_user: Option<String>,
    /// Who may make personal and service tokens for it
    #[arg(long, value_name = "WHO", default_value = "none")]
    reference_tokens: ReferenceTokens,
    /// Give it signed access tokens (JWT, RFC 9068), which other services can check by themselves
    #[arg(long)]
    jwt: bool,
    /// Print JSON: the application with its secret
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum ClientType {
    /// It can: it runs on a server
    Confidential,
    /// It cannot: it runs in a browser, on a phone or on a desk
    Public,
}

const CREATE: Mutation = Mutation {
    name: "apiApplicationCreate",
    needs: ADMINISTRATOR,
    payload: "clientSecret apiApplication { uuid clientId name clientType scopes }",
};

/// Registers the application and prints its secret, if it has one.
pub(super) fn run(context: &Context, args: &CreateArgs) -> anyhow::Result<()> {
    let created = CREATE.run(&context.server()?, &input(args)?)?;
    let secret = created["clientSecret"].as_str();
    if args.json {
        return if secret.is_some() { output::json_with_secret(&created) } else { output::json(&created) };
    }
    output::note(&format!("Registered the application {}.", args.client_id));
    match secret {
        Some(secret) => output::secret(secret)?,
        None => output::note(without_secret(&created["apiApplication"])),
    }
    Ok(())
}

/// Says why an application has no secret.
fn without_secret(application: &Value) -> &'static str {
    if application["clientType"] == "PUBLIC" {
        "It is public, so it has no secret."
    } else {
        "It has no secret: it authenticates with its key or its certificate."
    }
}

fn input(args: &CreateArgs) -> anyhow::Result<Value> {
    let client_type = match args.client_type {
        ClientType::Confidential => "CONFIDENTIAL",
        ClientType::Public => "PUBLIC",
    };
    let metadata = args.metadata.as_deref().map(super::metadata).transpose()?;
    Ok(said([
        ("clientId", Some(args.client_id.as_str().into())),
        ("name", Some(args.name.as_str().into())),
        ("description", args.description.clone().map(Value::from)),
        ("clientType", Some(client_type.into())),
        ("scopes", Some(scopes::split(&args.scope).into())),
        ("redirectUris", listed(args.redirect_uri.clone())),
        ("postLogoutRedirectUris", listed(args.post_logout_redirect_uri.clone())),
        ("metadata", metadata),
        ("systemUser", args.system_user.clone().map(Value::from)),
        ("referenceTokens", Some(args.reference_tokens.name().into())),
        ("accessTokenFormat", Some(super::token_format(args.jwt).into())),
    ]))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use serde_json::json;

    use super::*;

    #[derive(clap::Parser)]
    struct Only {
        #[command(flatten)]
        args: CreateArgs,
    }

    fn input_of(arguments: &[&str]) -> Value {
        let always = ["create", "--client-id", "backup", "--name", "Backup", "--type", "confidential"];
        input(&Only::parse_from(always.iter().chain(arguments)).args).unwrap()
    }

    #[test]
    fn what_is_not_said_is_the_narrowest() {
        let expected = json!({
            "clientId": "backup", "name": "Backup", "clientType": "CONFIDENTIAL", "scopes": [],
            "referenceTokens": "NONE", "accessTokenFormat": "REFERENCE",
        });
        assert_eq!(input_of(&[]), expected);
    }

    #[test]
    fn an_application_with_a_key_is_not_called_public() {
        assert!(without_secret(&json!({ "clientType": "PUBLIC" })).contains("public"));
        let with_key = without_secret(&json!({ "clientType": "CONFIDENTIAL" }));
        assert!(with_key.contains("its key") && !with_key.contains("public"), "{with_key}");
    }

    #[test]
    fn what_is_said_is_sent() {
        let arguments = [
            "--scope",
            "read update",
            "--redirect-uri",
            "http://a/",
            "--redirect-uri",
            "http://b/",
            "--system-user",
            "robot",
            "--reference-tokens",
            "admins",
            "--jwt",
            "--description",
            "d",
            "--post-logout-redirect-uri",
            "http://c/",
        ];
        let expected = json!({
            "clientId": "backup", "name": "Backup", "description": "d", "clientType": "CONFIDENTIAL",
            "scopes": ["read", "update"], "redirectUris": ["http://a/", "http://b/"],
            "postLogoutRedirectUris": ["http://c/"], "systemUser": "robot",
            "referenceTokens": "ADMINISTRATORS_ONLY", "accessTokenFormat": "JWT",
        });
        assert_eq!(input_of(&arguments), expected);
    }
}
