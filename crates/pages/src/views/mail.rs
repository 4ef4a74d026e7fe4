use askama::Template;

use super::{FormErrors, Section, Shell, filters};

/// Ask for a link to choose a new password; posts to `/signin/forgot`.
#[derive(Template)]
#[template(path = "forgot.html")]
pub(crate) struct ForgotPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whether it was asked; the page then says what happens next.
    pub(crate) asked: bool,
    /// The login as entered on the page to sign in, or nothing.
    pub(crate) login: String,
    /// Why asking was refused.
    pub(crate) error: Option<String>,
}

/// Choose a new password; posts to the link itself.
#[derive(Template)]
#[template(path = "reset.html")]
pub(crate) struct ResetPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The path to post to.
    pub(crate) action: String,
    /// Whose password it is, for password managers.
    pub(crate) login: String,
    /// The fewest characters of a password.
    pub(crate) password_length: usize,
    /// What was wrong with the form before.
    pub(crate) errors: FormErrors,
}

/// Confirm an e-mail address; posts to the link itself.
#[derive(Template)]
#[template(path = "confirm_address.html")]
pub(crate) struct ConfirmAddressPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The path to post to.
    pub(crate) action: String,
    /// Whose account it is.
    pub(crate) login: String,
    /// The address.
    pub(crate) address: String,
    /// Whether it was confirmed.
    pub(crate) done: bool,
}

/// Change the e-mail address; posts to `/account/email`.
#[derive(Template)]
#[template(path = "email.html")]
pub(crate) struct EmailPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The address as it is, or as entered before.
    pub(crate) address: String,
    /// What was wrong with the form before.
    pub(crate) errors: FormErrors,
}
