//! Requests to a server, and its three formats of errors.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{ACCEPT, HeaderMap, LOCATION, WWW_AUTHENTICATE};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::credentials::Secret;
use super::server_url::ServerUrl;

/// The timeout of a request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The failure of a request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// There was no response.
    #[error("cannot reach {url}: {cause}")]
    Unreachable { url: ServerUrl, cause: String },
    /// A redirect. It is not followed, as the token is for this server.
    #[error("{url} redirects the request to {location}")]
    Moved { url: ServerUrl, location: String },
    /// The server returned an error.
    #[error("{0}")]
    Api(ApiError),
    /// The response is not that of a Grantor server.
    #[error("{url} does not respond as a Grantor server: {what}")]
    Foreign { url: ServerUrl, what: String },
}

/// An error of the API, in any of its formats.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct ApiError {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The error code: of OAuth, OData or GraphQL.
    pub(crate) code: String,
    /// The message of the server.
    pub(crate) message: String,
    /// The missing scope, if the server names it.
    pub(crate) scope: Option<String>,
    /// The field of the input, if the server names it.
    pub(crate) field: Option<String>,
}

impl ApiError {
    /// Returns whether the token was refused (RFC 6750 section 3.1, `invalid_token`).
    pub(crate) fn is_unauthenticated(&self) -> bool {
        self.code == "UNAUTHENTICATED" || (self.status == 401 && !self.needs_sign_in())
    }

    /// Returns whether the user must sign in again or with another factor (RFC 9470).
    pub(crate) fn needs_sign_in(&self) -> bool {
        self.code == "INSUFFICIENT_USER_AUTHENTICATION"
    }

    /// Returns whether the token lacks a scope.
    pub(crate) fn is_forbidden(&self) -> bool {
        let codes = ["FORBIDDEN", "INSUFFICIENT_SCOPE"];
        self.status == 403 || codes.iter().any(|code| self.code.eq_ignore_ascii_case(code))
    }

    /// Returns whether the row does not exist or is not visible to the caller.
    pub(crate) fn is_not_found(&self) -> bool {
        self.status == 404 || self.code == "NOT_FOUND"
    }
}

/// A connection to one server, with or without a token.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
    url: ServerUrl,
    token: Option<Secret>,
}

impl Http {
    /// Prepares requests to a server; sends nothing.
    pub(crate) fn new(url: ServerUrl, token: Option<Secret>) -> Result<Self, Failure> {
        let agent = concat!("grantor/", env!("CARGO_PKG_VERSION"));
        let builder = Client::builder().timeout(TIMEOUT).user_agent(agent);
        let builder = builder.redirect(reqwest::redirect::Policy::none());
        // A proxy cannot reach this machine's loopback addresses.
        let builder = if url.is_loopback() { builder.no_proxy() } else { builder };
        match builder.build() {
            Ok(client) => Ok(Self { client, url, token }),
            Err(error) => Err(Failure::Unreachable { url, cause: root_cause(&error) }),
        }
    }

    /// The server.
    pub(crate) fn url(&self) -> &ServerUrl {
        &self.url
    }

    /// Gets the body at an address, as the server sent it.
    pub(crate) fn get(&self, address: &str) -> Result<Vec<u8>, Failure> {
        self.send(self.client.get(address).header(ACCEPT, "application/json, */*;q=0.1"))
    }

    /// Gets the JSON at an address.
    pub(crate) fn get_json<T: DeserializeOwned>(&self, address: &str) -> Result<T, Failure> {
        self.parse(&self.get(address)?)
    }

    /// Posts JSON.
    pub(crate) fn post_json(&self, address: &str, body: &impl serde::Serialize) -> Result<Value, Failure> {
        self.parse(&self.send(self.client.post(address).json(body))?)
    }

    /// Posts a form, as the endpoints of OAuth require.
    pub(crate) fn post_form(&self, address: &str, form: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
        self.send(self.client.post(address).header(ACCEPT, "application/json").form(form))
    }

    /// Posts a form and reads the JSON of the response.
    pub(crate) fn post_form_json<T: DeserializeOwned>(
        &self,
        address: &str,
        form: &[(&str, &str)],
    ) -> Result<T, Failure> {
        self.parse(&self.post_form(address, form)?)
    }

    /// Reads JSON that the server sent. The parser's message is left out: it could quote a secret.
    pub(crate) fn parse<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, Failure> {
        serde_json::from_slice(bytes).map_err(|error| {
            let what = match error.classify() {
                serde_json::error::Category::Data => "unexpected JSON",
                _ => "the body is not JSON",
            };
            self.foreign(what)
        })
    }

    /// The failure for a response that is not that of a Grantor server.
    pub(crate) fn foreign(&self, what: impl Into<String>) -> Failure {
        Failure::Foreign { url: self.url.clone(), what: what.into() }
    }

    fn send(&self, request: RequestBuilder) -> Result<Vec<u8>, Failure> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token.expose()),
            None => request,
        };
        let response = request.send().map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        if let Some(location) = redirection(&response) {
            return Err(Failure::Moved { url: self.url.clone(), location });
        }
        let scope = needed_scope(response.headers());
        let body = response.bytes().map_err(|error| self.unreachable(&error))?;
        if status.is_success() {
            return Ok(body.to_vec());
        }
        let api_error =
            serde_json::from_slice(&body).ok().and_then(|body| read_error(status.as_u16(), &body));
        match api_error.or_else(|| bodyless_error(status)) {
            Some(api_error) => {
                let scope = api_error.scope.or(scope);
                Err(Failure::Api(ApiError { scope, ..api_error }))
            }
            None => Err(self.foreign(format!("status {status}"))),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let cause = if error.is_timeout() {
            format!("no response within {} seconds", TIMEOUT.as_secs())
        } else {
            root_cause(error)
        };
        Failure::Unreachable { url: self.url.clone(), cause }
    }
}

/// Returns the innermost cause. It never contains the request.
fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

fn redirection(response: &Response) -> Option<String> {
    let location = response.headers().get(LOCATION).filter(|_| response.status().is_redirection())?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
}

/// Returns the scope of a challenge (RFC 6750 section 3, `insufficient_scope`).
fn needed_scope(headers: &HeaderMap) -> Option<String> {
    let challenge = headers.get(WWW_AUTHENTICATE)?.to_str().ok()?;
    let (_, rest) = challenge.split_once("scope=\"").filter(|_| challenge.contains("insufficient_scope"))?;
    rest.split_once('"').map(|(scope, _)| scope.to_owned())
}

/// Reads an error in one of the three formats: OAuth, OData, GraphQL.
fn read_error(status: u16, body: &Value) -> Option<ApiError> {
    graphql_error(status, body).or_else(|| match body.get("error")? {
        Value::String(code) => {
            let message = body.get("error_description").and_then(Value::as_str).unwrap_or(code);
            Some(ApiError {
                status,
                code: code.clone(),
                message: message.to_owned(),
                scope: None,
                field: None,
            })
        }
        error => Some(ApiError {
            status,
            code: error.get("code")?.as_str()?.to_owned(),
            message: error.get("message")?.as_str()?.to_owned(),
            scope: None,
            field: None,
        }),
    })
}

/// Creates the error for a status without a readable body, such as that of a proxy in front of the server.
fn bodyless_error(status: StatusCode) -> Option<ApiError> {
    let enough = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    enough.then(|| ApiError {
        status: status.as_u16(),
        code: String::new(),
        message: format!("the server returned {status}"),
        scope: None,
        field: None,
    })
}

/// Returns the errors of a GraphQL response, if it has any. The status of such a response can be 200.
pub(crate) fn graphql_error(status: u16, body: &Value) -> Option<ApiError> {
    let errors = body.get("errors")?.as_array()?;
    let extension = |name: &str| errors.first()?.get("extensions")?.get(name)?.as_str().map(str::to_owned);
    let messages: Vec<_> = errors.iter().filter_map(|error| error.get("message")?.as_str()).collect();
    Some(ApiError {
        status,
        code: extension("code").unwrap_or_default(),
        message: if messages.is_empty() {
            "refused without a message".to_owned()
        } else {
            messages.join("; ")
        },
        scope: extension("scope"),
        field: extension("field"),
    })
}

#[cfg(test)]
mod tests;
