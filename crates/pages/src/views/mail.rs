use askama::Template;

use super::filters;
use super::form_errors::FormErrors;
use super::shell::{Section, Shell};

/// The form to request a link for a new password; posts to `/signin/forgot`.
#[derive(Template)]
#[template(path = "forgot.html")]
pub(crate) struct ForgotPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whether a link was requested; the page then describes the next step.
    pub(crate) asked: bool,
    /// The login as entered on the sign-in page, or empty.
    pub(crate) login: String,
    /// Why the request was refused.
    pub(crate) error: Option<String>,
}

/// The form for a new password; posts to the link itself.
#[derive(Template)]
#[template(path = "reset.html")]
pub(crate) struct ResetPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The path to post to.
    pub(crate) action: String,
    /// The login, for password managers.
    pub(crate) login: String,
    /// The fewest characters of a password.
    pub(crate) password_length: usize,
    /// The errors of the form that was sent before.
    pub(crate) errors: FormErrors,
}

/// Confirms an e-mail address; posts to the link itself.
#[derive(Template)]
#[template(path = "confirm_address.html")]
pub(crate) struct ConfirmAddressPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The path to post to.
    pub(crate) action: String,
    /// The login of the account.
    pub(crate) login: String,
    /// The address.
    pub(crate) address: String,
    /// Whether it was confirmed.
    pub(crate) done: bool,
}

/// The form for a new e-mail address; posts to `/account/email`.
#[derive(Template)]
#[template(path = "email.html")]
pub(crate) struct EmailPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The address as it is, or as entered before.
    pub(crate) address: String,
    /// The errors of the form that was sent before.
    pub(crate) errors: FormErrors,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, person, shown, visitor, wrong};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let forgot = |asked, error| {
            let login = if asked { String::new() } else { text("ada") };
            shown(&ForgotPage { shell: visitor(text), asked, login, error })
        };
        let reset = |errors| {
            let (action, login) = (text("/mail/reset/4fHq2"), text("ada"));
            shown(&ResetPage { shell: visitor(text), action, login, password_length: 8, errors })
        };
        let confirm = |done| {
            let (action, login, address) =
                (text("/mail/confirm/4fHq2"), text("ada"), text("ada@example.org"));
            shown(&ConfirmAddressPage { shell: visitor(text), action, login, address, done })
        };
        let email = |errors| {
            let (shell, address) = (person(text, Section::SignIn), text("ada@example.org"));
            shown(&EmailPage { shell, address, errors })
        };
        let both = wrong(
            text,
            &[
                ("password", "This password was found in a breach; choose another one."),
                ("password_again", "The passwords differ."),
            ],
        );
        let no_address = wrong(text, &[("email", "This is not an e-mail address.")]);
        vec![
            ("forgot", forgot(false, None)),
            ("forgot-error", forgot(false, Some(text("Too many attempts; try again in 300 seconds.")))),
            ("forgot-asked", forgot(true, None)),
            ("reset", reset(FormErrors::default())),
            ("reset-error", reset(both)),
            ("confirm-address", confirm(false)),
            ("confirm-address-done", confirm(true)),
            ("email", email(FormErrors::default())),
            ("email-error", email(no_address)),
        ]
    }
}
