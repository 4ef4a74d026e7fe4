use input::EmailAddress;
use model::entities::User;
use model::{Timestamp, Uuid};
use store::{DeliveryState, MailRow, Tx};

use super::letter::Kept;
use super::{Letter, Message, Notice, Resetting};
use crate::{Ctx, Fault};

/// Maximum number of queued mails of a user.
const MAX_OF_USER: i64 = 20;
/// Maximum number of queued requests to reset a password.
const MAX_RESET_REQUESTS: i64 = 1000;
/// The lifetime of a request to reset a password, in seconds.
const RESET_REQUEST_LIFETIME: i64 = 300;
/// How long the delivery of a notice is retried, in seconds.
const PATIENCE: i64 = 2 * 24 * 3600;
/// Seals a mail, to be queued in a transaction.
pub(crate) fn prepare(
    ctx: &Ctx,
    user: Uuid,
    letter: &Letter,
    expires_at: Timestamp,
) -> Result<MailRow, Fault> {
    new_row(ctx, letter.id, Some(user), &Kept::from_letter(letter), expires_at)
}

fn new_row(
    ctx: &Ctx,
    id: Uuid,
    user_id: Option<Uuid>,
    kept: &Kept,
    expires_at: Timestamp,
) -> Result<MailRow, Fault> {
    let state = DeliveryState::from_now(id, ctx.now, expires_at);
    Ok(MailRow { state, user_id, sealed: kept.seal(ctx, id)?, queued_at: ctx.now })
}

/// Prepares a notice to a user, if there is a mail server and the address is confirmed.
pub(crate) fn notice(ctx: &Ctx, user: &User, notice: Notice) -> Result<Option<MailRow>, Fault> {
    let address = user.email.as_deref().filter(|_| user.email_confirmed && ctx.settings().sends_mail);
    let Some(to) = address.and_then(|address| EmailAddress::parse(address).ok()) else { return Ok(None) };
    let letter = Letter {
        id: ctx.new_id()?,
        to,
        login: user.login.clone(),
        at: ctx.now,
        address: ctx.address.to_string(),
        message: Message::Notice(notice),
        secret: None,
    };
    prepare(ctx, user.id, &letter, ctx.now.plus_seconds(PATIENCE)).map(Some)
}

/// Queues a mail, if there is one. Returns whether it was queued: above the limit it is dropped, without an error.
pub(crate) fn queue<'a>(tx: &mut Tx<'_>, mail: impl Into<Option<&'a MailRow>>) -> Result<bool, Fault> {
    let Some(mail) = mail.into() else { return Ok(false) };
    let queued = tx.queue_mail(mail, MAX_OF_USER)?;
    if !queued {
        tracing::warn!(user = ?mail.user_id, "a mail was not queued: too many wait for this user");
    }
    Ok(queued)
}

/// Queues a request to reset a password. Its user is looked up when it is claimed.
///
/// # Errors
/// [`Fault::Unavailable`] if too many requests wait.
pub(crate) async fn queue_reset_request(ctx: &Ctx, request: Resetting) -> Result<(), Fault> {
    let row = new_row(
        ctx,
        ctx.new_id()?,
        None,
        &Kept::Resetting(request),
        ctx.now.plus_seconds(RESET_REQUEST_LIFETIME),
    )?;
    let queued = ctx.transaction(move |_, tx| Ok(tx.queue_mail(&row, MAX_RESET_REQUESTS)?)).await?;
    if queued { Ok(()) } else { Err(Fault::Unavailable("too many reset their passwords now".to_owned())) }
}
