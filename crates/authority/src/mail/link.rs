use input::{EmailAddress, Secret};
use model::Uuid;
use model::entities::User;
use store::{LinkLimit, MailLink, MailRow, Tx};
use token::random_id::RandomId;

use super::{Letter, Message, outbox};
use crate::{Ctx, Fault};

/// The purpose of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To confirm an address.
    Confirm,
    /// To set a new password.
    Reset,
    /// To set a password, handed over by an administrator instead of a mail.
    Given,
}

impl Purpose {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Reset => "reset",
            Self::Given => "given",
        }
    }

    /// Returns how long a link is valid, in seconds.
    const fn lifetime(self) -> i64 {
        match self {
            Self::Confirm => 24 * 3600,
            Self::Reset => 1800,
            Self::Given => 3 * 24 * 3600,
        }
    }

    const fn message(self) -> Message {
        match self {
            Self::Confirm => Message::ConfirmAddress,
            Self::Reset | Self::Given => Message::ResetPassword,
        }
    }

    /// How many links a user is sent within a period.
    pub(crate) const LINK_LIMIT: LinkLimit = LinkLimit { max: 5, period: 3600 };
}

/// A link that is shown once instead of being mailed.
pub struct GivenLink {
    link: MailLink,
    secret: RandomId,
}

impl GivenLink {
    /// Prepares a link for a user.
    pub(crate) fn prepare(ctx: &Ctx, user: Uuid) -> Result<Self, Fault> {
        let secret = RandomId::generate(ctx.random())?;
        let link = MailLink {
            user_id: user,
            purpose: Purpose::Given.name(),
            secret_hash: secret.hash().to_string(),
            address: String::new(),
            expires_at: ctx.now.plus_seconds(Purpose::Given.lifetime()),
        };
        Ok(Self { link, secret })
    }

    /// Stores the link. It replaces an earlier one.
    ///
    /// # Errors
    /// [`Fault::TooManyAttempts`] if the user was given too many.
    pub(crate) fn store(link: &MailLink, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
        if tx.store_mail_link(link, ctx.now, Purpose::LINK_LIMIT)? {
            return Ok(());
        }
        Err(Fault::TooManyAttempts(Purpose::LINK_LIMIT.period))
    }

    /// Returns the row of the link.
    pub(crate) fn row(&self) -> MailLink {
        self.link.clone()
    }

    /// Returns the secret of the address, which is shown once.
    pub fn expose(&self) -> &str {
        self.secret.expose()
    }

    /// Returns when the link expires.
    pub const fn expires_at(&self) -> model::Timestamp {
        self.link.expires_at
    }
}

/// A link, and the mail that contains it, not yet written.
#[derive(Clone)]
pub(crate) struct Link {
    link: MailLink,
    mail: MailRow,
}

impl Link {
    /// Prepares a link for a user and its mail. `ctx` is that of the request for the link.
    pub(crate) fn prepare(
        ctx: &Ctx,
        user: &User,
        to: &EmailAddress,
        purpose: Purpose,
        asked_from: &str,
    ) -> Result<Self, Fault> {
        let secret = RandomId::generate(ctx.random())?;
        let expires_at = ctx.now.plus_seconds(purpose.lifetime());
        let link = MailLink {
            user_id: user.id,
            purpose: purpose.name(),
            secret_hash: secret.hash().to_string(),
            address: to.to_string(),
            expires_at,
        };
        let letter = Letter {
            id: ctx.new_id()?,
            to: to.clone(),
            login: user.login.clone(),
            at: ctx.now,
            address: asked_from.to_owned(),
            message: purpose.message(),
            secret: Some(secret),
        };
        Ok(Self { link, mail: outbox::prepare(ctx, user.id, &letter, expires_at)? })
    }

    /// Stores the link and queues its mail, unless the limit is reached. Returns whether it did.
    pub(crate) fn queue(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<bool, Fault> {
        if !tx.store_mail_link(&self.link, ctx.now, Purpose::LINK_LIMIT)? {
            return Ok(false);
        }
        outbox::queue(tx, &self.mail)
    }

    /// Invalidates the link of a user with this purpose.
    pub(crate) fn end(tx: &mut Tx<'_>, user: Uuid, purpose: Purpose) -> Result<(), Fault> {
        Ok(tx.expire_mail_link(user, purpose.name()).map(drop)?)
    }

    /// Finds the valid link with a secret.
    ///
    /// # Errors
    /// [`Fault::NotFound`] if there is none.
    pub(crate) async fn find(ctx: &Ctx, purpose: Purpose, secret: &Secret) -> Result<MailLink, Fault> {
        let gone = || Fault::NotFound("this link was used already, or has expired".to_owned());
        let hash = RandomId::parse(secret.expose()).map_err(|_| gone())?.hash().to_string();
        let now = ctx.now;
        let found = ctx.store().read(move |read| read.find_mail_link(purpose.name(), &hash, now));
        found.await?.ok_or_else(gone)
    }
}
