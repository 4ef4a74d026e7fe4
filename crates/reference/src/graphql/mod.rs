//! A page for every type of the GraphQL schema, and for every query, mutation and subscription.

mod members;
mod usage;

use crate::introspection::{Directive, Field, Schema, Type, TypeKind, TypeRef};
use crate::page::{Block, Fact, Inline, Kind, Page, Target, Weight, code, text};
use crate::prose::{paragraphs, prose};
use crate::site::{Site, kind, landing};
use members::{fields, inputs, values};
use usage::Usage;

/// The group of the navigation.
const GROUP: &str = "GraphQL";
/// The last part of titles.
const API: &str = "GraphQL API";

/// A kind of pages: the title of its part, its pill, and the summary of its landing page.
struct Sort {
    title: &'static str,
    kind: Kind,
    about: &'static str,
}

const QUERIES: Sort = Sort { title: "Queries", kind: kind("QUERY", "query"), about: "The queries." };
const MUTATIONS: Sort =
    Sort { title: "Mutations", kind: kind("MUTATION", "mutation"), about: "What can be done." };
const SUBSCRIPTIONS: Sort = Sort {
    title: "Subscriptions",
    kind: kind("SUBSCRIPTION", "subscription"),
    about: "The events that clients can subscribe to.",
};
const DIRECTIVES: Sort = Sort {
    title: "Directives",
    kind: kind("DIRECTIVE", "directive"),
    about: "What documents and the schema are marked with.",
};

const TYPES: [(TypeKind, Sort); 6] = [
    (
        TypeKind::Object,
        Sort { title: "Objects", kind: kind("OBJECT", "object"), about: "Things with fields." },
    ),
    (
        TypeKind::Interface,
        Sort {
            title: "Interfaces",
            kind: kind("INTERFACE", "interface"),
            about: "What several objects have in common.",
        },
    ),
    (
        TypeKind::Union,
        Sort { title: "Unions", kind: kind("UNION", "union"), about: "One of several objects." },
    ),
    (TypeKind::Enum, Sort { title: "Enums", kind: kind("ENUM", "enum"), about: "One of several values." }),
    (
        TypeKind::InputObject,
        Sort {
            title: "Input objects",
            kind: kind("INPUT_OBJECT", "input_object"),
            about: "What arguments are made of.",
        },
    ),
    (
        TypeKind::Scalar,
        Sort { title: "Scalars", kind: kind("SCALAR", "scalar"), about: "Values without fields." },
    ),
];

/// Adds the pages of a schema.
pub(crate) fn add(site: &mut Site, schema: &Schema) {
    let usage = Usage::of(schema);
    let root = |name: Option<&str>| schema.types.iter().find(|kind| Some(kind.name.as_str()) == name);
    let operations = [
        (&QUERIES, root(Some(&schema.query_type.name))),
        (&MUTATIONS, root(schema.mutation_type.as_ref().map(|named| named.name.as_str()))),
        (&SUBSCRIPTIONS, root(schema.subscription_type.as_ref().map(|named| named.name.as_str()))),
    ];
    for (sort, root) in operations {
        let fields = root.and_then(|root| root.fields.as_ref()).into_iter().flatten();
        part(site, sort, fields.map(|field| operation(sort, field, schema)).collect());
    }
    for (kind, sort) in &TYPES {
        let types = schema.types.iter().filter(|one| one.kind == *kind && !one.is_built_into_introspection());
        part(site, sort, types.map(|one| type_page(sort, one, &usage)).collect());
    }
    part(site, &DIRECTIVES, schema.directives.iter().map(directive).collect());
}

fn part(site: &mut Site, sort: &Sort, mut pages: Vec<Page>) {
    if pages.is_empty() {
        return;
    }
    pages.sort_by_key(|page| page.heading.to_lowercase());
    let path = format!("graphql/{}", sort.kind.word);
    site.part(GROUP, landing(&path, sort.title, API, prose(sort.about), &pages), pages);
}

fn new_page(sort: &Sort, name: &str, description: Option<&str>) -> Page {
    let mut page = Page::new(path(sort.kind.word, name), name, &format!("{} – {API}", sort.title));
    page.kind = Some(sort.kind);
    let mut described = paragraphs(description.unwrap_or_default()).into_iter();
    page.summary = described.next().unwrap_or_default();
    described.for_each(|paragraph| page.paragraph(paragraph));
    page
}

/// The path of a page: its kind and its name.
fn path(word: &str, name: &str) -> String {
    format!("graphql/{word}/{}", name.to_lowercase())
}

fn operation(sort: &Sort, field: &Field, schema: &Schema) -> Page {
    let mut page = new_page(sort, &field.name, field.description.as_deref());
    deprecated(&mut page, field.deprecation_reason.as_deref());
    if !field.args.is_empty() {
        let mut arguments = inputs(&field.args);
        for (argument, input) in arguments.iter_mut().zip(&field.args) {
            if argument.description.is_empty() {
                argument.description = about_input(schema, &input.type_ref);
            }
        }
        page.blocks.push(Block::Members("Arguments", arguments));
    }
    page.section("Type");
    page.blocks.push(Block::Pills(vec![type_pill(&field.type_ref)]));
    page
}

/// Returns the description of an input type, for arguments of the type without their own description.
fn about_input(schema: &Schema, type_ref: &TypeRef) -> Vec<Vec<Inline>> {
    let is_it = |one: &&Type| one.kind == TypeKind::InputObject && one.name == type_ref.type_name();
    let description = schema.types.iter().find(is_it).and_then(|one| one.description.as_deref());
    paragraphs(description.unwrap_or_default())
}

/// Returns the description of a scalar that every schema has (GraphQL, section 3.5).
fn about_scalar(name: &str) -> Option<&'static str> {
    match name {
        "ID" => Some("An identifier, written as text; it is opaque."),
        "String" => Some("Text in Unicode."),
        "Boolean" => Some("`true` or `false`."),
        "Int" => Some("A whole number of 32 bits."),
        "Float" => Some("A number of double precision (IEEE 754)."),
        _ => None,
    }
}

fn type_page(sort: &Sort, one: &Type, usage: &Usage) -> Page {
    let mut page = new_page(sort, &one.name, one.description.as_deref().or_else(|| about_scalar(&one.name)));
    if let Some(url) = &one.specified_by_url {
        let link = Inline::Link(Target::Url(url.clone()), vec![text(url.as_str())]);
        page.blocks
            .push(Block::Facts(Weight::Plain, vec![Fact { label: "Specified by", value: vec![link] }]));
    }
    let lists = [
        ("Fields", one.fields.as_deref().map(fields)),
        ("Input fields", one.input_fields.as_deref().map(inputs)),
        ("Values", one.enum_values.as_deref().map(values)),
    ];
    for (title, members) in lists {
        if let Some(members) = members.filter(|members| !members.is_empty()) {
            page.blocks.push(Block::Members(title, members));
        }
    }
    pills(&mut page, "Interfaces", one.interfaces.as_deref());
    let possible = if one.kind == TypeKind::Interface { "Implemented by" } else { "Possible types" };
    pills(&mut page, possible, one.possible_types.as_deref());
    let used = usage.of_type(&one.name);
    if !used.is_empty() {
        page.section("Used by");
        page.blocks.push(Block::List(used.into_iter().map(|link| (0, vec![link])).collect()));
    }
    page
}

fn directive(directive: &Directive) -> Page {
    let mut page = new_page(&DIRECTIVES, &format!("@{}", directive.name), directive.description.as_deref());
    page.path = path(DIRECTIVES.kind.word, &directive.name);
    page.uid = format!("reference.graphql.directive.{}", directive.name.to_lowercase());
    if !directive.args.is_empty() {
        page.blocks.push(Block::Members("Arguments", inputs(&directive.args)));
    }
    page.section("Locations");
    let location = |location: &String| (0, vec![code(location.as_str())]);
    page.blocks.push(Block::List(directive.locations.iter().map(location).collect()));
    page
}

fn deprecated(page: &mut Page, reason: Option<&str>) {
    if let Some(reason) = reason {
        page.paragraph(members::deprecation(reason));
    }
}

fn pills(page: &mut Page, title: &str, types: Option<&[TypeRef]>) {
    let types = types.unwrap_or_default();
    if !types.is_empty() {
        page.section(title);
        page.blocks.push(Block::Pills(types.iter().map(type_pill).collect()));
    }
}

/// A link to the page of a type.
fn type_pill(type_ref: &TypeRef) -> Inline {
    let inner = type_ref.innermost();
    let sort = TYPES
        .iter()
        .find(|(kind, _)| *kind == inner.kind)
        .map_or(kind("TYPE", "type"), |(_, sort)| sort.kind);
    let name = type_ref.type_name();
    Inline::Pill(Target::Page(path(sort.word, name)), sort, name.to_owned(), type_ref.written())
}
