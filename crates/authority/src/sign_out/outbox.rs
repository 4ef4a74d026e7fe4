//! Deliveries of back-channel logout tokens (OpenID Connect Back-Channel Logout 1.0).

use model::Uuid;
use model::entities::{TrustedApplication, User};
use serde::Serialize;
use serde_json::{Value, json};
use store::{DeliveryState, LogoutRow, Outbox, StoreError};

use super::EgressPolicy;
use crate::oidc::keys::Purpose;
use crate::oidc::subject::subject;
use crate::outbox::{put_off, remove, take_on};
use crate::{Client, Ctx, Fault};

/// A logout token to deliver.
pub struct Delivery {
    /// The client.
    pub application: Uuid,
    /// Its client_id.
    pub client_id: String,
    /// Its logout address.
    pub uri: String,
    /// The logout token (Back-Channel Logout, section 2.4).
    pub token: String,
    /// The addresses to which requests may be sent for it.
    pub egress: EgressPolicy,
    state: DeliveryState,
}

/// The result of a delivery.
#[derive(Debug)]
pub enum Outcome {
    /// The client has signed the user out.
    Delivered,
    /// The client refused; a retry is useless.
    Rejected(String),
    /// The delivery failed and can be retried.
    Failed(String),
}

/// The event of a logout token (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The claims of a logout token (section 2.4). A `nonce` is prohibited, so that it is no ID token.
#[derive(Serialize)]
struct Claims<'a> {
    iss: String,
    aud: &'a str,
    sub: String,
    sid: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    events: Value,
}

/// Claims the delivery that has been due longest, except those for the `busy` clients.
pub async fn claim(ctx: &Ctx, busy: &[Uuid]) -> Result<Option<Delivery>, Fault> {
    let (now, busy) = (ctx.now, busy.to_vec());
    let find = move |read: &store::Read<'_>| read.find_due_logout(now, &busy);
    while let Some(row) = take_on(ctx, find.clone()).await? {
        match delivery(ctx, &row).await? {
            Some(delivery) => return Ok(Some(delivery)),
            None => remove(ctx, Outbox::Logouts, row.state.id).await?,
        }
    }
    Ok(None)
}

/// Prepares a delivery. Returns `None` if the client no longer receives logout tokens.
async fn delivery(ctx: &Ctx, row: &LogoutRow) -> Result<Option<Delivery>, Fault> {
    let (application, user) = (row.application_id, row.user_id);
    let parties = ctx.store().read(move |read| {
        Ok::<_, StoreError>((read.find::<TrustedApplication>(application)?, read.find::<User>(user)?))
    });
    let (Some(application), Some(user)) = parties.await? else { return Ok(None) };
    let application = Client::new(application, &ctx.catalogue())?;
    let Some(uri) = application.metadata.backchannel_logout_uri.clone() else { return Ok(None) };
    if !application.is_enabled {
        return Ok(None);
    }
    let registered_itself = application.metadata.registered_itself;
    Ok(Some(Delivery {
        application: application.id,
        client_id: application.application_uri.clone(),
        uri,
        token: sign(ctx, row, &application, &user)?,
        egress: if registered_itself { EgressPolicy::Internet } else { EgressPolicy::Internal },
        state: row.state,
    }))
}

fn sign(ctx: &Ctx, row: &LogoutRow, application: &Client, user: &User) -> Result<String, Fault> {
    let claims = Claims {
        iss: ctx.settings().issuer(),
        aud: &application.application_uri,
        sub: subject(ctx, application, user.id),
        sid: &row.session,
        iat: ctx.now.seconds(),
        exp: ctx.now.plus_seconds(Purpose::LogoutToken.lifetime(ctx.settings())).seconds(),
        // Each attempt has its own `jti`: a client may refuse one that it has seen, even if it failed to process it.
        jti: ctx.new_id()?.to_string(),
        events: json!({ EVENT: {} }),
    };
    // Section 2.4: the algorithm of its ID tokens.
    let algorithm = application.metadata.id_token_signed_response_alg;
    ctx.authority().signing.sign(algorithm, Purpose::LogoutToken, &claims, ctx.now)
}

/// Records the result of an attempt.
pub async fn record_delivery(ctx: &Ctx, delivery: &Delivery, outcome: Outcome) -> Result<(), Fault> {
    let client = &delivery.client_id;
    match outcome {
        Outcome::Delivered => tracing::info!(client, "a logout token was delivered"),
        Outcome::Rejected(why) => tracing::warn!(client, why, "a client refused a logout token"),
        Outcome::Failed(why) => {
            let attempt = delivery.state.attempts;
            let over = !put_off(ctx, Outbox::Logouts, delivery.state).await?;
            tracing::warn!(client, why, attempt, over, "a logout token could not be delivered");
            return Ok(());
        }
    }
    remove(ctx, Outbox::Logouts, delivery.state.id).await
}
