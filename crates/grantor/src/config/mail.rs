use std::path::PathBuf;

use authority::Settings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Subject;

/// The mail server; `mail::MailServer` says what belongs together.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
pub(crate) struct Mail {
    /// The mail server, such as `smtp://mail.example.org:587` (STARTTLS) or `smtps://mail.example.org`.
    pub(crate) smtp_url: Option<String>,
    /// The name under which the program signs in to the mail server.
    pub(crate) smtp_user: Option<String>,
    /// The password to it. For the environment alone.
    pub(crate) smtp_password: Option<String>,
    /// A file with the password to it.
    pub(crate) smtp_password_file: Option<PathBuf>,
    /// The sender of the mails, such as `Example <id@example.org>`.
    pub(crate) mail_from: Option<String>,
}

impl Subject for Mail {
    fn check(&self) -> anyhow::Result<()> {
        Ok(())
    }

    fn tell(&self, settings: &mut Settings) {
        settings.sends_mail = self.smtp_url.is_some();
    }
}
