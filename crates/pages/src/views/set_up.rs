use askama::Template;

use super::{FormErrors, Section, Shell, filters};

/// Make the first administrator; posts to the one-time address itself.
#[derive(Template)]
#[template(path = "set_up.html")]
pub(crate) struct SetUpPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The path to post to: `/setup/` and the one-time secret.
    pub(crate) action: String,
    /// The login as typed before, or nothing.
    pub(crate) login: String,
    /// The name as typed before, or nothing.
    pub(crate) name: String,
    /// The email address as typed before, or nothing.
    pub(crate) email: String,
    /// The fewest characters of a password.
    pub(crate) password_length: usize,
    /// What was wrong with the form before.
    pub(crate) errors: FormErrors,
}

/// The one-time address was used before, or never was one.
#[derive(Template)]
#[template(path = "set_up_used.html")]
pub(crate) struct SetUpUsedPage {
    /// The frame.
    pub(crate) shell: Shell,
}
