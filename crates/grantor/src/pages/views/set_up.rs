use askama::Template;

use super::{Section, Shell};

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
    pub(crate) password_length: u8,
    /// What was wrong with the form before.
    pub(crate) errors: SetUpErrors,
}

/// What was wrong with the set-up form, by field.
#[derive(Default)]
pub(crate) struct SetUpErrors {
    /// What no single field is to blame for.
    pub(crate) form: Option<String>,
    /// About `login`.
    pub(crate) login: Option<String>,
    /// About `name`.
    pub(crate) name: Option<String>,
    /// About `email`.
    pub(crate) email: Option<String>,
    /// About `password`.
    pub(crate) password: Option<String>,
    /// About `password_again`.
    pub(crate) password_again: Option<String>,
}

impl SetUpErrors {
    /// Every error with the id of its field.
    fn by_field(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("login", &self.login),
            ("name", &self.name),
            ("email", &self.email),
            ("password", &self.password),
            ("password_again", &self.password_again),
        ]
        .into_iter()
        .filter_map(|(field, error)| Some((field, error.as_deref()?)))
    }
}

/// The one-time address was used before, or never was one.
#[derive(Template)]
#[template(path = "set_up_used.html")]
pub(crate) struct SetUpUsedPage {
    /// The frame.
    pub(crate) shell: Shell,
}
