use askama::Template;

use super::filters;
use super::form_errors::FormErrors;
use super::shell::{Section, Shell};
use super::tokens::TokenRow;

/// Asks which administrator takes over a service token, then for a confirmation; posts to `/tokens/{id}/hand-over` with
/// `login`, and with `confirm` = `yes` the second time.
#[derive(Template)]
#[template(path = "hand_over.html")]
pub(crate) struct HandOverPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The token.
    pub(crate) token: TokenRow,
    /// The login as entered before; empty on the first page.
    pub(crate) login: String,
    /// The administrator who takes it over; none while the page asks for the login.
    pub(crate) to: Option<Recipient>,
    /// The errors of the form before.
    pub(crate) errors: FormErrors,
    /// The page that lists the token.
    pub(crate) back: String,
}

/// The administrator who takes over a token.
pub(crate) struct Recipient {
    /// The login.
    pub(crate) login: String,
    /// The name.
    pub(crate) name: String,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, administrator, shown, wrong};
    use super::super::tokens::TokenState;
    use super::super::tokens::samples::row;
    use super::*;
    use model::entities::GrantKind;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let hand_over = |login: String, to, errors| {
            let token =
                row(text, GrantKind::ServiceAccessToken, TokenState::Active, "Nightly export on build-3");
            let (shell, back) = (administrator(text, Section::Users), text("/users/one?login=ada"));
            shown(&HandOverPage { shell, token, login, to, errors, back })
        };
        let recipient = || Recipient { login: text("grace"), name: text("Grace Sommer") };
        let unknown = || wrong(text, &[("login", "There is no active administrator with this login.")]);
        vec![
            ("hand-over", hand_over(String::new(), None, FormErrors::default())),
            ("hand-over-error", hand_over(text("ben"), None, unknown())),
            ("hand-over-confirm", hand_over(String::new(), Some(recipient()), FormErrors::default())),
        ]
    }
}
