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

/// What an application presents to prove who it is (RFC 6749, section 2.3).
pub struct ClientCredentials {
    /// The client_id.
    pub client_id: String,
    /// The proof.
    pub proof: ClientProof,
}

/// How an application proves who it is.
pub enum ClientProof {
    /// By nothing in the request; perhaps by the certificate of its connection.
    Nothing,
    /// By its secret, with HTTP Basic.
    Basic(Secret),
    /// By its secret, in the form.
    Post(Secret),
    /// By a token that it made (RFC 7523, section 2.2).
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

/// A client that authenticated, and the secret by which it did.
#[derive(Clone)]
pub(crate) struct AuthenticatedClient {
    client: Arc<Client>,
    /// The hash of the secret; none where it proved with a key or a certificate.
    secret_hash: Option<String>,
}

impl AuthenticatedClient {
    /// Checks in a transaction that the client would still authenticate by the same means, and keeps others from changing
    /// that until the transaction ends: a leak report, a new secret or a disabling misses nothing that it obtains. A public
    /// client has nothing that could leak.
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

/// Authenticates an application. An unknown or disabled one cannot be told from one with a wrong
/// secret, neither by the answer nor by the time that it takes. Also returns the context in which what the client obtains is
/// written: its transactions check the authentication again.
pub(crate) async fn authenticate(
    ctx: &Ctx,
    presented: &ClientCredentials,
) -> Result<(Ctx, Arc<Client>), Fault> {
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
            assertion::look_at(assertion.expose());
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

/// Whether a proof is right, and of the way that the application is registered with: a weaker one is none.
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
            assertion::proves(ctx, client, assertion.expose()).await?
        }
        (ClientType::Public | ClientType::None, _) => false,
    })
}

/// Whether the certificate of the connection is one that the application registered (RFC 8705, section 2.2).
fn shows_own_certificate(ctx: &Ctx, client: &Client) -> bool {
    let shown = ctx.shown().and_then(RequestProofs::thumbprint);
    let registered = client.metadata.jwks.as_ref();
    shown.zip(registered).is_some_and(|(shown, jwks)| jwks.keys.has_certificate(&shown))
}

/// Whether the certificate of the connection is one of the application, as an authority says that is believed (RFC 8705,
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
