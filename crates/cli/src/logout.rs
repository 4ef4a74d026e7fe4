//! `grantor logout`: revokes the token.

use clap::Args;

use super::context::{Context, not_signed_in};
use super::credentials::{Credentials, SignIn};
use super::device::Issuer;
use super::http::Http;
use super::output;
use super::problem::Problem;
use super::server_url::ServerUrl;

/// Sign out: revoke the token and remove it from this computer
#[derive(Args)]
#[command(after_help = "Examples:
  grantor logout
  grantor logout --url https://id.example.org")]
pub struct LogoutArgs {
    /// Remove the token from this computer only; it stays valid at the server
    #[arg(long)]
    local: bool,
}

/// Signs out.
pub(crate) fn run(context: &Context, args: &LogoutArgs) -> anyhow::Result<()> {
    let credentials = context.credentials.read()?;
    let url = context.server_url(&credentials);
    sign_in(&credentials, &url)?;
    // Waits for a command that renews the sign-in at the same time, so that its tokens are revoked as well.
    context.credentials.change(|credentials| {
        let sign_in = sign_in(credentials, &url)?;
        if !args.local {
            revoke(&url, sign_in).map_err(|problem| {
                Problem::new(format!("the token was not revoked, so it is kept: {problem}")).hint(
                    "to remove it from this computer anyway, run `grantor logout --local`; it stays valid at the server",
                )
            })?;
        }
        credentials.forget(&url);
        Ok(())
    })?;
    Ok(output::result(&format!("Signed out of {url}."))?)
}

fn sign_in<'a>(credentials: &'a Credentials, url: &ServerUrl) -> Result<&'a SignIn, Problem> {
    credentials.servers.get(url).ok_or_else(|| not_signed_in(url))
}

fn revoke(url: &ServerUrl, sign_in: &SignIn) -> Result<(), Problem> {
    let http = Http::new(url.clone(), None)?;
    Issuer::discover(&http)?.revoke(&http, &sign_in.token, sign_in.refresh_token.as_ref())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::credentials::Secret;
    use crate::tests::stub::{self, Answer, Stub, TempFolder};

    fn signed_in(folder: &TempFolder, url: &ServerUrl) -> Context {
        let context = stub::context(folder, url);
        let token = Secret::parse("grt_rat_1").unwrap();
        let sign_in =
            SignIn { token, refresh_token: None, expires_at: None, login: "ann".to_owned(), scopes: vec![] };
        context.credentials.change(|credentials| Ok(credentials.keep(url.clone(), sign_in))).unwrap();
        context
    }

    fn is_kept(context: &Context) -> bool {
        !context.credentials.read().unwrap().servers.is_empty()
    }

    #[test]
    fn signing_out_revokes_and_forgets() {
        let discovery = json!({
            "issuer": "{base}/id", "token_endpoint": "x", "revocation_endpoint": "{base}/r",
            "device_authorization_endpoint": "x",
        });
        let stub = Stub::answering([Answer::json(200, &discovery), Answer::text(200, "")]);
        let folder = TempFolder::new();
        let context = signed_in(&folder, &stub.url());
        run(&context, &LogoutArgs { local: false }).unwrap();
        assert!(!is_kept(&context));
        stub.request();
        let request = stub.request();
        assert_eq!(request.line, "POST /r");
        let fields =
            [("token", "grt_rat_1"), ("token_type_hint", "access_token"), ("client_id", "grantor-cli")];
        assert_eq!(request.form(), fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_token_that_is_not_revoked_is_not_forgotten_unless_that_is_meant() {
        let folder = TempFolder::new();
        let context = signed_in(&folder, &Stub::closed());
        let error = run(&context, &LogoutArgs { local: false }).unwrap_err();
        assert!(error.to_string().starts_with("the token was not revoked, so it is kept: cannot reach"));
        assert!(is_kept(&context));
        run(&context, &LogoutArgs { local: true }).unwrap();
        assert!(!is_kept(&context));
    }

    #[test]
    fn who_is_not_signed_in_cannot_sign_out() {
        let folder = TempFolder::new();
        let context = stub::context(&folder, &Stub::closed());
        let error = run(&context, &LogoutArgs { local: true }).unwrap_err();
        assert!(error.to_string().starts_with("not signed in to "));
    }
}
