use askama::Template;
use model::Timestamp;

use super::filters;
use super::form_errors::FormErrors;
use super::scope::Scope;
use super::shell::{Section, Shell};

/// The choices of `expiry`, with what users read.
const EXPIRIES: [(&str, &str); 6] = [
    ("7", "In 7 days"),
    ("30", "In 30 days"),
    ("90", "In 90 days"),
    ("365", "In a year"),
    ("never", "Never"),
    ("date", "On a date…"),
];

/// The form for a new personal access token; posts to `/tokens`.
#[derive(Template)]
#[template(path = "new_token.html")]
pub(crate) struct NewTokenPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The applications for which the user may create a token. Without any, the page has no form.
    pub(crate) applications: Vec<ApplicationChoice>,
    /// Every scope that one of these applications has.
    pub(crate) scopes: Vec<ScopeChoice>,
    /// The other values as entered before, or the initial ones.
    pub(crate) form: NewTokenForm,
    /// The form's number, sent back as `once`: a form creates one token.
    pub(crate) once: String,
    /// The first day that `expires_on` takes, such as `2026-03-15`.
    pub(crate) first_day: String,
    /// The errors of the form that was sent before.
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

/// The initial values of the form: 30 days, and otherwise empty.
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

/// The new token: the only page that shows its secret.
#[derive(Template)]
#[template(path = "token_created.html")]
pub(crate) struct TokenCreatedPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The secret itself.
    pub(crate) secret: String,
    /// What the token is for; empty without a description.
    pub(crate) description: String,
    /// The name of its application.
    pub(crate) application: String,
    /// The names of its scopes.
    pub(crate) scopes: Vec<String>,
    /// When it expires; none: never.
    pub(crate) expires: Option<Timestamp>,
    /// The address under which the server is reached, without a slash at its end.
    pub(crate) base_url: String,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, at, person, scope, shown, wrong};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let page = |applications, form, errors| {
            let scopes = ["read", "update", "sec"]
                .map(|name| ScopeChoice { scope: scope(text, name), checked: name == "read" })
                .into();
            let shell = person(text, Section::Tokens);
            let first_day = text("2026-03-15");
            let once = text("Zm9ybSBudW1iZXI");
            shown(&NewTokenPage { shell, applications, scopes, form, once, first_day, errors })
        };
        let expires = Some(at("2026-04-13T09:05:00Z"));
        vec![
            ("new-token", page(applications(text), NewTokenForm::default(), FormErrors::default())),
            ("new-token-error", page(applications(text), kept_form(text), all_wrong(text))),
            ("new-token-none", page(Vec::new(), NewTokenForm::default(), FormErrors::default())),
            ("token-created", shown(&created(text, expires, vec![text("read"), text("update")]))),
            ("token-created-bare", shown(&created(text, None, Vec::new()))),
        ]
    }

    fn applications(text: Text<'_>) -> Vec<ApplicationChoice> {
        [("reporting", "Reporting", false), ("warehouse", "Warehouse", true)]
            .map(|(client_id, name, selected)| ApplicationChoice {
                client_id: text(client_id),
                name: text(name),
                scopes: vec![text("read"), text("update")],
                selected,
            })
            .into()
    }

    fn kept_form(text: Text<'_>) -> NewTokenForm {
        NewTokenForm {
            description: text("Nightly export"),
            expiry: "date".to_owned(),
            expires_on: text("2025-01-01"),
            allowed_ip_addresses: text("203.0.113.7\n10.0.0.300"),
        }
    }

    fn all_wrong(text: Text<'_>) -> FormErrors {
        wrong(
            text,
            &[
                ("client_id", "Warehouse does not let you make tokens."),
                ("description", "A description has at most 128 characters."),
                ("scope", "Warehouse has no scope “sec”; it has read and update."),
                ("expiry", "Choose when the token expires."),
                ("expires_on", "1 Jan 2025 is past."),
                ("allowed_ip_addresses", "“10.0.0.300” is neither an address nor a network."),
            ],
        )
    }

    fn created(text: Text<'_>, expires: Option<Timestamp>, scopes: Vec<String>) -> TokenCreatedPage {
        TokenCreatedPage {
            shell: person(text, Section::Tokens),
            secret: text("grt_pat_8KZ2xq0V5mY1wQ7rT3nB9sLdFhJgPcAeUiXoNvMyWz42f9Kd1"),
            description: text("Nightly export"),
            application: text("Warehouse"),
            scopes,
            expires,
            base_url: text("https://grants.example.org"),
        }
    }
}
