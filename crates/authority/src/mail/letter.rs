use input::EmailAddress;
use model::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};
use token::random_id::RandomId;

use crate::{Ctx, Fault};

/// The data of a mail. It has no `Debug`, because it may contain the secret of a link.
pub struct Letter {
    /// The identifier, which a retry does not change.
    pub id: Uuid,
    /// The recipient.
    pub to: EmailAddress,
    /// The login of the user.
    pub login: String,
    /// The time of the event.
    pub at: Timestamp,
    /// The client address of the event.
    pub address: String,
    /// The message.
    pub message: Message,
    /// The secret of its link.
    pub secret: Option<RandomId>,
}

/// The kind of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// A link to confirm the address.
    ConfirmAddress,
    /// A link to set a new password.
    ResetPassword,
    /// A notice of a change of the account.
    Notice(Notice),
}

/// A change of an account of which its user is notified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The password was changed with the former one.
    PasswordChanged,
    /// The password was reset by mail.
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
    /// New recovery codes were generated.
    RecoveryCodesMade,
    /// A token was leaked, and revoked; the text is its description.
    TokenLeaked(String),
    /// An account at this provider was linked.
    ProviderLinked(String),
    /// An account at this provider was unlinked.
    ProviderUnlinked(String),
}

/// A request to reset a password.
#[derive(Serialize, Deserialize)]
pub(crate) struct Resetting {
    /// The entered login or address.
    pub(crate) typed: String,
    /// The client address.
    pub(crate) address: String,
    /// The time, in microseconds.
    pub(crate) at: i64,
}

/// The sealed content of a queued row.
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

/// Returns the associated data of a sealed mail.
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
