use askama::Template;

use super::filters;
use super::shell::{Section, Shell};
use super::tokens::{MadeRow, TokenRow};

/// Shows what will be revoked, and asks for a confirmation; posts to `/tokens/{id}/revoke` with `confirm` = `yes`.
#[derive(Template)]
#[template(path = "revoke.html")]
pub(crate) struct RevokePage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The grant.
    pub(crate) token: TokenRow,
    /// How many grants came from it and will be revoked with it.
    pub(crate) descendants: u64,
    /// The tokens that were created with it and remain valid.
    pub(crate) made: Vec<MadeRow>,
    /// The page that lists it.
    pub(crate) back: String,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, person, shown};
    use super::super::tokens::TokenState;
    use super::super::tokens::samples::{made, row};
    use super::*;
    use model::entities::GrantKind;

    pub(crate) fn all(text: Text<'_>) -> Samples {
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
        vec![("revoke", revoke(0)), ("revoke-one", revoke(1)), ("revoke-many", revoke(12))]
    }
}
