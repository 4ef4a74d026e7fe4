use askama::Template;

use super::filters;
use super::providers::ProviderLink;
use super::shell::{Section, Shell};

/// Sign in with login and password; posts to `/signin`.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The path to continue at, checked by the handler.
    pub(crate) return_to: String,
    /// The login as entered before, or empty.
    pub(crate) login: String,
    /// What a passkey can answer, where there can be one.
    pub(crate) passkey: Option<PasskeyChallenge>,
    /// The providers for signing in.
    pub(crate) providers: Vec<ProviderLink>,
    /// Whether a link to reset the password can be mailed.
    pub(crate) can_reset: bool,
    /// The notice after an action.
    pub(crate) notice: Option<String>,
    /// Why the previous attempt failed.
    pub(crate) error: Option<String>,
}

/// Show a second factor after the password; posts to `/signin/code`.
#[derive(Template)]
#[template(path = "second_factor.html")]
pub(crate) struct SecondFactorPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// Who signs in.
    pub(crate) login: String,
    /// Whether there is an authenticator app.
    pub(crate) totp: bool,
    /// The path to continue at, checked by the handler.
    pub(crate) return_to: String,
    /// What a passkey can answer, where there can be one.
    pub(crate) passkey: Option<PasskeyChallenge>,
    /// Why the previous attempt failed.
    pub(crate) error: Option<String>,
}

/// What a passkey answers.
pub(crate) struct PasskeyChallenge {
    /// The challenge, in base64url.
    pub(crate) challenge: String,
    /// The domain that the passkey is for.
    pub(crate) rp_id: String,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, provider, shown, visitor};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let passkey =
            || Some(PasskeyChallenge { challenge: text("Y2hhbGxlbmdl"), rp_id: text("grants.example.org") });
        let sign_in = |login: String, error| {
            shown(&SignInPage {
                shell: visitor(text),
                return_to: text("/tokens"),
                login,
                passkey: passkey(),
                providers: vec![provider(text, "/signin/provider/acme?return_to=%2Ftokens")],
                can_reset: true,
                notice: Some(text("The new password is set. Sign in with it.")),
                error,
            })
        };
        let second = |error| {
            shown(&SecondFactorPage {
                shell: visitor(text),
                login: text("ada"),
                totp: true,
                return_to: text("/tokens"),
                passkey: passkey(),
                error,
            })
        };
        vec![
            ("second-factor", second(None)),
            ("second-factor-error", second(Some(text("This code does not fit.")))),
            ("sign-in", sign_in(String::new(), None)),
            (
                "sign-in-error",
                sign_in(text("ada"), Some(text("Login or password is wrong. Both are case-sensitive."))),
            ),
        ]
    }
}
