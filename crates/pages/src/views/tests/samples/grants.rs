//! The list of tokens, and what is done from it.

use model::Timestamp;
use model::entities::GrantKind;

use super::{Text, administrator, at, person, scope, shown, wrong};
use crate::views::*;

pub(super) fn tokens(text: Text<'_>) -> Vec<(&'static str, String)> {
    let list = |show_all: bool, rows: Vec<TokenRow>, notice, older| {
        let shell = administrator(text, Section::Tokens);
        let newest = show_all.then_some("/tokens?show=all");
        let leaks = if show_all { leaks(text) } else { Vec::new() };
        let made = if show_all { made(text) } else { Vec::new() };
        shown(&TokenListPage { shell, notice, leaks, made, show_all, rows, newest, older })
    };
    let revoke = |descendants| {
        let token = row(text, GrantKind::RefreshToken, TokenState::Active, "Nightly export on build-3");
        let made = if descendants > 1 { made(text) } else { Vec::new() };
        shown(&RevokePage {
            shell: person(text, Section::Tokens),
            token,
            descendants,
            made,
            back: text("/tokens"),
        })
    };
    let hand_over = |login: String, to, errors| {
        let token = row(text, GrantKind::ServiceAccessToken, TokenState::Active, "Nightly export on build-3");
        let (shell, back) = (administrator(text, Section::Users), text("/users/one?login=ada"));
        shown(&HandOverPage { shell, token, login, to, errors, back })
    };
    let recipient = || Recipient { login: text("grace"), name: text("Grace Sommer") };
    let unknown = || wrong(text, &[("login", "There is no active administrator with this login.")]);
    let narrow = |error: Option<String>| {
        let shell = person(text, Section::Tokens);
        let token =
            row(text, GrantKind::PersonalAccessToken, TokenState::Active, "Nightly export on build-3");
        let choice = |name, used: Option<Timestamp>| NarrowChoice {
            scope: scope(text, name),
            used,
            keeps: used.is_some() && error.is_none(),
        };
        let choices = vec![choice("read", Some(at("2026-03-13T23:59:00Z"))), choice("update", None)];
        shown(&NarrowPage { shell, token, choices, error })
    };
    let active = rows(text).into_iter().filter(|row| row.state == TokenState::Active).collect();
    vec![
        ("hand-over", hand_over(String::new(), None, FormErrors::default())),
        ("hand-over-error", hand_over(text("ben"), None, unknown())),
        ("hand-over-confirm", hand_over(String::new(), Some(recipient()), FormErrors::default())),
        ("narrow", narrow(None)),
        ("narrow-error", narrow(Some(text("Choose at least one.")))),
        ("tokens", list(false, active, Some(text("Revoked “ci”, and 2 grants that came from it.")), None)),
        ("tokens-all", list(true, rows(text), None, Some(text("/tokens?show=all&before=0197f3c2")))),
        ("tokens-none", list(false, Vec::new(), None, None)),
        ("revoke", revoke(0)),
        ("revoke-one", revoke(1)),
        ("revoke-many", revoke(12)),
    ]
}

fn row(text: Text<'_>, kind: GrantKind, state: TokenState, description: &str) -> TokenRow {
    TokenRow {
        id: text("0197f3c2-7d1e-7c3a-9b1e-0242ac120002"),
        owner: None,
        made_by: (kind == GrantKind::ServiceAccessToken).then(|| text("ada")),
        description: if description.is_empty() { String::new() } else { text(description) },
        kind,
        application: Some(text("Reporting")),
        scopes: vec![text("read"), text("update")],
        created: at("2026-02-01T10:00:00Z"),
        expires: Some(at("2026-05-02T10:00:00Z")),
        last_used: Some(LastUse { at: at("2026-03-13T23:59:00Z"), address: Some(text("203.0.113.7")) }),
        state,
    }
}

fn rows(text: Text<'_>) -> Vec<TokenRow> {
    use GrantKind::*;
    use TokenState::*;
    let unused = |row: TokenRow| TokenRow { last_used: None, expires: None, ..row };
    vec![
        row(text, PersonalAccessToken, Active, "Nightly export on build-3"),
        unused(row(text, ServiceAccessToken, Active, "Monitoring")),
        row(
            text,
            ReferenceToken,
            Active,
            "grantor login on build-3.example.org, by ada, for the quarterly figures",
        ),
        TokenRow { application: None, scopes: Vec::new(), ..row(text, RefreshToken, Revoked, "") },
        row(text, PersonalAccessToken, Leaked, "Found in a log"),
        row(text, AuthorizationCode, Used, ""),
        row(text, DeviceCode, Expired, "Television in the hall"),
        unused(row(text, UserConsent, Active, "")),
    ]
}

pub(super) fn made(text: Text<'_>) -> Vec<MadeRow> {
    let made = |id, description| MadeRow {
        id: text(id),
        description,
        kind: GrantKind::ServiceAccessToken,
        application: text("warehouse"),
    };
    vec![made("0198c5f2-0001", text("Nightly sync")), made("0198c5f2-0002", String::new())]
}

fn leaks(text: Text<'_>) -> Vec<Leak> {
    let leak = |kind, url, others| Leak {
        name: text("Nightly export"),
        kind,
        url: if url { text("https://github.com/example/build/blob/main/.env") } else { String::new() },
        source: if url { text("GitHub") } else { String::new() },
        finder: text("192.0.2.7"),
        at: at("2026-03-13T23:59:00Z"),
        others,
        is_revoked: true,
        made: if url { made(text) } else { Vec::new() },
    };
    let expired = Leak { is_revoked: false, ..leak(Some(GrantKind::PersonalAccessToken), true, 0) };
    vec![expired, leak(Some(GrantKind::PersonalAccessToken), true, 2), leak(None, false, 0)]
}

pub(super) fn new_token(text: Text<'_>) -> Vec<(&'static str, String)> {
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
