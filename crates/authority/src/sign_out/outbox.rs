//! Telling applications behind the browser's back: who is told what.

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

/// A sign-out of which an application is about to be told.
pub struct Delivery {
    /// The application.
    pub application: Uuid,
    /// Its client_id.
    pub client_id: String,
    /// Where it is told.
    pub uri: String,
    /// The logout token (Back-Channel Logout, section 2.4).
    pub token: String,
    /// Which addresses may be called for it.
    pub egress: EgressPolicy,
    state: DeliveryState,
}

/// How an application took it.
#[derive(Debug)]
pub enum Outcome {
    /// It signed the person out.
    Told,
    /// It will not, however often it is told.
    Refused(String),
    /// It could not be told now.
    Failed(String),
}

/// The event that a logout token tells of (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Section 2.4. A `nonce` is prohibited: it would make an ID token of it.
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

/// Takes the attempt upon oneself that has been due longest, but for applications that are `busy`.
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

/// What is told; nothing where nobody is to be told any more.
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
        // Each attempt has its own: an application may refuse one that it has seen, though it failed with it.
        jti: ctx.new_id()?.to_string(),
        events: json!({ EVENT: {} }),
    };
    // Section 2.4: with the algorithm of its ID tokens.
    let algorithm = application.metadata.id_token_signed_response_alg;
    ctx.authority().signing.sign(algorithm, Purpose::LogoutToken, &claims, ctx.now)
}

/// Notes how an attempt ended.
pub async fn record_delivery(ctx: &Ctx, delivery: &Delivery, outcome: Outcome) -> Result<(), Fault> {
    let client = &delivery.client_id;
    match outcome {
        Outcome::Told => tracing::info!(client, "an application was told of a sign-out"),
        Outcome::Refused(why) => tracing::warn!(client, why, "an application refused to hear of a sign-out"),
        Outcome::Failed(why) => {
            let attempt = delivery.state.attempts;
            let over = !put_off(ctx, Outbox::Logouts, delivery.state).await?;
            tracing::warn!(client, why, attempt, over, "an application could not be told of a sign-out");
            return Ok(());
        }
    }
    remove(ctx, Outbox::Logouts, delivery.state.id).await
}
