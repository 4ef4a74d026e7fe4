use askama::Template;
use model::Timestamp;

use super::{FormErrors, Scope, Section, Shell, filters};

/// The choices of `expiry`, with what people read.
const EXPIRIES: [(&str, &str); 6] = [
    ("7", "In 7 days"),
    ("30", "In 30 days"),
    ("90", "In 90 days"),
    ("365", "In a year"),
    ("never", "Never"),
    ("date", "On a date…"),
];

/// Make a personal access token; posts to `/tokens`.
#[derive(Template)]
#[template(path = "new_token.html")]
pub(crate) struct NewTokenPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The applications for which this person may make a token. Without any, the page says so and has no form.
    pub(crate) applications: Vec<ApplicationChoice>,
    /// Every scope that one of these applications has.
    pub(crate) scopes: Vec<ScopeChoice>,
    /// The other values as typed before, or what the form begins with.
    pub(crate) form: NewTokenForm,
    /// The form's own number, sent back as `once`: such a form makes one token.
    pub(crate) once: String,
    /// The first day that `expires_on` takes, such as `2026-03-15`.
    pub(crate) first_day: String,
    /// What was wrong with the form before.
    pub(crate) errors: FormErrors,
}

/// An application to choose, as `client_id`.
pub(crate) struct ApplicationChoice {
    /// The client id, which is sent.
    pub(crate) client_id: String,
    /// The name to show.
    pub(crate) name: String,
    /// The names of the scopes that the application has.
    pub(crate) scopes: Vec<String>,
    /// Whether it is the chosen one.
    pub(crate) selected: bool,
}

/// A scope to choose; each chosen one is sent as `scope`.
pub(crate) struct ScopeChoice {
    /// The scope.
    pub(crate) scope: Scope,
    /// Whether it is chosen.
    pub(crate) checked: bool,
}

/// The values that the form keeps.
pub(crate) struct NewTokenForm {
    /// `description`.
    pub(crate) description: String,
    /// `expiry`: `7`, `30`, `90`, `365` (days), `never` or `date`.
    pub(crate) expiry: String,
    /// `expires_on`: the date when `expiry` is `date`, such as `2026-12-31`.
    pub(crate) expires_on: String,
    /// `allowed_ip_addresses`: addresses and networks, one a line.
    pub(crate) allowed_ip_addresses: String,
}

/// What the form begins with: 30 days, nothing else.
impl Default for NewTokenForm {
    fn default() -> Self {
        Self {
            description: String::new(),
            expiry: "30".to_owned(),
            expires_on: String::new(),
            allowed_ip_addresses: String::new(),
        }
    }
}

/// The only page that shows a token's secret.
#[derive(Template)]
#[template(path = "token_created.html")]
pub(crate) struct TokenCreatedPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The secret itself.
    pub(crate) secret: String,
    /// What the token is for; empty when nobody said.
    pub(crate) description: String,
    /// The name of the application for which it was made.
    pub(crate) application: String,
    /// The names of its scopes.
    pub(crate) scopes: Vec<String>,
    /// When it ends; nothing: never.
    pub(crate) expires: Option<Timestamp>,
    /// The address under which the server is reached, without a slash at its end.
    pub(crate) base_url: String,
}
