//! `grantor whoami`: the user and the token of the sign-in.

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::clock;
use super::context::Context;
use super::output;
use super::problem::Problem;
use super::server::{Server, TokenSource};

/// Show the user and the scopes of the token
#[derive(Args)]
#[command(after_help = "Example:\n  grantor whoami")]
pub struct WhoamiArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const DOCUMENT: &str = "{ viewer {
    user { login name email isAdmin }
    scopes
    token { uuid kind description createdAt expiresAt }
} }";

/// The user of a token, and the token.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Viewer {
    /// The user, if the token identifies one.
    pub(crate) user: Option<User>,
    scopes: Vec<String>,
    token: Option<Token>,
}

/// A user.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    /// The login.
    pub(crate) login: String,
    name: String,
    email: Option<String>,
    is_admin: bool,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Token {
    uuid: String,
    kind: String,
    description: Option<String>,
    created_at: String,
    expires_at: Option<String>,
}

/// Shows user and token.
pub(crate) fn run(context: &Context, args: &WhoamiArgs) -> anyhow::Result<()> {
    let server = context.server()?;
    let viewer = viewer(&server)?;
    if args.json {
        return output::json(&viewer);
    }
    Ok(output::result(&output::card(&card(&server, &viewer)))?)
}

/// Reads user and token from the server.
pub(crate) fn viewer(server: &Server) -> Result<Viewer, Problem> {
    #[derive(Deserialize)]
    struct Data {
        viewer: Option<Viewer>,
    }
    let data: Data = server.graphql(&[], DOCUMENT, &json!({}))?;
    data.viewer.ok_or_else(|| server.http().foreign("the response lacks the user").into())
}

fn card(server: &Server, viewer: &Viewer) -> Vec<(&'static str, String)> {
    let source = match server.source() {
        TokenSource::Environment => "GRANTOR_TOKEN",
        TokenSource::SignIn => "grantor login",
    };
    let mut card = vec![("Server", server.url().to_string())];
    if let Some(user) = &viewer.user {
        card.push(("Login", user.login.clone()));
        card.push(("Name", user.name.clone()));
        card.push(("E-mail", user.email.clone().unwrap_or_default()));
        card.push(("Administrator", if user.is_admin { "yes" } else { "no" }.to_owned()));
    }
    card.push(("Scopes", viewer.scopes.join(" ")));
    card.push(("Token from", source.to_owned()));
    if let Some(token) = &viewer.token {
        card.push(("Token ID", token.uuid.clone()));
        card.push(("Kind", token.kind.to_ascii_lowercase()));
        card.push(("Description", token.description.clone().unwrap_or_default()));
        card.push(("Created", clock::short(&token.created_at)));
        card.push(("Expires", token.expires_at.as_deref().map_or("never".to_owned(), clock::short)));
    }
    card
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::stub::{Answer, Stub, signed_in};

    #[test]
    fn the_viewer_is_shown_with_the_token() {
        let token = json!({
            "uuid": "0198-1", "kind": "REFERENCE_TOKEN", "description": "on my desk",
            "createdAt": "2026-08-01T10:00:00Z", "expiresAt": null,
        });
        let user = json!({"login": "ann", "name": "Ann Lee", "email": "ann@example.org", "isAdmin": true});
        let viewer_json = json!({"user": user, "scopes": ["read", "sec"], "token": token});
        let stub = Stub::answering([Answer::json(200, &json!({"data": {"viewer": viewer_json}}))]);
        let server = signed_in(&stub.url());
        let viewer = viewer(&server).unwrap();
        assert_eq!(serde_json::to_value(&viewer).unwrap(), viewer_json);
        let shown = output::card(&card(&server, &viewer)).replace(stub.url().as_str(), "URL");
        insta::assert_snapshot!(shown, @"
        Server         URL
        Login          ann
        Name           Ann Lee
        E-mail         ann@example.org
        Administrator  yes
        Scopes         read sec
        Token from     grantor login
        Token ID       0198-1
        Kind           reference_token
        Description    on my desk
        Created        2026-08-01 10:00
        Expires        never
        ");
    }
}
