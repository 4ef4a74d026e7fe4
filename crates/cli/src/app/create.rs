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
    /// The client id
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// The name that users see
    #[arg(long)]
    name: String,
    /// The description that users see
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The client type (RFC 6749, section 2.1)
    #[arg(long = "type", value_name = "TYPE")]
    client_type: ClientType,
    /// A scope that it can be granted; repeatable
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// A redirect URI; repeatable
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// A post-logout redirect URI; repeatable
    #[arg(long, value_name = "URI")]
    post_logout_redirect_uri: Vec<String>,
    /// A file with further client metadata: a JSON object with the names of RFC 7591
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// The login of its system user, who cannot sign in; created if it does not exist
    #[arg(long, value_name = "LOGIN")]
    system_user: Option<String>,
    /// The users who can create personal and service tokens for it
    #[arg(long, value_name = "WHO", default_value = "none")]
    reference_tokens: ReferenceTokens,
    /// Issue signed access tokens (JWT, RFC 9068), which resource servers can verify themselves
    #[arg(long)]
    jwt: bool,
    /// Print JSON: the application with its secret
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum ClientType {
    /// Keeps a secret: runs on a server
    Confidential,
    /// Keeps no secret: runs in a browser, on a phone or on a desktop
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

/// Explains why an application has no secret.
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
