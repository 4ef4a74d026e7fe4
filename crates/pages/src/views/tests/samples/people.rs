//! How somebody signs in, and what is sent to them.

use super::{Text, at, person, provider, shown, visitor, wrong};
use crate::views::*;

pub(super) fn session(text: Text<'_>, browser: &str, is_this: bool) -> SessionLine {
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

pub(super) fn my_sign_in(text: Text<'_>) -> Vec<(&'static str, String)> {
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
    let codes = RecoveryCodesPage { shell: person(text, Section::SignIn), codes, go_on: text("/account") };
    vec![
        ("my-sign-in", page(false, None, &[])),
        (
            "my-sign-in-two",
            page(true, Some(text("The app was added.")), &["Chrome on Android", "Safari on macOS"]),
        ),
        ("authenticator-begin", app(true, false, None)),
        ("authenticator", app(false, true, None)),
        ("authenticator-error", app(true, true, Some(text("This is not the code that the app shows now.")))),
        ("recovery-codes", shown(&codes)),
        ("password", password(true, FormErrors::default())),
        ("password-error", password(true, all)),
        ("password-first", password(false, FormErrors::default())),
    ]
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

pub(super) fn mail(text: Text<'_>) -> Vec<(&'static str, String)> {
    let forgot = |asked, error| {
        let login = if asked { String::new() } else { text("ada") };
        shown(&ForgotPage { shell: visitor(text), asked, login, error })
    };
    let reset = |errors| {
        let (action, login) = (text("/mail/reset/4fHq2"), text("ada"));
        shown(&ResetPage { shell: visitor(text), action, login, password_length: 8, errors })
    };
    let confirm = |done| {
        let (action, login, address) = (text("/mail/confirm/4fHq2"), text("ada"), text("ada@example.org"));
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
        (
            "provider-error",
            shown(&ErrorPage::provider(
                visitor(text),
                axum::http::StatusCode::BAD_GATEWAY,
                text("Acme cannot sign you in at the moment."),
                "/signin",
            )),
        ),
        ("dead-link", shown(&ErrorPage::dead_link(visitor(text)))),
    ]
}
