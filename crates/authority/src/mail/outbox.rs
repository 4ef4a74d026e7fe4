use model::entities::User;
use model::{Timestamp, Uuid};
use store::{MailRow, Tx};
use token::random_id::RandomId;

use super::letter::Kept;
use super::{EmailAddress, Letter, Message, Notice, Resetting};
use crate::actions::reset_password;
use crate::{Ctx, Fault};

/// How much mail may wait for one person; and how many wishes of people who forgot their password.
const MOST_FOR_ONE: i64 = 20;
const MOST_FOR_NOBODY: i64 = 1000;
/// How long somebody may take to send a mail before others try, in seconds.
const LEASE: i64 = 300;
/// How long is waited after the first failure, in seconds; then twice as long each time.
const FIRST_WAIT: i64 = 30;
const LONGEST_WAIT: i64 = 3600;
/// For how long a notice is tried, in seconds.
const PATIENCE: i64 = 2 * 24 * 3600;
/// How many are looked at for one that nobody else takes on.
const LOOKED_AT: u64 = 10;

/// A mail that somebody took on to send.
pub struct Claimed {
    /// The mail.
    pub letter: Letter,
    row: MailRow,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The mail server took it.
    Sent,
    /// The mail server will never take it.
    Refused,
    /// It could not be handed over now.
    Failed,
}

/// Seals a mail, to be queued in a transaction.
pub(crate) fn prepare(
    ctx: &Ctx,
    user: Uuid,
    letter: &Letter,
    give_up_at: Timestamp,
) -> Result<MailRow, Fault> {
    waiting(ctx, letter.id, Some(user), &Kept::of(letter), give_up_at)
}

fn waiting(
    ctx: &Ctx,
    id: Uuid,
    user_id: Option<Uuid>,
    kept: &Kept,
    give_up_at: Timestamp,
) -> Result<MailRow, Fault> {
    let sealed = kept.seal(ctx, id)?;
    Ok(MailRow { id, user_id, sealed, queued_at: ctx.now, due_at: ctx.now, give_up_at, attempts: 0 })
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
    let row = waiting(ctx, ctx.new_id()?, None, &Kept::Resetting(wish), ctx.now.plus_seconds(LEASE))?;
    let queued = ctx.transaction(move |_, tx| Ok(tx.queue_mail(&row, MOST_FOR_NOBODY)?)).await?;
    if queued { Ok(()) } else { Err(Fault::Unavailable("too many reset their passwords now".to_owned())) }
}

/// Takes on a mail that is due. Of several programs on one registry, one gets it.
pub async fn claim_next(ctx: &Ctx) -> Result<Option<Claimed>, Fault> {
    loop {
        let now = ctx.now;
        let due = ctx.store().read(move |read| read.list_due_mail(now, LOOKED_AT)).await?;
        if due.is_empty() {
            return Ok(None);
        }
        for row in due {
            if let Some(claimed) = claim(ctx, row).await? {
                return Ok(Some(claimed));
            }
        }
    }
}

async fn claim(ctx: &Ctx, row: MailRow) -> Result<Option<Claimed>, Fault> {
    let (id, attempts, until) = (row.id, row.attempts, ctx.now.plus_seconds(LEASE));
    if !ctx.transaction(move |_, tx| Ok(tx.claim_mail(id, attempts, until)?)).await? {
        return Ok(None);
    }
    let row = MailRow { attempts: attempts + 1, due_at: until, ..row };
    match Kept::open(ctx, id, &row.sealed) {
        Ok(Kept::Resetting(wish)) => {
            reset_password::follow(ctx, id, &wish).await?;
            Ok(None)
        }
        Ok(Kept::Letter { to, login, at, address, message, secret }) if row.give_up_at > ctx.now => {
            let secret = secret.map(|secret| RandomId::parse(&secret));
            match (EmailAddress::parse(&to), secret.transpose()) {
                (Ok(to), Ok(secret)) => {
                    let at = Timestamp::from_micros(at);
                    let letter = Letter { id, to, login, at, address, message, secret };
                    Ok(Some(Claimed { letter, row }))
                }
                _ => drop_it(ctx, id, "it cannot be read").await,
            }
        }
        Ok(Kept::Letter { .. }) => drop_it(ctx, id, "it is too old").await,
        Err(fault) => drop_it(ctx, id, &fault.to_string()).await,
    }
}

async fn drop_it(ctx: &Ctx, id: Uuid, why: &str) -> Result<Option<Claimed>, Fault> {
    tracing::error!(mail = %id, why, "a mail is not sent");
    ctx.transaction(move |_, tx| Ok(tx.remove_mail(id)?)).await.map(|_| None)
}

/// Notes what became of a mail: it is forgotten, or tried again later.
pub async fn settle(ctx: &Ctx, claimed: Claimed, delivery: Delivery) -> Result<(), Fault> {
    let MailRow { id, attempts, give_up_at, .. } = claimed.row;
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(10);
    let due = ctx.now.plus_seconds((FIRST_WAIT << doublings).min(LONGEST_WAIT));
    if delivery == Delivery::Failed && due < give_up_at {
        return ctx.transaction(move |_, tx| Ok(tx.postpone_mail(id, attempts, due)?)).await.map(drop);
    }
    if delivery != Delivery::Sent {
        tracing::error!(mail = %id, attempts, ?delivery, "a mail could not be sent, and is given up");
    }
    ctx.transaction(move |_, tx| Ok(tx.remove_mail(id)?)).await.map(drop)
}
