//! Signing in, and the first start.

use super::{Text, administrator, provider, shown, visitor, wrong};
use crate::views::*;

pub(super) fn entrance(text: Text<'_>) -> Vec<(&'static str, String)> {
    let start = |demo| {
        let shell = Shell { demo, ..visitor(text) };
        shown(&StartPage { shell, base_url: text("https://grants.example.org") })
    };
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
    let graphql = |shell| shown(&GraphqlPage { shell, base_url: text("https://grants.example.org") });
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
        ("graphql", graphql(visitor(text))),
        ("graphql-signed-in", graphql(administrator(text, Section::Other))),
        ("start", start(false)),
        ("start-demo", start(true)),
        ("sign-in", sign_in(String::new(), None)),
        (
            "sign-in-error",
            sign_in(text("ada"), Some(text("Login or password is wrong. Both are case-sensitive."))),
        ),
    ]
}

pub(super) fn set_up(text: Text<'_>) -> Vec<(&'static str, String)> {
    let page = |login, errors| {
        let (name, email) = (text("Grace Sommer"), text("grace@example.org"));
        let action = text("/setup/4fHq2");
        shown(&SetUpPage { shell: visitor(text), action, login, name, email, password_length: 12, errors })
    };
    let mut errors = FormErrors::of_form(text("Please correct what is marked."));
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
