use askama::Template;
use model::Timestamp;
use model::entities::GrantKind;

use super::filters;
use super::shell::{Section, Shell};

/// The grants of the user.
#[derive(Template)]
#[template(path = "tokens.html")]
pub(crate) struct TokenListPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The notice, for example after a revocation.
    pub(crate) notice: Option<String>,
    /// The recent leak reports.
    pub(crate) leaks: Vec<Leak>,
    /// The service tokens that the user created with other tokens or on a page, if one of the user's tokens was reported.
    pub(crate) made: Vec<MadeRow>,
    /// Whether inactive grants are listed too.
    pub(crate) show_all: bool,
    /// The grants, the newest first.
    pub(crate) rows: Vec<TokenRow>,
    /// The path of the page with the newest ones, when this is a later page.
    pub(crate) newest: Option<&'static str>,
    /// The path of the page with older ones, when there are any.
    pub(crate) older: Option<String>,
}

/// A reported secret, which the report revoked.
pub(crate) struct Leak {
    /// The description of the grant, or the name of the application.
    pub(crate) name: String,
    /// The kind of the grant; none for the secret of an application.
    pub(crate) kind: Option<GrantKind>,
    /// Where it was found; empty if the report does not state it.
    pub(crate) url: String,
    /// The finder according to the report; empty if it does not state one.
    pub(crate) source: String,
    /// The address from which it was reported.
    pub(crate) finder: String,
    /// When it was reported.
    pub(crate) at: Timestamp,
    /// How many other grants were revoked with it.
    pub(crate) others: i64,
    /// Whether it was valid, and was revoked.
    pub(crate) is_revoked: bool,
    /// The valid tokens that were created with it.
    pub(crate) made: Vec<MadeRow>,
}

/// A valid token that the user created for a service.
pub(crate) struct MadeRow {
    /// The public id.
    pub(crate) id: String,
    /// What it is for; empty without a description.
    pub(crate) description: String,
    /// The kind.
    pub(crate) kind: GrantKind,
    /// The application that holds it, by its client_id.
    pub(crate) application: String,
}

/// One grant of the list.
pub(crate) struct TokenRow {
    /// The public id.
    pub(crate) id: String,
    /// The user for whom it acts.
    pub(crate) owner: Option<model::Uuid>,
    /// The login of its creator, if the page reads it.
    pub(crate) made_by: Option<String>,
    /// What it is for; empty without a description.
    pub(crate) description: String,
    /// The kind.
    pub(crate) kind: GrantKind,
    /// The name of the application that holds it, when it is known.
    pub(crate) application: Option<String>,
    /// The names of its scopes.
    pub(crate) scopes: Vec<String>,
    /// When it was created.
    pub(crate) created: Timestamp,
    /// When it expires; none: never.
    pub(crate) expires: Option<Timestamp>,
    /// When it was last used; none: never.
    pub(crate) last_used: Option<LastUse>,
    /// The state.
    pub(crate) state: TokenState,
}

/// The last use of a grant.
pub(crate) struct LastUse {
    /// When.
    pub(crate) at: Timestamp,
    /// The IP address from which it came, when it is known.
    pub(crate) address: Option<String>,
}

/// The state of a grant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenState {
    /// It can be used.
    Active,
    /// It, or what it came from, was revoked.
    Revoked,
    /// The secret was reported as leaked.
    Leaked,
    /// It has expired.
    Expired,
    /// It works once and was used.
    Used,
    /// Its application or its user is disabled.
    Disabled,
}

impl TokenRow {
    /// Whether a scope can be removed from it.
    fn can_be_narrowed(&self) -> bool {
        let carried = matches!(
            self.kind,
            GrantKind::PersonalAccessToken | GrantKind::ServiceAccessToken | GrantKind::ReferenceToken
        );
        carried && self.state == TokenState::Active && self.scopes.len() > 1
    }
}

impl TokenState {
    fn label(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Revoked => "revoked",
            Self::Leaked => "revoked: leaked",
            Self::Expired => "expired",
            Self::Used => "used",
            Self::Disabled => "application disabled",
        }
    }
}

/// Returns the name of a kind of grant for users.
pub(super) fn kind_label(kind: &GrantKind) -> &'static str {
    match kind {
        GrantKind::PersonalAccessToken => "personal token",
        GrantKind::ServiceAccessToken => "service token",
        GrantKind::ReferenceToken => "access token",
        GrantKind::RefreshToken => "refresh token",
        GrantKind::AuthorizationCode => "sign-in code",
        GrantKind::DeviceCode => "device code",
        GrantKind::BackchannelRequest => "request to sign in",
        GrantKind::UserConsent => "consent",
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, administrator, at, shown};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let list = |show_all: bool, rows: Vec<TokenRow>, notice, older| {
            let shell = administrator(text, Section::Tokens);
            let newest = show_all.then_some("/tokens?show=all");
            let leaks = if show_all { leaks(text) } else { Vec::new() };
            let made = if show_all { made(text) } else { Vec::new() };
            shown(&TokenListPage { shell, notice, leaks, made, show_all, rows, newest, older })
        };
        let active = rows(text).into_iter().filter(|row| row.state == TokenState::Active).collect();
        vec![
            (
                "tokens",
                list(false, active, Some(text("Revoked “ci”, and 2 grants that came from it.")), None),
            ),
            ("tokens-all", list(true, rows(text), None, Some(text("/tokens?show=all&before=0197f3c2")))),
            ("tokens-none", list(false, Vec::new(), None, None)),
        ]
    }

    pub(in crate::views) fn row(
        text: Text<'_>,
        kind: GrantKind,
        state: TokenState,
        description: &str,
    ) -> TokenRow {
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

    pub(in crate::views) fn made(text: Text<'_>) -> Vec<MadeRow> {
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
}
