//! Delivery of queued mail: claiming a row, and recording the result.

use input::EmailAddress;
use model::Timestamp;
use store::{DeliveryState, MailRow, Outbox};
use token::random_id::RandomId;

use super::letter::Kept;
use super::{Letter, Resetting};
use crate::outbox::{put_off, remove, take_on};
use crate::users::reset_password;
use crate::{Ctx, Fault};

/// A mail that was claimed for delivery.
pub struct Claimed {
    /// The mail.
    pub letter: Letter,
    state: DeliveryState,
}

/// The result of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The mail server accepted the mail.
    Sent,
    /// The mail server refused the mail permanently.
    Rejected,
    /// The delivery failed and can be retried.
    Failed,
}

/// Claims a mail that is due. Of several programs, one claims it.
pub async fn claim_next(ctx: &Ctx) -> Result<Option<Claimed>, Fault> {
    let now = ctx.now;
    while let Some(row) = take_on(ctx, move |read| read.find_due_mail(now)).await? {
        let state = row.state;
        match Opened::open(ctx, &row) {
            Opened::Letter(letter) => return Ok(Some(Claimed { letter: *letter, state })),
            Opened::ResetRequest(request) => reset_password::follow(ctx, state.id, &request).await?,
            Opened::Nothing(why) => {
                tracing::error!(mail = %state.id, why, "a mail is not sent");
                remove(ctx, Outbox::Mail, state.id).await?;
            }
        }
    }
    Ok(None)
}

/// Records the result: the mail is removed, or retried later.
pub async fn record_delivery(ctx: &Ctx, claimed: Claimed, delivery: Delivery) -> Result<(), Fault> {
    let DeliveryState { id, attempts, .. } = claimed.state;
    let again = match delivery {
        Delivery::Failed => put_off(ctx, Outbox::Mail, claimed.state).await?,
        Delivery::Sent | Delivery::Rejected => {
            remove(ctx, Outbox::Mail, id).await?;
            false
        }
    };
    if delivery != Delivery::Sent && !again {
        tracing::error!(mail = %id, attempts, ?delivery, "a mail could not be sent, and is given up");
    }
    Ok(())
}

/// The decrypted content of a row.
enum Opened {
    Letter(Box<Letter>),
    ResetRequest(Resetting),
    /// Unreadable; the text has the reason.
    Nothing(String),
}

impl Opened {
    fn open(ctx: &Ctx, row: &MailRow) -> Self {
        let DeliveryState { id, expires_at, .. } = row.state;
        match Kept::open(ctx, id, &row.sealed) {
            Ok(Kept::Resetting(request)) => Self::ResetRequest(request),
            Ok(Kept::Letter { .. }) if expires_at <= ctx.now => Self::Nothing("it is too old".to_owned()),
            Ok(Kept::Letter { to, login, at, address, message, secret }) => {
                let secret = secret.map(|secret| RandomId::parse(&secret)).transpose();
                let (Ok(to), Ok(secret)) = (EmailAddress::parse(&to), secret) else {
                    return Self::Nothing("it cannot be read".to_owned());
                };
                let at = Timestamp::from_micros(at);
                Self::Letter(Box::new(Letter { id, to, login, at, address, message, secret }))
            }
            Err(fault) => Self::Nothing(fault.to_string()),
        }
    }
}
