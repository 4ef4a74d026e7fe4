use askama::Template;
use model::Timestamp;

use super::filters;
use super::scope::Scope;
use super::shell::{Section, Shell};
use super::tokens::TokenRow;

/// Shows which scopes a token has used, and asks which ones it keeps; posts to `/tokens/{id}/narrow` with
/// `confirm` = `yes` and `scope` for each scope that it keeps.
#[derive(Template)]
#[template(path = "narrow.html")]
pub(crate) struct NarrowPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The grant.
    pub(crate) token: TokenRow,
    /// What it may do.
    pub(crate) choices: Vec<NarrowChoice>,
    /// The error of the form that was sent before.
    pub(crate) error: Option<String>,
}

/// One permission of a token.
pub(crate) struct NarrowChoice {
    /// The permission.
    pub(crate) scope: Scope,
    /// When it was last needed.
    pub(crate) used: Option<Timestamp>,
    /// Whether it is to stay.
    pub(crate) keeps: bool,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, at, person, scope, shown};
    use super::super::tokens::TokenState;
    use super::super::tokens::samples::row;
    use super::*;
    use model::entities::GrantKind;

    pub(crate) fn all(text: Text<'_>) -> Samples {
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
        vec![("narrow", narrow(None)), ("narrow-error", narrow(Some(text("Choose at least one."))))]
    }
}
