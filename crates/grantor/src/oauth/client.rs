use authority::grants::Params;
use authority::{ClientCredentials, Fault};
use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use data_encoding::BASE64;

use crate::http::form_fields;

/// A request of an application: who it says it is, and its parameters.
pub(super) struct ClientRequest {
    pub(super) credentials: ClientCredentials,
    pub(super) params: Params,
}

impl ClientRequest {
    /// Reads a request whose application authenticates by `client_secret_basic`, by `client_secret_post`, or not at all.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] where it is malformed or authenticates in two ways, [`Fault::InvalidClient`] where no
    /// application is named.
    pub(super) fn parse(headers: &HeaderMap, body: &Bytes) -> Result<Self, Fault> {
        let params = Params::new(form_fields(headers, body)?)?;
        let (posted_id, posted_secret) = (params.get("client_id"), params.get("client_secret"));
        let credentials = match basic(headers)? {
            Some(_) if posted_secret.is_some() => return Err(twice()),
            Some(basic) if posted_id.is_some_and(|id| id != basic.client_id) => return Err(twice()),
            Some(basic) => basic,
            None => ClientCredentials {
                client_id: posted_id.ok_or(Fault::InvalidClient)?.to_owned(),
                client_secret: posted_secret.map(str::to_owned),
            },
        };
        Ok(Self { credentials, params })
    }
}

fn twice() -> Fault {
    Fault::InvalidRequest("the application authenticates in more than one way".to_owned())
}

/// RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
fn basic(headers: &HeaderMap) -> Result<Option<ClientCredentials>, Fault> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    if lines.next().is_some() {
        return Err(twice());
    }
    let encoded = line.to_str().ok().and_then(|line| line.split_once(' '));
    let encoded =
        encoded.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic")).map(|(_, rest)| rest.trim());
    let decoded = encoded.and_then(|encoded| BASE64.decode(encoded.as_bytes()).ok());
    let decoded = decoded.ok_or(Fault::InvalidClient)?;
    let mut sides = decoded.splitn(2, |byte| *byte == b':');
    let client_id =
        crate::http::decode(sides.next().unwrap_or_default()).map_err(|_| Fault::InvalidClient)?;
    let secret =
        crate::http::decode(sides.next().ok_or(Fault::InvalidClient)?).map_err(|_| Fault::InvalidClient)?;
    Ok(Some(ClientCredentials { client_id, client_secret: Some(secret).filter(|secret| !secret.is_empty()) }))
}
