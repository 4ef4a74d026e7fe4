//! `grantor app change`.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::ReferenceTokens;
use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, listed, said};
use crate::{output, scopes};

/// Change an application; options that are not given stay as they are
///
/// A disabled application obtains no tokens, and its tokens are refused at once.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor app change backup --scope 'read update'
  grantor app change backup --enabled false")]
pub struct ChangeArgs {
    /// The client id, or the id of the row
    #[arg(value_name = "ID|CLIENT_ID")]
    id: String,
    /// The name that users see
    #[arg(long)]
    name: Option<String>,
    /// The description that users see
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The scopes that it can be granted
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// A redirect URI; replaces the previous ones; repeatable
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// A post-logout redirect URI; replaces the previous ones; repeatable
    #[arg(long, value_name = "URI")]
    post_logout_redirect_uri: Vec<String>,
    /// A file with further client metadata: a JSON object with the names of RFC 7591
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// The users who can create personal and service tokens for it
    #[arg(long, value_name = "WHO")]
    reference_tokens: Option<ReferenceTokens>,
    /// Whether its access tokens are signed (JWT, RFC 9068)
    #[arg(long, value_name = "BOOL")]
    jwt: Option<bool>,
    /// Whether it is enabled
    #[arg(long, value_name = "BOOL")]
    enabled: Option<bool>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const CHANGE: Mutation = Mutation {
    name: "apiApplicationUpdate",
    needs: ADMINISTRATOR,
    payload: "apiApplication { uuid clientId name clientType scopes isEnabled }",
};

/// Changes the application.
pub(super) fn run(context: &Context, args: &ChangeArgs) -> anyhow::Result<()> {
    let server = context.server()?;
    let row = super::show::get(&server, &args.id)?;
    let metadata = args.metadata.as_deref().map(super::metadata).transpose()?;
    let input = said([
        ("id", row.text("Id").map(Value::from)),
        ("name", args.name.clone().map(Value::from)),
        ("description", args.description.clone().map(Value::from)),
        ("scopes", args.scope.clone().map(|scope| scopes::split(&[scope]).into())),
        ("redirectUris", listed(args.redirect_uri.clone())),
        ("postLogoutRedirectUris", listed(args.post_logout_redirect_uri.clone())),
        ("metadata", metadata),
        ("referenceTokens", args.reference_tokens.map(|who| who.name().into())),
        ("accessTokenFormat", args.jwt.map(|signed| super::token_format(signed).into())),
        ("isEnabled", args.enabled.map(Value::from)),
    ]);
    let changed = CHANGE.run(&server, &input)?;
    if args.json {
        return output::json(&changed["apiApplication"]);
    }
    output::note(&format!("Changed the application {}.", row.text("ApplicationUri").unwrap_or(&args.id)));
    Ok(())
}
