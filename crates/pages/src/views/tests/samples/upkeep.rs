//! What administrators keep, and what goes wrong.

use super::grants::made;
use super::people::session;
use super::{Text, administrator, at, person, shown, visitor, wrong};
use crate::views::*;

pub(super) fn catalogue(text: Text<'_>) -> Vec<(&'static str, String)> {
    let scope = |name: &str, meaning: &str, is_built_in| ScopeLine {
        name: text(name),
        meaning: text(meaning),
        is_active: is_built_in,
        is_built_in,
        administrators_only: !is_built_in,
        is_default: is_built_in,
    };
    let resource = |scopes: &[&str], is_active| ResourceLine {
        identifier: text("https://orders.example/api"),
        name: text("Orders"),
        scopes: scopes.iter().map(|scope| text(scope)).collect(),
        is_active,
    };
    let shell = || administrator(text, Section::Catalogue);
    let page = CataloguePage {
        shell: shell(),
        notice: Some(text("orders:read was saved.")),
        scopes: vec![
            scope("orders:read", "See your orders", false),
            scope("read", "Read data that you can read", true),
        ],
        resources: vec![resource(&["orders:read", "orders:write"], true), resource(&[], false)],
    };
    let scope_page = |is_new: bool, errors| {
        let form = ScopeForm {
            name: text("orders:read"),
            display_name: text("Orders"),
            description: text("See your orders"),
            is_listed: true,
            is_active: !is_new,
            ..ScopeForm::default()
        };
        shown(&ScopePage { shell: shell(), is_new, form, errors })
    };
    let resource_page = |is_new, errors| {
        let form = ResourceForm {
            identifier: text("https://orders.example/api"),
            name: text("Orders"),
            description: text("What was ordered"),
            scopes: text("orders:read"),
            lifetime: text("300"),
            format: "jwt".to_owned(),
            is_active: true,
        };
        shown(&ResourcePage { shell: shell(), is_new, form, errors })
    };
    let blamed = |field| wrong(text, &[(field, "This is not right.")]);
    let none = CataloguePage { shell: shell(), notice: None, scopes: Vec::new(), resources: Vec::new() };
    vec![
        ("catalogue", shown(&page)),
        ("catalogue-empty", shown(&none)),
        ("catalogue-scope-new", scope_page(true, FormErrors::default())),
        ("catalogue-scope", scope_page(false, blamed("description"))),
        ("catalogue-resource-new", resource_page(true, blamed("identifier"))),
        ("catalogue-resource", resource_page(false, FormErrors::default())),
    ]
}

pub(super) fn errors(text: Text<'_>) -> Vec<(&'static str, String)> {
    let page = ErrorPage {
        shell: visitor(text),
        status: axum::http::StatusCode::TOO_MANY_REQUESTS,
        title: text("Too many attempts"),
        message: text("Signing in failed too often from this address."),
        advice: text("Wait a minute, then try again."),
        way_on: WayOn { href: "/signin".to_owned(), label: "Sign in" },
    };
    vec![
        ("error", shown(&page)),
        ("error-403", shown(&ErrorPage::forged_form(person(text, Section::Other), "/tokens"))),
        ("error-other-person", shown(&ErrorPage::other_person(person(text, Section::Other), "/tokens"))),
        (
            "error-request",
            shown(&ErrorPage::bad_request(
                visitor(text),
                axum::http::StatusCode::BAD_REQUEST,
                text("The redirect URI is not registered."),
            )),
        ),
        ("error-link", shown(&ErrorPage::stale_link(person(text, Section::Other), "/account"))),
        ("error-passkey", shown(&ErrorPage::passkey_not_added(person(text, Section::Other), "/account"))),
        ("error-404", shown(&ErrorPage::not_found(visitor(text)))),
        ("error-405", shown(&ErrorPage::wrong_method(visitor(text)))),
        ("error-409", shown(&ErrorPage::sent_before(person(text, Section::Tokens)))),
        ("error-500", shown(&ErrorPage::internal(visitor(text)))),
        ("error-503", shown(&ErrorPage::unavailable(visitor(text)))),
    ]
}

fn user(text: Text<'_>, is_locked: bool) -> UserFacts {
    UserFacts {
        id: model::Uuid::nil(),
        login: text("ada"),
        name: text("Ada Winter"),
        email: is_locked.then(|| text("ada@example.org")),
        email_confirmed: is_locked,
        is_active: true,
        is_admin: is_locked,
        has_second_factor: is_locked,
        locked_until: is_locked.then(|| at("2026-03-14T09:05:00Z")),
    }
}

pub(super) fn users(text: Text<'_>) -> Vec<(&'static str, String)> {
    let shell = || administrator(text, Section::Users);
    let list = |is_first: bool, users, error| {
        let (login, next) = (text("nobody"), is_first.then(|| text("/users?after=x")));
        shown(&UsersPage { shell: shell(), login, error, users, is_first, next })
    };
    let one = |notice, is_locked: bool| {
        let sessions = [(is_locked, "Firefox on Linux")].into_iter().filter(|(any, _)| *any);
        let sessions = sessions.map(|(is_this, browser)| session(text, browser, is_this)).collect();
        shown(&UserPage {
            shell: shell(),
            notice,
            user: user(text, is_locked),
            has_own_name: is_locked,
            made: if is_locked { made(text) } else { Vec::new() },
            sessions,
        })
    };
    vec![
        ("users", list(true, vec![user(text, true), user(text, false)], None)),
        ("users-none", list(false, Vec::new(), Some(text("There is no user with this login.")))),
        ("user", one(Some(text("Every session was ended.")), true)),
        ("user-away", one(None, false)),
        ("reset-factor", shown(&ResetFactorPage { shell: shell(), user: user(text, true) })),
    ]
}
