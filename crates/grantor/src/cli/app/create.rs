//! `grantor app create`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::cli::context::Context;
use crate::cli::output;
use crate::cli::scopes;

/// Register an application
///
/// The secret of a confidential application is printed once, alone on standard output.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor app create --client-id backup --name Backup --type confidential --system-user robot
  grantor app create --client-id desk --name Desk --type public --redirect-uri http://127.0.0.1/cb")]
pub(crate) struct CreateArgs {
    /// The identifier with which the application presents itself
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// Its name, for the people who are asked to trust it
    #[arg(long)]
    name: String,
    /// What it is, for the people who are asked to trust it
    #[arg(long)]
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

#[derive(Clone, Copy, ValueEnum)]
enum ReferenceTokens {
    /// Nobody
    None,
    /// Every user who is signed in
    Users,
    /// Administrators
    Admins,
}

const DOCUMENT: &str = "mutation($input: APIApplicationCreateMutationInput!) {
    apiApplicationCreate(input: $input) {
        clientSecret
        apiApplication { id clientId name clientType scopes }
    }
}";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    api_application_create: Value,
}

/// Registers the application and prints its secret, if it has one.
pub(super) fn run(context: &Context, args: &CreateArgs) -> anyhow::Result<()> {
    let server = context.server()?;
    let data: Data = server.graphql(&["update", "sec"], DOCUMENT, &json!({"input": input(args)?}))?;
    let created = data.api_application_create;
    let secret = created.get("clientSecret").and_then(Value::as_str);
    if args.json {
        output::json(&created)?;
        if secret.is_some() {
            output::note("Keep the secret now: it is not shown again.");
        }
        return Ok(());
    }
    output::note(&format!("Registered the application {}.", args.client_id));
    match secret {
        Some(secret) => output::secret(secret)?,
        None => output::note("It is public, so it has no secret."),
    }
    Ok(())
}

fn input(args: &CreateArgs) -> anyhow::Result<Value> {
    let client_type = match args.client_type {
        ClientType::Confidential => "CONFIDENTIAL",
        ClientType::Public => "PUBLIC",
    };
    let reference_tokens = match args.reference_tokens {
        ReferenceTokens::None => "NONE",
        ReferenceTokens::Users => "AUTHENTICATED_USERS",
        ReferenceTokens::Admins => "ADMINISTRATORS_ONLY",
    };
    let mut input = Map::new();
    let mut set = |name: &str, value: Value| input.insert(name.to_owned(), value);
    set("clientId", args.client_id.as_str().into());
    set("name", args.name.as_str().into());
    set("clientType", client_type.into());
    set("scopes", scopes::split(&args.scope).into());
    set("referenceTokens", reference_tokens.into());
    set("accessTokenFormat", if args.jwt { "JWT" } else { "REFERENCE" }.into());
    if let Some(description) = &args.description {
        set("description", description.as_str().into());
    }
    if !args.redirect_uri.is_empty() {
        set("redirectUris", args.redirect_uri.clone().into());
    }
    if !args.post_logout_redirect_uri.is_empty() {
        set("postLogoutRedirectUris", args.post_logout_redirect_uri.clone().into());
    }
    if let Some(login) = &args.system_user {
        set("systemUser", login.as_str().into());
    }
    if let Some(file) = &args.metadata {
        set("metadata", metadata(file)?);
    }
    Ok(Value::Object(input))
}

fn metadata(file: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let members: Map<String, Value> =
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON object", file.display()))?;
    Ok(Value::Object(members))
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
