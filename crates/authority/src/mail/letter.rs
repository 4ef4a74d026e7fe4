use input::EmailAddress;
use model::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};
use token::random_id::RandomId;

use crate::{Ctx, Fault};

/// A mail before it has words. It has no `Debug`: its link may hold a secret.
pub struct Letter {
    /// The identifier, which stays the same when it is tried again.
    pub id: Uuid,
    /// To whom it goes.
    pub to: EmailAddress,
    /// Whose account it is about.
    pub login: String,
    /// When happened what it tells.
    pub at: Timestamp,
    /// From which address that was done.
    pub address: String,
    /// What it tells.
    pub message: Message,
    /// The secret of the link that it carries.
    pub secret: Option<RandomId>,
}

/// What a mail tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// How to confirm that the address is one's own.
    ConfirmAddress,
    /// How to set a new password.
    ResetPassword,
    /// That something was done which only oneself should do.
    Notice(Notice),
}

/// What was done that somebody else should not have done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The password was changed by whoever knew it.
    PasswordChanged,
    /// The password was set anew by mail.
    PasswordReset,
    /// The e-mail address was changed; this goes to the former one.
    AddressChanged,
    /// An authenticator app was added.
    AppAdded,
    /// The authenticator app was removed.
    AppRemoved,
    /// A passkey of this name was added.
    PasskeyAdded(String),
    /// A passkey was removed.
    PasskeyRemoved,
    /// New recovery codes were made.
    RecoveryCodesMade,
    /// A token was found where it does not belong, and revoked; the text is its description.
    TokenLeaked(String),
    /// An account at this provider may sign in from now on.
    ProviderLinked(String),
    /// An account at this provider may sign in no longer.
    ProviderUnlinked(String),
}

/// The wish of somebody who forgot their password.
#[derive(Serialize, Deserialize)]
pub(crate) struct Resetting {
    /// What they entered: a login or an address.
    pub(crate) typed: String,
    /// From which address.
    pub(crate) address: String,
    /// When, in microseconds.
    pub(crate) at: i64,
}

/// What is kept under seal while it waits.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kept {
    Letter {
        to: String,
        login: String,
        at: i64,
        address: String,
        message: Message,
        #[serde(skip_serializing_if = "Option::is_none")]
        secret: Option<String>,
    },
    Resetting(Resetting),
}

/// Where a mail lives that is sealed.
pub(crate) fn place(id: Uuid) -> Vec<u8> {
    [b"grantor_mail/".as_slice(), id.as_bytes()].concat()
}

impl Kept {
    pub(super) fn from_letter(letter: &Letter) -> Self {
        Self::Letter {
            to: letter.to.to_string(),
            login: letter.login.clone(),
            at: letter.at.micros(),
            address: letter.address.clone(),
            message: letter.message.clone(),
            secret: letter.secret.as_ref().map(|secret| secret.expose().to_owned()),
        }
    }

    pub(super) fn seal(&self, ctx: &Ctx, id: Uuid) -> Result<String, Fault> {
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(self)?);
        Ok(ctx.authority().keyring.seal(&plain, &place(id), ctx.random())?)
    }

    pub(super) fn open(ctx: &Ctx, id: Uuid, sealed: &str) -> Result<Self, Fault> {
        let plain = ctx.authority().keyring.open(sealed, &place(id))?;
        Ok(serde_json::from_slice(&plain)?)
    }
}
