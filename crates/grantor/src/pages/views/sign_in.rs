use askama::Template;

use super::{Section, Shell};

/// Sign in with login and password; posts to `/signin`.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The path to go on to, as the handler checked it.
    pub(crate) return_to: String,
    /// The login as typed before, or nothing.
    pub(crate) login: String,
    /// Why the attempt before failed.
    pub(crate) error: Option<String>,
}

/// Show a second factor after the password; posts to `/signin/code`.
#[derive(Template)]
#[template(path = "second_factor.html")]
pub(crate) struct SecondFactorPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The path to go on to, as the handler checked it.
    pub(crate) return_to: String,
    /// Why the attempt before failed.
    pub(crate) error: Option<String>,
}
