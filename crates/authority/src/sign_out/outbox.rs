//! Telling applications behind the browser's back: what is due is kept in the registry, so that it outlives the program, and
//! taken by one program at a time.

use model::entities::{TrustedApplication, User};
use model::{Timestamp, Uuid};
use serde::Serialize;
use serde_json::{Value, json};
use store::{LogoutRow, StoreError};

use super::Reach;
use crate::subject::subject;
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
    pub reach: Reach,
    row: LogoutRow,
    claimed: Timestamp,
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

/// For how long whoever tells an application may take, in seconds; then another one tries.
const CLAIM: i64 = 60;
/// How long a logout token is good for, in seconds (section 2.4 recommends two minutes at the most).
const LIFETIME: i64 = 120;
/// How long after the first failure it is tried again, in seconds; after each further one, four times as long.
const FIRST_WAIT: i64 = 5;
/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 3600;
/// The event that a logout token tells of (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The type of logout tokens (section 2.4), which keeps them apart from every other token.
const TYPE: &str = "logout+jwt";

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
    loop {
        let (now, but) = (ctx.now, busy.to_vec());
        let Some(row) = ctx.store().read(move |read| read.find_due_logout(now, &but)).await? else {
            return Ok(None);
        };
        let (claimed, wanted) = (ctx.now.plus_seconds(CLAIM), row.clone());
        if !ctx.transaction(move |_, tx| Ok(tx.claim_logout(&wanted, claimed)?)).await? {
            continue;
        }
        let id = row.id;
        match delivery(ctx, row, claimed).await? {
            Some(delivery) => return Ok(Some(delivery)),
            None => remove(ctx, id).await?,
        }
    }
}

/// What is told; nothing where nobody is to be told any more.
async fn delivery(ctx: &Ctx, row: LogoutRow, claimed: Timestamp) -> Result<Option<Delivery>, Fault> {
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
        token: sign(ctx, &row, &application, &user)?,
        reach: if registered_itself { Reach::Internet } else { Reach::House },
        row,
        claimed,
    }))
}

fn sign(ctx: &Ctx, row: &LogoutRow, application: &Client, user: &User) -> Result<String, Fault> {
    let claims = Claims {
        iss: ctx.settings().issuer(),
        aud: &application.application_uri,
        sub: subject(ctx, application, user.id),
        sid: &row.session,
        iat: ctx.now.seconds(),
        exp: ctx.now.plus_seconds(LIFETIME).seconds(),
        // Each attempt has its own: an application may refuse one that it has seen, though it failed with it.
        jti: ctx.new_id()?.to_string(),
        events: json!({ EVENT: {} }),
    };
    // Section 2.4: with the algorithm of its ID tokens.
    let algorithm = application.metadata.id_token_signed_response_alg;
    ctx.authority().signing.sign(algorithm, TYPE, &claims, ctx.now)
}

/// Notes how an attempt ended.
pub async fn settle(ctx: &Ctx, delivery: &Delivery, outcome: Outcome) -> Result<(), Fault> {
    let client = &delivery.client_id;
    match outcome {
        Outcome::Told => tracing::info!(client, "an application was told of a sign-out"),
        Outcome::Refused(why) => tracing::warn!(client, why, "an application refused to hear of a sign-out"),
        Outcome::Failed(why) => {
            let attempt = delivery.row.attempts + 1;
            let due = ctx.now.plus_seconds(wait(attempt));
            let over = due >= delivery.row.expires_at;
            tracing::warn!(client, why, attempt, over, "an application could not be told of a sign-out");
            if !over {
                let (id, claimed) = (delivery.row.id, delivery.claimed);
                return ctx.transaction(move |_, tx| Ok(tx.defer_logout(id, claimed, due).map(drop)?)).await;
            }
        }
    }
    remove(ctx, delivery.row.id).await
}

async fn remove(ctx: &Ctx, id: Uuid) -> Result<(), Fault> {
    ctx.transaction(move |_, tx| Ok(tx.remove_logout(id).map(drop)?)).await
}

fn wait(attempt: i64) -> i64 {
    let doublings = u32::try_from(2 * (attempt - 1).clamp(0, 10)).unwrap_or(0);
    (FIRST_WAIT << doublings).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn each_wait_is_longer_up_to_a_limit() {
        assert_eq!((1..=7).map(wait).collect::<Vec<_>>(), [5, 20, 80, 320, 1280, 3600, 3600]);
        assert_eq!(wait(i64::MAX), 3600);
    }
}
