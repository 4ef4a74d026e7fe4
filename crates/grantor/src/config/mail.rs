use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

/// Mail
// No `Debug`: it holds a password.
#[derive(Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub(crate) struct Mail {
    /// The mail server: `smtp://HOST:PORT` (STARTTLS) or `smtps://HOST`.
    pub(crate) smtp_url: Option<String>,
    /// The user name for the mail server.
    pub(crate) smtp_user: Option<String>,
    /// The password for the mail server. For the environment only.
    pub(crate) smtp_password: Option<String>,
    /// A file with the password for the mail server, for example mounted by a secret manager.
    pub(crate) smtp_password_file: Option<PathBuf>,
    /// The sender of mails, such as `Example <id@example.org>`. Required with a mail server.
    pub(crate) mail_from: Option<String>,
}
