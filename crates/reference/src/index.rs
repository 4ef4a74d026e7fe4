//! The first page.

use crate::page::{Block, Cell, Inline, Page, Target, code};
use crate::prose::prose;
use crate::site::Site;

/// The machine-readable files and their descriptions.
const FILES: [(&str, &str); 4] = [
    ("schema.graphql", "The GraphQL schema in its definition language."),
    ("openapi.json", "The HTTP endpoints: OpenAPI 3.1."),
    ("asyncapi.json", "The messages that the program sends: AsyncAPI 3.0."),
    ("config.schema.json", "The configuration: JSON Schema 2020-12."),
];

/// Adds the page that leads to all parts.
pub(crate) fn add(site: &mut Site) {
    let mut page = Page::new("index", "Reference", "");
    page.uid = "reference".to_owned();
    page.title = "Grantor Reference".to_owned();
    page.summary = prose(&format!(
        "The public interfaces of Grantor {}, generated from their declarations.",
        site.version
    ));
    let mut group = "";
    for part in &site.parts {
        if part.group != group {
            group = part.group;
            page.section(group);
            page.blocks.push(Block::Table(vec!["Name", "Description"], Vec::new()));
        }
        let about = site.page(&part.landing).map(|page| page.summary.clone()).unwrap_or_default();
        let link = Inline::Link(Target::Page(part.landing.clone()), vec![Inline::Text(part.title.clone())]);
        if let Some(Block::Table(_, rows)) = page.blocks.last_mut() {
            rows.push(vec![Cell::of(vec![link]), Cell::of(about)]);
        }
    }
    page.section("For programs");
    let row = |(file, about): (&'static str, &str)| {
        vec![Cell::of(vec![Inline::Link(Target::File(file), vec![code(file)])]), Cell::of(prose(about))]
    };
    page.blocks.push(Block::Table(vec!["File", "Description"], FILES.map(row).into()));
    site.pages.insert(0, page);
}
