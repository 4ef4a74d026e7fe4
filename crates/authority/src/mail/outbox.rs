use input::EmailAddress;
use model::entities::User;
use model::{Timestamp, Uuid};
use store::{DeliveryState, MailRow, Tx};

use super::letter::Kept;
use super::{Letter, Message, Notice, Resetting};
use crate::{Ctx, Fault};

/// How much mail may wait for one person; and how many wishes of people who forgot their password.
const MOST_FOR_ONE: i64 = 20;
const MOST_FOR_NOBODY: i64 = 1000;
/// For how long a wish is followed, in seconds.
const WISHED_FOR: i64 = 300;
/// For how long a notice is tried, in seconds.
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

/// A notice to whoever an account belongs to, if mail is sent here and their address is known to be theirs.
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

/// Queues a mail, or what there is of one. Gives whether it was queued: one of too many is not, and nothing else fails for it.
pub(crate) fn queue<'a>(tx: &mut Tx<'_>, mail: impl Into<Option<&'a MailRow>>) -> Result<bool, Fault> {
    let Some(mail) = mail.into() else { return Ok(false) };
    let queued = tx.queue_mail(mail, MOST_FOR_ONE)?;
    if !queued {
        tracing::warn!(user = ?mail.user_id, "a mail was not queued: too many wait for this user");
    }
    Ok(queued)
}

/// Queues the wish of somebody who forgot their password; who that is is found out when it is taken on.
///
/// # Errors
/// [`Fault::Unavailable`] where too many wait.
pub(crate) async fn queue_for_nobody(ctx: &Ctx, wish: Resetting) -> Result<(), Fault> {
    let row = new_row(ctx, ctx.new_id()?, None, &Kept::Resetting(wish), ctx.now.plus_seconds(WISHED_FOR))?;
    let queued = ctx.transaction(move |_, tx| Ok(tx.queue_mail(&row, MOST_FOR_NOBODY)?)).await?;
    if queued { Ok(()) } else { Err(Fault::Unavailable("too many reset their passwords now".to_owned())) }
}
