//! The context of a command: server, sign-ins, time.

use time::OffsetDateTime;

use super::clock;
use super::credentials::{CredentialFile, Credentials, Secret, SignIn};
use super::device::Issuer;
use super::http::Http;
use super::problem::Problem;
use super::server::{Server, TokenSource};
use super::server_url::ServerUrl;

/// The context of a command.
#[derive(Debug)]
pub(crate) struct Context {
    /// The server of the command line.
    pub(crate) url: Option<ServerUrl>,
    /// The token in `GRANTOR_TOKEN`.
    pub(crate) token: Option<Secret>,
    /// The file that keeps the sign-ins.
    pub(crate) credentials: CredentialFile,
    /// The start time of the command.
    pub(crate) now: OffsetDateTime,
}

impl Context {
    /// Reads the environment; `url` is the server of the command line.
    pub(crate) fn from_environment(url: Option<ServerUrl>) -> anyhow::Result<Self> {
        let variable = |name: &str| std::env::var(name).ok();
        let credentials = CredentialFile::find(variable)?;
        let token = variable("GRANTOR_TOKEN").filter(|token| !token.is_empty()).map(|token| {
            Secret::parse(token.trim())
                .ok_or_else(|| Problem::new("GRANTOR_TOKEN holds characters that no token has"))
        });
        Ok(Self { url, token: token.transpose()?, credentials, now: clock::now() })
    }

    /// Returns the server: that of the command line, else that of the last sign-in, else the local one.
    pub(crate) fn server_url(&self, credentials: &Credentials) -> ServerUrl {
        self.url.clone().or_else(|| credentials.current.clone()).unwrap_or_else(ServerUrl::local)
    }

    /// Returns the server with its access token.
    ///
    /// # Errors
    /// A [`Problem`] with the command to sign in, if there is no valid token.
    pub(crate) fn server(&self) -> anyhow::Result<Server> {
        let credentials = self.credentials.read()?;
        let url = self.server_url(&credentials);
        if let Some(token) = &self.token {
            let http = Http::new(url, Some(token.clone())).map_err(Problem::from)?;
            return Ok(Server::new(http, TokenSource::Environment, Vec::new()));
        }
        let sign_in = credentials.servers.get(&url).ok_or_else(|| not_signed_in(&url))?;
        let SignIn { token, scopes, .. } = match (sign_in.renewable(self.now), sign_in.expired(self.now)) {
            (Some(_), _) => self.renew(&url)?,
            (None, None) => sign_in.clone(),
            (None, Some(expired)) => {
                let problem =
                    Problem::new(format!("the sign-in at {url} expired at {}", clock::rfc3339(expired)));
                return Err(problem.hint(format!("run `grantor login {url}`")).into());
            }
        };
        let http = Http::new(url, Some(token)).map_err(Problem::from)?;
        Ok(Server::new(http, TokenSource::SignIn, scopes))
    }

    /// Renews the sign-in at a server. A refresh token works once, so of several concurrent commands one uses it, and the
    /// others take the new tokens.
    fn renew(&self, url: &ServerUrl) -> anyhow::Result<SignIn> {
        self.credentials.change(|credentials| {
            let sign_in = credentials.servers.get_mut(url).ok_or_else(|| not_signed_in(url))?;
            let Some(refresh_token) = sign_in.renewable(self.now) else { return Ok(sign_in.clone()) };
            let http = Http::new(url.clone(), None).map_err(Problem::from)?;
            let granted = Issuer::discover(&http)?.refresh(&http, refresh_token)?;
            sign_in.expires_at = granted.expires_at(self.now);
            sign_in.token = granted.access_token;
            // RFC 6749 section 6: without a new refresh token, the current one stays valid.
            sign_in.refresh_token = granted.refresh_token.or_else(|| sign_in.refresh_token.take());
            Ok(sign_in.clone())
        })
    }
}

/// The problem of a user who is not signed in.
pub(crate) fn not_signed_in(url: &ServerUrl) -> Problem {
    Problem::new(format!("not signed in to {url}")).hint(format!("run `grantor login {url}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests::stub::{Answer, Stub, TempFolder};

    fn context(folder: &TempFolder) -> Context {
        let now = clock::parse("2026-08-01T00:00:00Z").unwrap();
        Context { url: None, token: None, credentials: CredentialFile::in_folder(folder.path()), now }
    }

    fn sign_in(context: &Context, url: &str, expires_at: &str) {
        let sign_in = SignIn {
            token: Secret::parse("grt_rat_x").unwrap(),
            refresh_token: None,
            expires_at: clock::parse(expires_at),
            login: "ann".to_owned(),
            scopes: vec![],
        };
        context
            .credentials
            .change(|credentials| Ok(credentials.keep(url.parse().unwrap(), sign_in)))
            .unwrap();
    }

    fn problem(context: &Context) -> (String, String) {
        let error = context.server().unwrap_err();
        let problem = error.downcast_ref::<Problem>().unwrap();
        (problem.to_string(), problem.next_step().unwrap().to_owned())
    }

    #[test]
    fn without_a_sign_in_the_way_to_one_is_told() {
        let folder = TempFolder::new();
        let (message, next) = problem(&context(&folder));
        assert_eq!(message, "not signed in to http://127.0.0.1:8080");
        assert_eq!(next, "run `grantor login http://127.0.0.1:8080`");
    }

    #[test]
    fn the_last_sign_in_decides_unless_a_server_is_named() {
        let folder = TempFolder::new();
        let mut context = context(&folder);
        sign_in(&context, "http://one.example", "2026-09-01T00:00:00Z");
        sign_in(&context, "http://two.example", "2026-09-01T00:00:00Z");
        assert_eq!(context.server().unwrap().url().as_str(), "http://two.example");
        context.url = Some("http://one.example".parse().unwrap());
        assert_eq!(context.server().unwrap().url().as_str(), "http://one.example");
        context.url = Some("http://three.example".parse().unwrap());
        assert_eq!(problem(&context).0, "not signed in to http://three.example");
    }

    #[test]
    fn an_expired_sign_in_is_told_before_anything_is_sent() {
        let folder = TempFolder::new();
        let context = context(&folder);
        sign_in(&context, "http://one.example", "2026-07-31T00:00:00Z");
        assert_eq!(problem(&context).0, "the sign-in at http://one.example expired at 2026-07-31T00:00:00Z");
    }

    /// A sign-in whose access token is about to expire, and the responses of the server to renewals.
    fn due(stub: &Stub, folder: &TempFolder) -> Context {
        let context = Context { url: Some(stub.url()), ..context(folder) };
        sign_in(&context, stub.url().as_str(), "2026-08-01T00:00:30Z");
        context
            .credentials
            .change(|credentials| {
                let kept = credentials.servers.get_mut(&stub.url()).unwrap();
                kept.refresh_token = Secret::parse("grt_rt_1");
                Ok(())
            })
            .unwrap();
        context
    }

    fn discovery() -> Answer {
        let body = json!({
            "issuer": "{base}/id", "token_endpoint": "{base}/token", "revocation_endpoint": "x",
            "device_authorization_endpoint": "x",
        });
        Answer::json(200, &body)
    }

    #[test]
    fn a_sign_in_is_renewed_once_however_many_commands_run() {
        let renewed = json!({
            "access_token": "grt_rat_2", "refresh_token": "grt_rt_2", "token_type": "Bearer", "expires_in": 3600,
        });
        let stub = Stub::answering([discovery(), Answer::json(200, &renewed)]);
        let folder = TempFolder::new();
        let context = due(&stub, &folder);
        std::thread::scope(|scope| {
            let commands: Vec<_> = (0..8).map(|_| scope.spawn(|| context.server().map(drop))).collect();
            for command in commands {
                command.join().unwrap().unwrap();
            }
        });
        let kept = context.credentials.read().unwrap().servers[&stub.url()].clone();
        assert_eq!((kept.token.expose(), kept.refresh_token.unwrap().expose()), ("grt_rat_2", "grt_rt_2"));
        assert_eq!(kept.expires_at, clock::parse("2026-08-01T01:00:00Z"));
        stub.request();
        let sent = stub.request().form();
        assert!(sent.contains(&("refresh_token".to_owned(), "grt_rt_1".to_owned())), "{sent:?}");
    }

    #[test]
    fn a_sign_in_that_cannot_be_renewed_is_kept_and_told() {
        let refused = Answer::json(400, &json!({"error": "invalid_grant", "error_description": "no"}));
        let stub = Stub::answering([discovery(), refused]);
        let folder = TempFolder::new();
        let context = due(&stub, &folder);
        let (message, next) = problem(&context);
        assert_eq!(message, format!("the sign-in at {} has expired or was revoked", stub.url()));
        assert_eq!(next, format!("run `grantor login {}`", stub.url()));
        assert!(context.credentials.read().unwrap().servers.contains_key(&stub.url()));
    }

    #[test]
    fn a_token_in_the_environment_goes_first() {
        let folder = TempFolder::new();
        let mut context = context(&folder);
        sign_in(&context, "http://one.example", "2026-07-31T00:00:00Z");
        context.token = Secret::parse("grt_pat_x");
        let server = context.server().unwrap();
        assert_eq!(
            (server.url().as_str(), server.source()),
            ("http://one.example", TokenSource::Environment)
        );
    }
}
