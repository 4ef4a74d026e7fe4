use askama::Template;
use model::Timestamp;

use super::filters;
use super::form_errors::FormErrors;
use super::providers::{LinkedAccount, ProviderLink};
use super::shell::{Section, Shell};

/// The user's credentials and sessions.
#[derive(Template)]
#[template(path = "my_sign_in.html")]
pub(crate) struct MySignInPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The notice after an action.
    pub(crate) notice: Option<String>,
    /// Whether there is a password.
    pub(crate) has_password: bool,
    /// The e-mail address.
    pub(crate) email: Email,
    /// The accounts at providers with which the user signs in.
    pub(crate) linked: Vec<LinkedAccount>,
    /// The ways to link others.
    pub(crate) providers: Vec<ProviderLink>,
    /// Whether there is an authenticator app.
    pub(crate) totp: bool,
    /// The passkeys, the oldest first.
    pub(crate) passkeys: Vec<PasskeyLine>,
    /// What a new passkey answers, where there can be one.
    pub(crate) passkey: Option<NewPasskey>,
    /// How many recovery codes are unused, where there is a second factor.
    pub(crate) recovery_codes: Option<i64>,
    /// Where the user is signed in.
    pub(crate) sessions: Vec<SessionLine>,
}

/// The user's e-mail address.
pub(crate) struct Email {
    /// The address, where there is one.
    pub(crate) address: Option<String>,
    /// Whether the address is confirmed.
    pub(crate) confirmed: bool,
    /// Whether mail is sent from here.
    pub(crate) can_change: bool,
}

/// One passkey.
pub(crate) struct PasskeyLine {
    /// The identifier.
    pub(crate) id: String,
    /// What its user calls it.
    pub(crate) name: String,
    /// When it was added.
    pub(crate) added: Timestamp,
    /// When it was last used.
    pub(crate) used: Option<Timestamp>,
}

/// What a new passkey is made with.
pub(crate) struct NewPasskey {
    /// The challenge, in base64url.
    pub(crate) challenge: String,
    /// The domain that the passkey is for.
    pub(crate) rp_id: String,
    /// The user's identifier, in base64url.
    pub(crate) user: String,
    /// The user's login.
    pub(crate) login: String,
    /// The passkeys that there are, with spaces between.
    pub(crate) known: String,
}

/// One session.
pub(crate) struct SessionLine {
    /// The identifier.
    pub(crate) id: String,
    /// The browser, such as `Firefox on Linux`.
    pub(crate) browser: String,
    /// The address from which the user signed in.
    pub(crate) address: String,
    /// The provider at which the user signed in, where it was one.
    pub(crate) provider: Option<String>,
    /// Since when.
    pub(crate) since: Timestamp,
    /// When it was last used.
    pub(crate) seen: Timestamp,
    /// Whether it is the one in which the page is shown.
    pub(crate) is_this: bool,
}

/// Add an authenticator app; posts to `/account/authenticator`, then to `/account/authenticator/confirm`.
#[derive(Template)]
#[template(path = "authenticator.html")]
pub(crate) struct AuthenticatorPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whether every other page redirects here until an app is added.
    pub(crate) required: bool,
    /// What the app scans, once there is a secret.
    pub(crate) code: Option<QrCode>,
    /// The path to continue at, checked by the handler.
    pub(crate) return_to: String,
    /// Why the previous code was refused.
    pub(crate) error: Option<String>,
}

/// A QR code, and its content for those who type.
pub(crate) struct QrCode {
    /// The dark squares, as the path of an SVG.
    pub(crate) path: String,
    /// How many squares it has on a side, with the margin.
    pub(crate) size: usize,
    /// The secret, in groups.
    pub(crate) secret: String,
}

/// The new recovery codes, this once.
#[derive(Template)]
#[template(path = "recovery_codes.html")]
pub(crate) struct RecoveryCodesPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The codes.
    pub(crate) codes: Vec<String>,
    /// The path to continue at, checked by the handler.
    pub(crate) go_on: String,
}

/// Change the password; posts to `/account/password`.
#[derive(Template)]
#[template(path = "password.html")]
pub(crate) struct PasswordPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The user's login, for password managers.
    pub(crate) login: String,
    /// Whether there is a password, which the form then requires.
    pub(crate) has_password: bool,
    /// The fewest characters of a password.
    pub(crate) password_length: usize,
    /// The errors of the form that was sent before.
    pub(crate) errors: FormErrors,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, at, person, provider, shown, wrong};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let session = |browser: &str, is_this| session(text, browser, is_this);
        let own = || PasskeyLine {
            id: text("0197f3c2-7d1e-7c3a-9b1e-0242ac120003"),
            name: text("My phone"),
            added: at("2026-03-14T09:05:00Z"),
            used: Some(at("2026-03-15T10:00:00Z")),
        };
        let new = || NewPasskey {
            challenge: text("Y2hhbGxlbmdl"),
            rp_id: text("grants.example.org"),
            user: text("AZfzwn0efDqbHgJCrBIAAg"),
            login: text("ada"),
            known: text("AQID BAUG"),
        };
        let page = |totp: bool, notice, others: &[&str]| {
            let others = others.iter().map(|browser| session(browser, false));
            shown(&MySignInPage {
                shell: person(text, Section::SignIn),
                notice,
                has_password: !totp,
                linked: if totp { vec![linked(text)] } else { Vec::new() },
                providers: vec![provider(text, "/signin/provider/acme?link=x")],
                email: Email { address: Some(text("ada@example.org")), confirmed: totp, can_change: true },
                totp,
                passkeys: others.len().checked_sub(1).map(|_| own()).into_iter().collect(),
                passkey: Some(new()),
                recovery_codes: totp.then_some(8),
                sessions: [session("Firefox on Linux", true)].into_iter().chain(others).collect(),
            })
        };
        let app = |required, begun: bool, error| {
            let code = begun.then(|| QrCode {
                path: text("M4 4h1v1h-1z"),
                size: 41,
                secret: text("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"),
            });
            let (shell, return_to) = (person(text, Section::SignIn), text("/account"));
            shown(&AuthenticatorPage { shell, required, code, return_to, error })
        };
        let password = |has_password, errors| {
            let (shell, login) = (person(text, Section::SignIn), text("ada"));
            shown(&PasswordPage { shell, login, has_password, password_length: 8, errors })
        };
        let all = wrong(
            text,
            &[
                ("current", "This is not your password."),
                ("password", "This password was found in a breach; choose another one."),
                ("password_again", "The passwords differ."),
            ],
        );
        let codes = vec![text("b7kq-x3np-2mdf-w9rt"), text("h4vs-c8zj-6ynm-e2kp")];
        let codes =
            RecoveryCodesPage { shell: person(text, Section::SignIn), codes, go_on: text("/account") };
        vec![
            ("my-sign-in", page(false, None, &[])),
            (
                "my-sign-in-two",
                page(true, Some(text("The app was added.")), &["Chrome on Android", "Safari on macOS"]),
            ),
            ("authenticator-begin", app(true, false, None)),
            ("authenticator", app(false, true, None)),
            (
                "authenticator-error",
                app(true, true, Some(text("This is not the code that the app shows now."))),
            ),
            ("recovery-codes", shown(&codes)),
            ("password", password(true, FormErrors::default())),
            ("password-error", password(true, all)),
            ("password-first", password(false, FormErrors::default())),
        ]
    }

    pub(in crate::views) fn session(text: Text<'_>, browser: &str, is_this: bool) -> SessionLine {
        SessionLine {
            id: text("0197f3c2-7d1e-7c3a-9b1e-0242ac120002"),
            browser: text(browser),
            address: text("2001:db8:85a3::8a2e:370:7334"),
            provider: is_this.then(|| text("Acme")),
            since: at("2026-03-14T09:05:00Z"),
            seen: at("2026-03-15T10:00:00Z"),
            is_this,
        }
    }

    fn linked(text: Text<'_>) -> LinkedAccount {
        LinkedAccount {
            id: text("0197f3c2-7d1e-7c3a-9b1e-0242ac120004"),
            provider: text("Acme"),
            name: text("ada@acme.example"),
            added: at("2026-03-14T09:05:00Z"),
            used: Some(at("2026-03-15T10:00:00Z")),
        }
    }
}
