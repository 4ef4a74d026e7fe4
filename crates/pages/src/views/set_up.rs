use askama::Template;

use super::filters;
use super::form_errors::FormErrors;
use super::shell::{Section, Shell};

/// The form for the first administrator; posts to its one-time address.
#[derive(Template)]
#[template(path = "set_up.html")]
pub(crate) struct SetUpPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The path to post to: `/setup/` and the one-time secret.
    pub(crate) action: String,
    /// The login as entered before, or empty.
    pub(crate) login: String,
    /// The name as entered before, or empty.
    pub(crate) name: String,
    /// The email address as entered before, or empty.
    pub(crate) email: String,
    /// The fewest characters of a password.
    pub(crate) password_length: usize,
    /// The errors of the form that was sent before.
    pub(crate) errors: FormErrors,
}

/// The one-time address was used before, or is unknown.
#[derive(Template)]
#[template(path = "set_up_used.html")]
pub(crate) struct SetUpUsedPage {
    /// The frame.
    pub(crate) shell: Shell,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, shown, visitor, wrong};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let page = |login, errors| {
            let (name, email) = (text("Grace Sommer"), text("grace@example.org"));
            let action = text("/setup/4fHq2");
            shown(&SetUpPage {
                shell: visitor(text),
                action,
                login,
                name,
                email,
                password_length: 12,
                errors,
            })
        };
        let mut errors = FormErrors::for_form(text("Please correct what is marked."));
        errors.join(wrong(
            text,
            &[
                ("login", "Enter a login."),
                ("name", "Enter your name."),
                ("email", "“grace@” is not an email address."),
                ("password", "This password is among the most common ones."),
                ("password_again", "The two passwords differ."),
            ],
        ));
        vec![
            ("set-up", page(String::new(), FormErrors::default())),
            ("set-up-error", page(text("grace"), errors)),
            ("set-up-used", shown(&SetUpUsedPage { shell: visitor(text) })),
        ]
    }
}
