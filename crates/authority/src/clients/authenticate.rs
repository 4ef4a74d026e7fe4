//! Client authentication (RFC 6749, section 2.3).

use std::sync::Arc;

use grant_state::client::former_secret_hash;
use input::Secret;
use model::entities::{ClientType, TrustedApplication};
use store::Tx;
use token::client_secret::SecretHash;

use super::assertion;
use super::find::find_application;
use crate::principal::Principal;
use crate::tokens::request_proofs::RequestProofs;
use crate::{AuthMethod, Client, Ctx, Fault};

/// The credentials of a client (RFC 6749, section 2.3).
pub struct ClientCredentials {
    /// The client_id.
    pub client_id: String,
    /// The proof.
    pub proof: ClientProof,
}

/// The method of client authentication, with its proof.
pub enum ClientProof {
    /// None in the request; perhaps the certificate of the connection.
    Nothing,
    /// The client secret, with HTTP Basic.
    Basic(Secret),
    /// The client secret, in the form.
    Post(Secret),
    /// A JWT that the client signed (RFC 7523, section 2.2).
    Assertion(Secret),
}

impl ClientProof {
    fn secret(&self) -> Option<&str> {
        match self {
            Self::Basic(secret) | Self::Post(secret) => Some(secret.expose()),
            Self::Nothing | Self::Assertion(_) => None,
        }
    }
}

/// A client that was authenticated, and the secret that it presented.
#[derive(Clone)]
pub(crate) struct AuthenticatedClient {
    client: Arc<Client>,
    /// The hash of the secret; `None` if it authenticated with a key or a certificate.
    secret_hash: Option<String>,
}

impl AuthenticatedClient {
    /// Checks in a transaction that the same credentials still authenticate the client, and locks its row until the
    /// transaction ends: a concurrent leak report, rotation or disabling finds everything that it obtains. A public client
    /// has no credentials.
    ///
    /// # Errors
    /// [`Fault::InvalidClient`].
    pub(crate) fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
        if self.client.client_type == ClientType::Public {
            return Ok(());
        }
        let now: Option<TrustedApplication> = tx.find_shared(self.client.id)?;
        let now = now.filter(|now| now.is_enabled).ok_or(Fault::InvalidClient)?;
        let is_same = match &self.secret_hash {
            Some(hash) => {
                let former = former_secret_hash(&now, ctx.now);
                [now.application_secret_hash.as_ref(), former].contains(&Some(hash))
            }
            None => {
                now.metadata == self.client.application.metadata
                    && now.application_secret_hash == self.client.application_secret_hash
            }
        };
        if is_same { Ok(()) } else { Err(Fault::InvalidClient) }
    }
}

/// Authenticates a client. Unknown clients, disabled clients and wrong secrets have the same response, after the same time.
/// Also returns a context whose transactions check the authentication again.
pub async fn authenticate(ctx: &Ctx, presented: &ClientCredentials) -> Result<(Ctx, Arc<Client>), Fault> {
    let found = find_application(ctx, &presented.client_id).await?;
    let secret = presented.proof.secret().unwrap_or_default();
    let fits = |hash: Option<&String>| {
        let hash = hash.and_then(|hash| SecretHash::parse(hash).ok());
        hash.unwrap_or_else(SecretHash::decoy).verify(secret)
    };
    let current = fits(found.as_ref().and_then(|client| client.application_secret_hash.as_ref()));
    let former = fits(found.as_ref().and_then(|client| former_secret_hash(client, ctx.now)));
    let secret_fits = current | former;
    let Some(client) = found.filter(|client| client.is_enabled) else {
        if let ClientProof::Assertion(assertion) = &presented.proof {
            assertion::spend_time_on(assertion.expose());
        }
        return Err(Fault::InvalidClient);
    };
    if proves(ctx, &client, &presented.proof, secret_fits).await? {
        let hash = if current {
            client.application_secret_hash.as_ref()
        } else {
            former_secret_hash(&client, ctx.now)
        };
        let secret_hash = presented.proof.secret().and(hash).cloned();
        let authenticated = AuthenticatedClient { client: Arc::clone(&client), secret_hash };
        Ok((ctx.by(Principal::Client(authenticated)), client))
    } else {
        Err(Fault::InvalidClient)
    }
}

/// Returns whether a proof is valid, and of the method that the client is registered with.
async fn proves(ctx: &Ctx, client: &Client, proof: &ClientProof, secret_fits: bool) -> Result<bool, Fault> {
    let method = client.metadata.token_endpoint_auth_method;
    let by = |expected| method == Some(expected);
    Ok(match (client.client_type, proof) {
        (ClientType::Public, ClientProof::Nothing) => method.is_none() || by(AuthMethod::None),
        (ClientType::Confidential, ClientProof::Nothing) => {
            let own = by(AuthMethod::SelfSignedTlsClientAuth) && shows_own_certificate(ctx, client);
            own || by(AuthMethod::TlsClientAuth) && shows_issued_certificate(ctx, client)
        }
        (ClientType::Confidential, ClientProof::Basic(_)) => {
            secret_fits && (method.is_none() || by(AuthMethod::ClientSecretBasic))
        }
        (ClientType::Confidential, ClientProof::Post(_)) => {
            secret_fits && (method.is_none() || by(AuthMethod::ClientSecretPost))
        }
        (ClientType::Confidential, ClientProof::Assertion(assertion)) => {
            assertion::authenticates(ctx, client, assertion.expose()).await?
        }
        (ClientType::Public | ClientType::None, _) => false,
    })
}

/// Returns whether the certificate of the connection is registered by the client (RFC 8705, section 2.2).
fn shows_own_certificate(ctx: &Ctx, client: &Client) -> bool {
    let shown = ctx.shown().and_then(RequestProofs::thumbprint);
    let registered = client.metadata.jwks.as_ref();
    shown.zip(registered).is_some_and(|(shown, jwks)| jwks.keys.has_certificate(&shown))
}

/// Returns whether the certificate of the connection is one of the client, issued by a trusted authority (RFC 8705,
/// section 2.1).
fn shows_issued_certificate(ctx: &Ctx, client: &Client) -> bool {
    let shown = ctx.shown().and_then(|shown| shown.certificate.as_deref());
    let authorities = ctx.authority().client_authorities.as_ref();
    let (Some(shown), Some(authorities)) = (shown, authorities) else { return false };
    match authorities.check(shown, ctx.now.seconds()) {
        Ok(subject) => client.metadata.certificate_name().is_some_and(|name| subject.is(&name)),
        Err(error) => {
            tracing::info!(client = client.application_uri, %error, "a certificate was refused");
            false
        }
    }
}

#[cfg(test)]
mod tests;
