//! `grantor login`: signs in through the browser.

use std::time::Duration;

use clap::Args;
use time::OffsetDateTime;

use super::browser;
use super::clock;
use super::context::Context;
use super::credentials::SignIn;
use super::device::{Granted, Issuer, OFFLINE_ACCESS, Pending};
use super::http::Http;
use super::output;
use super::problem::Problem;
use super::qr;
use super::scopes;
use super::server::{Server, TokenSource};
use super::server_url::ServerUrl;
use super::whoami;

/// Sign in to a server through the browser
///
/// Shows a link and a code, waits until you have approved the request there, and stores the token in your configuration folder, in a file that only you can read.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor login
  grantor login https://id.example.org --scope 'read update'")]
pub struct LoginArgs {
    /// The server [default: http://127.0.0.1:8080]
    #[arg(value_name = "URL", id = "server")]
    server: Option<ServerUrl>,
    /// A scope of the token; repeatable
    #[arg(long, value_name = "SCOPE", default_value = "read update sec tokens")]
    scope: Vec<String>,
    /// Do not open the browser, only show the link
    #[arg(long)]
    no_browser: bool,
}

/// Signs in.
pub(crate) fn run(context: &Context, args: LoginArgs) -> anyhow::Result<()> {
    let url = args.server.or_else(|| context.url.clone()).unwrap_or_else(ServerUrl::local);
    if url.is_exposed() {
        output::note(&format!(
            "warning: the connection to {url} is not encrypted: others on the network can read the token"
        ));
    }
    let http = Http::new(url, None).map_err(Problem::from)?;
    let issuer = Issuer::discover(&http)?;
    let scope = scopes::split(&args.scope).join(" ");
    let pending = issuer.ask(&http, &scope, &description())?;
    show(&pending, !args.no_browser && browser::is_at_hand())?;
    let granted = issuer.wait(&http, &pending, &mut |pause: Duration| std::thread::sleep(pause))?;
    let kept = keep(context, &http, &issuer, &granted, &scope);
    if kept.is_err() {
        issuer.revoke_leftover(&http, &granted.access_token, granted.refresh_token.as_ref());
    }
    kept
}

/// Returns the description of the request on the approval page, within the maximum length of a grant's description.
fn description() -> String {
    format!("grantor command line on {}", host_name()).chars().take(128).collect()
}

fn host_name() -> String {
    let file = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let variable = || std::env::var("COMPUTERNAME").ok();
    let command = || std::process::Command::new("hostname").output().ok();
    let printed = || command().and_then(|output| String::from_utf8(output.stdout).ok());
    let name = file.or_else(variable).or_else(printed).map(|name| name.trim().to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| "a machine without a name".to_owned())
}

fn show(pending: &Pending, open: bool) -> anyhow::Result<()> {
    let complete = pending.verification_uri_complete.as_ref().unwrap_or(&pending.verification_uri);
    if let Some(code) = qr::draw(complete.0.as_str()).filter(|_| output::on_terminal()) {
        output::result(&format!("{code}\n"))?;
    }
    output::result(&format!(
        "To sign in, open this link in a browser and approve the request:\n\n  {}\n\nThe page shows this code; check that it is the same:\n\n  {}\n",
        complete.0,
        output::clean(&pending.user_code),
    ))?;
    if open && browser::open(&complete.0) {
        output::result("The link was opened in your browser.")?;
    }
    output::note("Waiting for your approval …");
    Ok(())
}

/// Stores the token, and revokes the one that it replaces.
fn keep(
    context: &Context,
    http: &Http,
    issuer: &Issuer,
    granted: &Granted,
    asked: &str,
) -> anyhow::Result<()> {
    let scope = granted.scope.clone().unwrap_or_else(|| asked.to_owned());
    let mut scopes = scopes::split(&[scope]);
    // `offline_access` is no permission of a command.
    scopes.retain(|scope| scope != OFFLINE_ACCESS);
    let url = http.url().clone();
    let token = granted.access_token.clone();
    let signed_in = Http::new(url.clone(), Some(token.clone())).map_err(Problem::from)?;
    let server = Server::new(signed_in, TokenSource::SignIn, scopes.clone());
    let user = whoami::viewer(&server)?.user;
    let login = user.ok_or_else(|| server.http().foreign("the response lacks the user"))?.login;
    let expires_at = granted.expires_at(context.now);
    let refresh_token = granted.refresh_token.clone();
    let ends = expires_at.filter(|_| refresh_token.is_none());
    let message = welcome(&url, &login, &scopes, ends);
    let sign_in = SignIn { token, refresh_token, expires_at, login, scopes };
    let replaced = context.credentials.change(|credentials| Ok(credentials.keep(url, sign_in)))?;
    if let Some(replaced) = replaced {
        issuer.revoke_leftover(http, &replaced.token, replaced.refresh_token.as_ref());
    }
    Ok(output::result(&message)?)
}

fn welcome(url: &ServerUrl, login: &str, scopes: &[String], expires_at: Option<OffsetDateTime>) -> String {
    let until = expires_at.map_or_else(String::new, |time| format!(" until {}", clock::rfc3339(time)));
    format!("Signed in to {url} as {}{until}, with the scopes: {}", output::clean(login), scopes.join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::credentials::Secret;
    use crate::tests::stub::{self, Answer, Stub, TempFolder};

    fn discovery() -> Answer {
        let body = json!({
            "issuer": "{base}/id", "token_endpoint": "{base}/id/connect/token",
            "revocation_endpoint": "{base}/id/connect/revocation",
            "device_authorization_endpoint": "{base}/id/connect/deviceauthorization",
        });
        Answer::json(200, &body)
    }

    fn pending() -> Answer {
        let body = json!({
            "device_code": "grt_dvc_1", "user_code": "ABCD-EFGH", "verification_uri": "{base}/device",
            "expires_in": 600, "interval": 1,
        });
        Answer::json(200, &body)
    }

    fn granted() -> Answer {
        let body = json!({
            "access_token": "grt_rat_new", "token_type": "Bearer", "expires_in": 86400,
            "refresh_token": "grt_rt_new", "scope": "read offline_access",
        });
        Answer::json(200, &body)
    }

    fn viewer() -> Value {
        let user = json!({"login": "ann", "name": "Ann", "email": null, "isAdmin": false});
        json!({"data": {"viewer": {"user": user, "scopes": ["read"], "token": null}}})
    }

    fn args() -> LoginArgs {
        LoginArgs { server: None, scope: vec!["read update".to_owned()], no_browser: true }
    }

    #[test]
    fn an_approved_request_is_kept_and_replaces_the_sign_in_before_it() {
        let answers =
            [discovery(), pending(), granted(), Answer::json(200, &viewer()), Answer::text(200, "")];
        let stub = Stub::answering(answers);
        let folder = TempFolder::new();
        let context = stub::context(&folder, &stub.url());
        let old = SignIn {
            token: Secret::parse("grt_rat_old").unwrap(),
            refresh_token: None,
            expires_at: None,
            login: "ann".to_owned(),
            scopes: vec![],
        };
        context.credentials.change(|credentials| Ok(credentials.keep(stub.url(), old))).unwrap();

        run(&context, args()).unwrap();

        let credentials = context.credentials.read().unwrap();
        let kept = &credentials.servers[&stub.url()];
        assert_eq!(kept.token.expose(), "grt_rat_new");
        assert_eq!(kept.refresh_token.as_ref().unwrap().expose(), "grt_rt_new");
        assert_eq!(kept.expires_at, clock::parse("2026-08-02T00:00:00Z"));
        assert_eq!((kept.login.as_str(), kept.scopes.as_slice()), ("ann", ["read".to_owned()].as_slice()));
        assert_eq!(credentials.current, Some(stub.url()));
        let requests: Vec<_> = (0..5).map(|_| stub.request()).collect();
        assert!(requests[1].form().contains(&("scope".to_owned(), "read update offline_access".to_owned())));
        assert_eq!(requests[3].header("authorization"), Some("Bearer grt_rat_new"));
        assert_eq!(requests[4].line, "POST /id/connect/revocation");
        assert!(requests[4].form().contains(&("token".to_owned(), "grt_rat_old".to_owned())));
    }

    #[test]
    fn a_token_that_cannot_be_kept_is_revoked() {
        let refused = json!({"errors": [{"message": "no", "extensions": {"code": "FORBIDDEN"}}]});
        let answers = [discovery(), pending(), granted(), Answer::json(200, &refused), Answer::text(200, "")];
        let stub = Stub::answering(answers);
        let folder = TempFolder::new();
        let context = stub::context(&folder, &stub.url());
        assert_eq!(run(&context, args()).unwrap_err().to_string(), "no");
        assert!(context.credentials.read().unwrap().servers.is_empty());
        let requests: Vec<_> = (0..5).map(|_| stub.request()).collect();
        let revocation = &requests[4];
        assert!(revocation.form().contains(&("token".to_owned(), "grt_rt_new".to_owned())));
    }

    #[test]
    fn the_request_says_where_it_comes_from() {
        let description = description();
        assert!(description.starts_with("grantor command line on ") && description.chars().count() <= 128);
    }

    #[test]
    fn the_welcome_says_who_and_how_long() {
        let url = ServerUrl::local();
        let until = clock::parse("2026-09-01T00:00:00Z");
        let expected =
            "Signed in to http://127.0.0.1:8080 as ann until 2026-09-01T00:00:00Z, with the scopes: read";
        assert_eq!(welcome(&url, "ann", &["read".to_owned()], until), expected);
    }
}
