use std::sync::Arc;

use authority::{ASSERTION_TYPE, ClientCredentials, ClientProof, Fault, Params};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use data_encoding::BASE64;
use token::jose::unverified_subject;
use web::App;
use web::http::negotiation::{Authorization, BadAuthorization};
use web::http::{self, form_fields};

use super::answer::OAuthRejection;

/// A request of a client: its credentials and parameters.
pub(super) struct ClientRequest {
    pub(super) credentials: ClientCredentials,
    pub(super) params: Params,
}

impl FromRequest<Arc<App>> for ClientRequest {
    type Rejection = OAuthRejection;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, OAuthRejection> {
        let headers = request.headers().clone();
        let body = http::body(Bytes::from_request(request, app).await)?;
        Ok(Self::parse(&headers, &body)?)
    }
}

impl ClientRequest {
    /// Reads a request. The client authenticates by `client_secret_basic`, by `client_secret_post`, by an assertion (RFC 7523,
    /// section 2.2), by its connection, or not at all.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] for a malformed request or several authentication methods, [`Fault::InvalidClient`] without a
    /// client.
    fn parse(headers: &HeaderMap, body: &Bytes) -> Result<Self, Fault> {
        let params = Params::new(form_fields(headers, body)?)?;
        let (basic, assertion) = (basic(headers)?, assertion(&params)?);
        let posted = params.get("client_secret").map(|secret| ClientProof::Post(secret.into()));
        let ways =
            usize::from(basic.is_some()) + usize::from(assertion.is_some()) + usize::from(posted.is_some());
        if ways > 1 {
            return Err(twice());
        }
        let credentials = match (basic, assertion) {
            (Some(credentials), _) | (None, Some(credentials)) => credentials,
            (None, None) => ClientCredentials {
                client_id: params.get("client_id").ok_or(Fault::InvalidClient)?.to_owned(),
                proof: posted.unwrap_or(ClientProof::Nothing),
            },
        };
        if params.get("client_id").is_some_and(|id| id != credentials.client_id) {
            return Err(twice());
        }
        Ok(Self { credentials, params })
    }
}

/// Returns the assertion that authenticates the client, which is its subject (RFC 7521, section 4.2).
fn assertion(params: &Params) -> Result<Option<ClientCredentials>, Fault> {
    let (assertion, kind) = (params.get("client_assertion"), params.get("client_assertion_type"));
    let (assertion, kind) = match (assertion, kind) {
        (None, None) => return Ok(None),
        (Some(assertion), Some(kind)) => (assertion, kind),
        _ => {
            let message = "client_assertion and client_assertion_type require each other";
            return Err(Fault::InvalidRequest(message.to_owned()));
        }
    };
    if kind != ASSERTION_TYPE {
        return Err(Fault::InvalidRequest(format!("the client_assertion_type is {ASSERTION_TYPE}")));
    }
    let client_id = unverified_subject(assertion).ok_or(Fault::InvalidClient)?;
    Ok(Some(ClientCredentials { client_id, proof: ClientProof::Assertion(assertion.into()) }))
}

fn twice() -> Fault {
    Fault::InvalidRequest("the client authenticates by more than one method".to_owned())
}

/// Returns the credentials in the header `Authorization` (RFC 6749, section 2.3.1: both parts are form-encoded).
fn basic(headers: &HeaderMap) -> Result<Option<ClientCredentials>, Fault> {
    let authorization = match Authorization::from_headers(headers) {
        Ok(Some(authorization)) => authorization,
        Ok(None) => return Ok(None),
        Err(BadAuthorization::Repeated) => return Err(twice()),
        Err(BadAuthorization::Malformed) => return Err(Fault::InvalidClient),
    };
    let encoded = authorization.of_scheme("basic").ok_or(Fault::InvalidClient)?;
    let decoded = BASE64.decode(encoded.as_bytes()).ok();
    let decoded = decoded.ok_or(Fault::InvalidClient)?;
    let mut sides = decoded.splitn(2, |byte| *byte == b':');
    let client_id = web::http::decode(sides.next().unwrap_or_default()).map_err(|_| Fault::InvalidClient)?;
    let secret =
        web::http::decode(sides.next().ok_or(Fault::InvalidClient)?).map_err(|_| Fault::InvalidClient)?;
    // An empty secret does not authenticate the client.
    let proof = if secret.is_empty() { ClientProof::Nothing } else { ClientProof::Basic(secret.into()) };
    Ok(Some(ClientCredentials { client_id, proof }))
}
