//! The page of the permissions.

use super::GROUP;
use crate::Scope;
use crate::page::{Block, Cell, Page};
use crate::prose::prose;

pub(crate) fn page(scopes: &[Scope]) -> Page {
    let mut page = Page::new("scopes", "Scopes", GROUP);
    page.summary = prose(
        "What a grant may be used for. An application is granted none but those that it is registered with; it may \
         have others of its own.",
    );
    let row = |scope: &Scope| vec![Cell::named(&scope.name), Cell::of(prose(&scope.description))];
    page.blocks.push(Block::Table(vec!["Scope", "Description"], scopes.iter().map(row).collect()));
    page
}
