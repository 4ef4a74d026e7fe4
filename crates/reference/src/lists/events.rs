//! The page of the messages that the program sends.

use super::GROUP;
use crate::Event;
use crate::asyncapi::subscriptions;
use crate::http::{Field, Kind};
use crate::introspection::{self, EnumValue, Schema, Type};
use crate::page::{Block, Cell, Fact, Inline, Page, Target, Weight, anchor, code, text};
use crate::prose::prose;
use crate::site::Site;

/// The name of the file with the description for programs.
pub(crate) const FILE: &str = "asyncapi.json";

/// Adds the page, if there are messages.
pub(crate) fn add(site: &mut Site, events: &[Event], schema: &Schema) {
    let fields: Vec<_> = subscriptions(schema).collect();
    if events.is_empty() && fields.is_empty() {
        return;
    }
    let mut page = Page::new("events", "Events", GROUP);
    page.summary = prose("The messages that the program sends when something happens.");
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
        if !event.claims.is_empty() {
            page.blocks
                .push(Block::Table(vec!["Claim", "Description"], event.claims.iter().map(row).collect()));
        }
    }
    if !fields.is_empty() {
        page.section("GraphQL subscriptions");
        let row = |field: &&introspection::Field| {
            let path = Target::Page(format!("graphql/subscription/{}", field.name.to_lowercase()));
            let link = Inline::Link(path, vec![code(field.name.as_str())]);
            vec![Cell::of(vec![link]), Cell::of(prose(field.description.as_deref().unwrap_or_default()))]
        };
        page.blocks.push(Block::Table(vec!["Name", "Description"], fields.iter().map(row).collect()));
    }
    for (owner, field, values) in enumerations(schema) {
        let name = format!("{}.{}", owner.name, field.name);
        page.blocks.push(Block::Heading(2, name.clone(), anchor(&name)));
        page.paragraph(prose(field.description.as_deref().unwrap_or_default()));
        let row = |value: &EnumValue| {
            vec![
                Cell::of(vec![code(value.name.as_str())]),
                Cell::of(prose(value.description.as_deref().unwrap_or_default())),
            ]
        };
        page.blocks.push(Block::Table(vec!["Value", "Description"], values.iter().map(row).collect()));
    }
    site.single(GROUP, page);
}

/// The fields of subscriptions that are enumerations, with their values.
fn enumerations(schema: &Schema) -> Vec<(&Type, &introspection::Field, &[EnumValue])> {
    let find = |name: &str| schema.types.iter().find(|one| one.name == name);
    let mut owners: Vec<&Type> = Vec::new();
    for owner in subscriptions(schema).filter_map(|field| find(field.type_ref.type_name())) {
        if !owners.iter().any(|known| known.name == owner.name) {
            owners.push(owner);
        }
    }
    let fields =
        owners.into_iter().flat_map(|owner| owner.fields.iter().flatten().map(move |field| (owner, field)));
    fields
        .filter_map(|(owner, field)| {
            Some((owner, field, find(field.type_ref.type_name())?.enum_values.as_deref()?))
        })
        .collect()
}

fn row(field: &Field) -> Vec<Cell> {
    vec![Cell::of(vec![code(field.name)]), Cell::of(prose(field.description))]
}
