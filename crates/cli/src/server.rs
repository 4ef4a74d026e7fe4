//! A server with a sign-in.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::http::{ApiError, Failure, Http, graphql_error};
use super::problem::Problem;
use super::server_url::ServerUrl;

/// The source of the token. It decides the hint when the server does not accept the token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TokenSource {
    /// `GRANTOR_TOKEN`.
    Environment,
    /// `grantor login`.
    SignIn,
}

/// A server with its access token.
#[derive(Debug)]
pub(crate) struct Server {
    http: Http,
    source: TokenSource,
    scopes: Vec<String>,
}

impl Server {
    /// Creates a server; `scopes` are the known scopes of the token.
    pub(crate) fn new(http: Http, source: TokenSource, scopes: Vec<String>) -> Self {
        Self { http, source, scopes }
    }

    /// The address of the server.
    pub(crate) fn url(&self) -> &ServerUrl {
        self.http.url()
    }

    /// The connection.
    pub(crate) fn http(&self) -> &Http {
        &self.http
    }

    /// Returns the source of the token.
    pub(crate) fn source(&self) -> TokenSource {
        self.source
    }

    /// Runs a GraphQL document that needs these scopes, and reads its data.
    pub(crate) fn graphql<T: DeserializeOwned>(
        &self,
        needs: &[&str],
        document: &str,
        variables: &Value,
    ) -> Result<T, Problem> {
        let request = json!({"query": document, "variables": variables});
        self.graphql_data(&request).map_err(|failure| self.explain(failure, needs))
    }

    fn graphql_data<T: DeserializeOwned>(&self, request: &Value) -> Result<T, Failure> {
        let mut answer = self.http.post_json(&self.url().at("/graphql"), request)?;
        if let Some(api_error) = graphql_error(200, &answer) {
            return Err(Failure::Api(api_error));
        }
        let data = answer.get_mut("data").map(Value::take).unwrap_or_default();
        T::deserialize(data).map_err(|_| self.http.foreign("unexpected GraphQL data"))
    }

    /// Explains the failure of a request that needs these scopes, with a hint.
    pub(crate) fn explain(&self, failure: Failure, needs: &[&str]) -> Problem {
        match failure {
            Failure::Api(api_error) if api_error.is_unauthenticated() => self.not_accepted(),
            Failure::Api(api_error) if api_error.needs_sign_in() => self.sign_in_again(api_error.message),
            Failure::Api(api_error) if api_error.is_forbidden() => self.forbidden(&api_error, needs),
            failure => failure.into(),
        }
    }

    fn sign_in_again(&self, message: String) -> Problem {
        let url = self.url();
        Problem::new(message).hint(match self.source {
            TokenSource::Environment => {
                format!("the token in GRANTOR_TOKEN has no sign-in: unset it, and run `grantor login {url}`")
            }
            TokenSource::SignIn => {
                format!("run `grantor login {url}`, with a second factor where one is asked for")
            }
        })
    }

    fn not_accepted(&self) -> Problem {
        let url = self.url();
        match self.source {
            TokenSource::Environment => Problem::new(format!(
                "{url} does not accept the token in GRANTOR_TOKEN"
            ))
            .hint("it has expired, was revoked or is for another server: set another one, or unset it"),
            TokenSource::SignIn => Problem::new(format!("the sign-in at {url} has expired or was revoked"))
                .hint(format!("run `grantor login {url}`")),
        }
    }

    fn forbidden(&self, api_error: &ApiError, needs: &[&str]) -> Problem {
        let named: Vec<_> = api_error.scope.iter().flat_map(|scope| scope.split_whitespace()).collect();
        let needs = if named.is_empty() { needs } else { &named };
        let missing: Vec<_> =
            needs.iter().filter(|scope| !self.scopes.iter().any(|known| known == **scope)).copied().collect();
        let problem = Problem::new(api_error.message.clone());
        if missing.is_empty() {
            return problem;
        }
        let missing_text = missing.join(" ");
        match self.source {
            TokenSource::Environment => problem.hint(format!(
                "this needs the scope `{missing_text}`: `grantor whoami` shows what the token in GRANTOR_TOKEN has"
            )),
            TokenSource::SignIn => {
                let known = self.scopes.iter().map(String::as_str);
                let wanted = known.chain(missing).collect::<Vec<_>>().join(" ");
                let url = self.url();
                problem.hint(format!(
                    "this sign-in lacks the scope `{missing_text}`: run `grantor login {url} --scope '{wanted}'`"
                ))
            }
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let mut problem = Self::new(failure.to_string());
        if let Failure::Api(api_error) = &failure {
            problem = problem.about(api_error.field.clone());
        }
        match failure {
            Failure::Unreachable { url, .. } if url.is_loopback() => {
                problem.hint("is the server running? start it with `grantor serve`")
            }
            Failure::Unreachable { .. } => problem.hint("check the address and the network"),
            Failure::Moved { .. } => problem.hint("name the server by that address, with --url"),
            Failure::Foreign { .. } => problem.hint("check that the address is that of a Grantor server"),
            Failure::Api(_) => problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::Secret;
    use crate::tests::stub::{Answer, Stub};

    fn server(url: ServerUrl, source: TokenSource) -> Server {
        Server::new(Http::new(url, Secret::parse("grt_x")).unwrap(), source, vec!["read".to_owned()])
    }

    fn graphql_error(code: &str) -> Answer {
        let error = json!({"message": "no", "extensions": {"code": code}});
        Answer::json(200, &json!({"data": {"viewer": null}, "errors": [error]}))
    }

    fn hint(answer: Answer, source: TokenSource) -> (String, Option<String>) {
        let stub = Stub::answering([answer]);
        let server = server(stub.url(), source);
        let problem =
            server.graphql::<Value>(&["update", "sec"], "{ viewer { id } }", &json!({})).unwrap_err();
        let strip = |text: &str| text.replace(stub.url().as_str(), "URL");
        (strip(&problem.to_string()), problem.next_step().map(strip))
    }

    #[test]
    fn graphql_sends_document_and_variables_and_reads_data() {
        let stub = Stub::answering([Answer::json(200, &json!({"data": {"a": 1}}))]);
        let data: Value =
            server(stub.url(), TokenSource::SignIn).graphql(&[], "query", &json!({"v": 2})).unwrap();
        assert_eq!(data, json!({"a": 1}));
        let request = stub.request();
        assert_eq!(request.line, "POST /graphql");
        assert_eq!(request.json(), json!({"query": "query", "variables": {"v": 2}}));
    }

    #[test]
    fn a_token_that_is_not_accepted_is_told_by_where_it_came_from() {
        let (message, next) = hint(graphql_error("UNAUTHENTICATED"), TokenSource::SignIn);
        assert_eq!(message, "the sign-in at URL has expired or was revoked");
        assert_eq!(next.as_deref(), Some("run `grantor login URL`"));
        let (message, _) = hint(Answer::text(401, ""), TokenSource::Environment);
        assert_eq!(message, "URL does not accept the token in GRANTOR_TOKEN");
    }

    #[test]
    fn a_sign_in_that_is_too_old_is_no_bad_token() {
        let (message, next) = hint(graphql_error("INSUFFICIENT_USER_AUTHENTICATION"), TokenSource::SignIn);
        assert_eq!(message, "no");
        assert!(next.unwrap().starts_with("run `grantor login URL`"));
        let (_, next) = hint(graphql_error("INSUFFICIENT_USER_AUTHENTICATION"), TokenSource::Environment);
        assert!(next.unwrap().contains("unset it"));
    }

    #[test]
    fn a_missing_scope_is_named_with_the_way_to_get_it() {
        let (message, next) = hint(graphql_error("FORBIDDEN"), TokenSource::SignIn);
        assert_eq!(message, "no");
        let expected =
            "this sign-in lacks the scope `update sec`: run `grantor login URL --scope 'read update sec'`";
        assert_eq!(next.as_deref(), Some(expected));
        let (_, next) = hint(graphql_error("FORBIDDEN"), TokenSource::Environment);
        assert!(next.unwrap().contains("GRANTOR_TOKEN"));
    }

    #[test]
    fn a_refusal_that_no_scope_would_change_has_no_such_advice() {
        let api_error =
            ApiError { status: 403, code: String::new(), message: "no".to_owned(), scope: None, field: None };
        let server = server(Stub::closed(), TokenSource::SignIn);
        assert_eq!(server.explain(Failure::Api(api_error), &["read"]).next_step(), None);
    }

    #[test]
    fn a_server_that_does_not_run_is_to_be_started() {
        let server = server(Stub::closed(), TokenSource::SignIn);
        let problem = server.graphql::<Value>(&[], "query", &json!({})).unwrap_err();
        assert_eq!(problem.next_step(), Some("is the server running? start it with `grantor serve`"));
    }
}
