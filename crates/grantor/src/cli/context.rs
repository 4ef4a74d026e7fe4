//! The surroundings of a command: the server that is meant, the sign-ins, the time.

use time::OffsetDateTime;

use super::clock;
use super::credentials::{CredentialFile, Credentials, Secret};
use super::http::Http;
use super::problem::Problem;
use super::server::{Server, TokenSource};
use super::server_url::ServerUrl;

/// The surroundings of a command.
#[derive(Debug)]
pub(crate) struct Context {
    /// The server that was named.
    pub(crate) url: Option<ServerUrl>,
    /// The token in `GRANTOR_TOKEN`.
    pub(crate) token: Option<Secret>,
    /// The file that keeps the sign-ins.
    pub(crate) credentials: CredentialFile,
    /// When the command started.
    pub(crate) now: OffsetDateTime,
}

impl Context {
    /// Reads the environment; `url` is what the command line named.
    pub(crate) fn from_environment(url: Option<ServerUrl>) -> anyhow::Result<Self> {
        let variable = |name: &str| std::env::var(name).ok();
        let credentials = CredentialFile::find(variable)?;
        let token = variable("GRANTOR_TOKEN").filter(|token| !token.is_empty()).map(|token| {
            Secret::parse(token.trim())
                .ok_or_else(|| Problem::new("GRANTOR_TOKEN holds characters that no token has"))
        });
        Ok(Self { url, token: token.transpose()?, credentials, now: clock::now() })
    }

    /// The server that is meant: the named one, else that of the last sign-in, else one on this machine.
    pub(crate) fn server_url(&self, credentials: &Credentials) -> ServerUrl {
        self.url.clone().or_else(|| credentials.current.clone()).unwrap_or_else(ServerUrl::local)
    }

    /// The server that is meant, with the token for it.
    ///
    /// # Errors
    /// A [`Problem`] that says how to sign in, without a token that is still valid.
    pub(crate) fn server(&self) -> anyhow::Result<Server> {
        let credentials = self.credentials.read()?;
        let url = self.server_url(&credentials);
        if let Some(token) = &self.token {
            let http = Http::new(url, Some(token.clone())).map_err(Problem::from)?;
            return Ok(Server::new(http, TokenSource::Environment, Vec::new()));
        }
        let sign_in = credentials.servers.get(&url).ok_or_else(|| not_signed_in(&url))?;
        if let Some(expired) = sign_in.expires_at.filter(|expiry| *expiry <= self.now) {
            let problem =
                Problem::new(format!("the sign-in at {url} expired at {}", clock::rfc3339(expired)));
            return Err(problem.hint(format!("run `grantor login {url}`")).into());
        }
        let http = Http::new(url, Some(sign_in.token.clone())).map_err(Problem::from)?;
        Ok(Server::new(http, TokenSource::SignIn, sign_in.scopes.clone()))
    }
}

/// The problem of somebody who has yet to sign in.
pub(crate) fn not_signed_in(url: &ServerUrl) -> Problem {
    Problem::new(format!("not signed in to {url}")).hint(format!("run `grantor login {url}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::credentials::SignIn;
    use crate::cli::stub::TempFolder;

    fn context(folder: &TempFolder) -> Context {
        let now = clock::parse("2026-08-01T00:00:00Z").unwrap();
        Context { url: None, token: None, credentials: CredentialFile::in_folder(folder.path()), now }
    }

    fn sign_in(context: &Context, url: &str, expires_at: &str) {
        let mut credentials = context.credentials.read().unwrap();
        let sign_in = SignIn {
            token: Secret::parse("grt_rat_x").unwrap(),
            expires_at: clock::parse(expires_at),
            login: "ann".to_owned(),
            scopes: vec![],
        };
        credentials.keep(url.parse().unwrap(), sign_in);
        context.credentials.write(&credentials).unwrap();
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
