//! The pages of the HTTP endpoints, one per group.

use std::collections::BTreeSet;

use super::GROUP;
use crate::http::{Access, Answer, Endpoint, Field, Kind, Place, Tag};
use crate::page::{Block, Cell, Fact, Inline, Page, Target, Weight, anchor, code, text};
use crate::prose::prose;
use crate::site::{Site, landing};

/// The name of the OpenAPI file.
pub(crate) const FILE: &str = "openapi.json";

pub(crate) fn add(site: &mut Site, endpoints: &[Endpoint]) {
    let tags: BTreeSet<_> = endpoints.iter().map(|endpoint| endpoint.tag).collect();
    if tags.is_empty() {
        return;
    }
    let pages: Vec<_> = tags.into_iter().map(|tag| page(tag, endpoints)).collect();
    let about = prose("The HTTP endpoints, apart from OData queries and GraphQL documents.");
    let mut landing = landing("http", "HTTP endpoints", GROUP, about, &pages);
    let file = Inline::Link(Target::File(FILE), vec![code(FILE)]);
    landing.blocks.insert(0, Block::Paragraph(vec![text("The same as OpenAPI 3.1: "), file, text(".")]));
    site.part(GROUP, landing, pages);
}

fn page(tag: Tag, endpoints: &[Endpoint]) -> Page {
    let name = tag.name();
    let mut page = Page::new(format!("http/{}", anchor(name)), name, "HTTP endpoints");
    let own: Vec<_> = endpoints.iter().filter(|endpoint| endpoint.tag == tag).collect();
    let names: Vec<_> = own.iter().map(|endpoint| lower_first(endpoint.summary)).collect();
    let mut about = names.join("; ");
    if let Some(first) = about.get(..1) {
        about = format!("{}{}.", first.to_uppercase(), &about[1..]);
    }
    page.summary = prose(&about);
    for endpoint in own {
        add_endpoint(&mut page, endpoint);
    }
    page
}

fn lower_first(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        // A word in capitals stays as it is.
        (Some(first), Some(second)) if !second.is_uppercase() => {
            format!("{}{}", first.to_lowercase(), &text[first.len_utf8()..])
        }
        _ => text.to_owned(),
    }
}

fn add_endpoint(page: &mut Page, endpoint: &Endpoint) {
    let name = format!("{} {}", endpoint.method.key().to_uppercase(), endpoint.described_path());
    page.blocks.push(Block::Heading(2, name, anchor(endpoint.id)));
    page.paragraph(prose(endpoint.summary));
    page.paragraph(prose(endpoint.description));
    let access = match endpoint.access {
        Access::Public => "nothing",
        Access::Client => "client authentication, unless the client is public",
        Access::Token => "an access token",
        Access::OptionalToken => "an access token (optional)",
        Access::Session => "the session of a user who is signed in to the pages",
    };
    page.blocks.push(Block::Facts(Weight::Plain, vec![Fact::new("Needs", access)]));
    let place = |place: Place| match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
    };
    let parameters = endpoint.parameters.iter().map(|parameter| (parameter.field, place(parameter.place)));
    let media = endpoint.body.map(|body| body.media).unwrap_or_default();
    let sent = endpoint.body.map(|body| fields(body.kind)).unwrap_or_default();
    let rows: Vec<_> = parameters
        .chain(sent.iter().map(|field| (*field, "body")))
        .map(|(field, place)| row(&field, place))
        .collect();
    if !media.is_empty() {
        page.paragraph(vec![text("The body is "), code(media), text(".")]);
    }
    if !rows.is_empty() {
        page.blocks.push(Block::Table(vec!["Name", "In", "Type", "Description"], rows));
    }
    let rows = endpoint.answers.iter().flat_map(answer).collect();
    page.blocks.push(Block::Table(vec!["Status", "Type", "Description"], rows));
}

fn row(field: &Field, place: &str) -> Vec<Cell> {
    let mut description = prose(field.description);
    if field.required {
        description.extend([text(" "), Inline::Tag("Required".to_owned())]);
    }
    vec![
        Cell::of(vec![code(field.name)]),
        Cell::of(vec![text(place)]),
        Cell::of(kind(field.kind)),
        Cell::of(description),
    ]
}

/// Returns the rows of a response: its own, and the fields of its body.
fn answer(answer: &Answer) -> Vec<Vec<Cell>> {
    let media = answer.body.map(|body| code(body.media));
    let own = vec![
        Cell::of(vec![text(answer.status.to_string())]),
        Cell::of(media.into_iter().collect()),
        Cell::of(prose(answer.description)),
    ];
    let fields = answer.body.map(|body| fields(body.kind)).unwrap_or_default();
    let rows = fields.iter().map(|field| {
        vec![Cell::of(vec![code(field.name)]), Cell::of(kind(field.kind)), Cell::of(prose(field.description))]
    });
    [own].into_iter().chain(rows).collect()
}

fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Object(fields) | Kind::Objects(fields) => fields,
        _ => &[],
    }
}

/// Returns the type of a value in words.
fn kind(kind: Kind) -> Vec<Inline> {
    let word = match kind {
        Kind::Text => "text",
        Kind::Uri => "address",
        Kind::Uuid => "guid",
        Kind::Integer => "whole number",
        Kind::Boolean => "truth value",
        Kind::Texts => "list of texts",
        Kind::Objects(_) => "list of objects",
        Kind::Object(_) => "object",
        Kind::Any => "any",
        Kind::OneOf(values) => {
            let values = values.iter().flat_map(|value| [text(", "), code(*value)]);
            return values.skip(1).collect();
        }
    };
    vec![text(word)]
}
