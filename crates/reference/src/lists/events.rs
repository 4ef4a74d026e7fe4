//! The page of what the program tells others by itself.

use super::GROUP;
use crate::Event;
use crate::asyncapi::subscriptions;
use crate::http::{Field, Kind};
use crate::introspection::Schema;
use crate::page::{Block, Cell, Fact, Inline, Page, Target, Weight, anchor, code, text};
use crate::prose::prose;
use crate::site::Site;

/// The name of the file with the description for programs.
pub(crate) const FILE: &str = "asyncapi.json";

/// Adds the page, if there is anything to tell.
pub(crate) fn add(site: &mut Site, events: &[Event], schema: &Schema) {
    let told: Vec<_> = subscriptions(schema).collect();
    if events.is_empty() && told.is_empty() {
        return;
    }
    let mut page = Page::new("events", "Events", GROUP);
    page.summary = prose("What the program tells others of as it happens, without being asked.");
    let file = Inline::Link(Target::File(FILE), vec![code(FILE)]);
    page.paragraph(vec![text("The same as AsyncAPI 3.0: "), file, text(".")]);
    for event in events {
        page.blocks.push(Block::Heading(2, event.title.to_owned(), anchor(event.id)));
        page.paragraph(prose(event.summary));
        page.paragraph(prose(event.description));
        let media = Fact { label: "Content type", value: vec![code(event.body.media)] };
        page.blocks.push(Block::Facts(Weight::Plain, vec![media]));
        if let Kind::Object(fields) = event.body.kind {
            page.blocks.push(Block::Table(vec!["Name", "Description"], fields.iter().map(row).collect()));
        }
    }
    if !told.is_empty() {
        page.section("GraphQL subscriptions");
        let row = |field: &&crate::introspection::Field| {
            let path = Target::Page(format!("graphql/subscription/{}", field.name.to_lowercase()));
            let link = Inline::Link(path, vec![code(field.name.as_str())]);
            vec![Cell::of(vec![link]), Cell::of(prose(field.description.as_deref().unwrap_or_default()))]
        };
        page.blocks.push(Block::Table(vec!["Name", "Description"], told.iter().map(row).collect()));
    }
    site.single(GROUP, page);
}

fn row(field: &Field) -> Vec<Cell> {
    vec![Cell::of(vec![code(field.name)]), Cell::of(prose(field.description))]
}
