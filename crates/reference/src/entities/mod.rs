//! The page of an entity, in the order and the words of [`model::details`].

mod details;
pub(crate) use details::values;
mod methods;

use model::{Attribute, Entity, Reference, details as facts};

use crate::page::{Block, Cell, Fact, Inline, Page, Target, Weight, slug, text};
use crate::prose::prose;

/// The folder of the pages.
pub(crate) const FOLDER: &str = "entities";

/// The path of the page of an entity or a namespace, by its full name.
pub(crate) fn path(name: &str) -> String {
    format!("{FOLDER}/{name}")
}

/// A link to the page of an entity, with the entity's name in its namespace.
pub(crate) fn short_link(entity: &Entity) -> Inline {
    Inline::Link(Target::Page(path(&entity.repository())), vec![text(entity.name)])
}

/// A link to the page of an entity.
pub(crate) fn full_link(entity: &Entity) -> Inline {
    Inline::Link(Target::Page(path(&entity.repository())), vec![text(entity.repository())])
}

/// The page of an entity. Examples are addressed to the server at `base_url`.
pub(crate) fn page(entity: &'static Entity, base_url: &str) -> Page {
    let name = entity.repository();
    let mut page = Page::new(path(&name), name.as_str(), "Entities");
    page.uid = name;
    page.summary = prose(entity.description);
    general(&mut page, entity);
    aggregate(&mut page, entity);
    lists(&mut page, entity);
    details::add(&mut page, entity);
    methods::add(&mut page, entity);
    writing(&mut page, entity);
    pending(&mut page);
    rules(&mut page);
    api(&mut page, entity, base_url);
    page
}

fn general(page: &mut Page, entity: &Entity) {
    page.section("General");
    let general = facts::general(entity).into_iter().map(|(label, value)| match label {
        "Namespace" => {
            Fact { label, value: vec![Inline::Link(Target::Page(path(&value)), vec![text(value)])] }
        }
        _ => Fact::new(label, value),
    });
    page.blocks.push(Block::Facts(Weight::Plain, general.collect()));
    page.section("Visualization");
    let facts = facts::visualization(entity).into_iter().map(|(label, value)| Fact::new(label, value));
    page.blocks.push(Block::Facts(Weight::Plain, facts.collect()));
    page.section("Track Changes");
    let (least, greatest) = entity.tracking;
    let level =
        |label, level: model::Tracking| Fact::new(label, format!("{} - {}", level.level(), level.title()));
    let levels = vec![level("Min level", least), level("Max level", greatest)];
    page.blocks.push(Block::Facts(Weight::Plain, levels));
}

fn writing(page: &mut Page, entity: &'static Entity) {
    page.section("Writing");
    page.paragraph(vec![text(
        "What public APIs can write, and the attributes and references that they can set.",
    )]);
    let facts = facts::writing(entity).into_iter().map(|(label, value)| Fact::new(label, value));
    page.blocks.push(Block::Facts(Weight::Plain, facts.collect()));
}

fn aggregate(page: &mut Page, entity: &'static Entity) {
    page.section("Aggregate");
    let concept = Target::Page(crate::concepts::AGGREGATES.to_owned());
    page.paragraph(vec![
        text("An "),
        Inline::Link(concept, vec![text("aggregate")]),
        text(" is a cluster of domain objects that can be treated as a single unit."),
    ]);
    page.paragraph(vec![text("Aggregate Tree")]);
    let item = |(depth, entity): (usize, &'static Entity)| (depth, vec![full_link(entity)]);
    page.blocks.push(Block::List(facts::aggregate(entity).into_iter().map(item).collect()));
    if let Some(owner) = entity.owner() {
        let facts = vec![
            Fact { label: "Aggregate Parent", value: vec![full_link(owner.target())] },
            Fact { label: "Aggregate Root", value: vec![full_link(root(entity))] },
        ];
        page.blocks.push(Block::Facts(Weight::Below, facts));
    }
}

/// The entity at the top of an entity's aggregate.
fn root(entity: &'static Entity) -> &'static Entity {
    entity.owner().map_or(entity, |owner| root(owner.target()))
}

/// The tables of members. What never leaves the server is on no page.
fn lists(page: &mut Page, entity: &'static Entity) {
    let shown = |attribute: &&Attribute| !attribute.secret;
    let own: Vec<_> = entity.own_attributes().into_iter().filter(shown).collect();
    table(page, "Attributes", own.into_iter().map(|attribute| attribute_row(entity, attribute)));
    table(page, "References", entity.references().iter().map(|reference| reference_row(entity, reference)));
    let collections = entity.collections().iter().map(|collection| {
        let tags: Vec<_> = collection.since.map(introduced).into_iter().collect();
        row(entity, collection.name, vec![short_link(collection.target())], collection.description, &tags)
    });
    table(page, "Child Collections", collections);
    table(page, "System Attributes", entity.system_attributes().iter().map(|one| attribute_row(entity, one)));
}

pub(crate) fn introduced(version: &str) -> String {
    format!("Introduced in version {version}")
}

fn table(page: &mut Page, title: &str, rows: impl Iterator<Item = Vec<Cell>>) {
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        page.section(title);
        page.blocks.push(Block::Table(vec!["Name", "Type", "Description"], rows));
    }
}

fn attribute_row(entity: &Entity, attribute: &Attribute) -> Vec<Cell> {
    let kind = attribute_type(&facts::attribute_type(attribute));
    row(entity, attribute.name, kind, attribute.description, &facts::tags(attribute))
}

fn reference_row(entity: &Entity, reference: &Reference) -> Vec<Cell> {
    let tags = facts::reference_tags(reference);
    row(entity, reference.name, reference_type(reference), reference.description, &tags)
}

fn row(entity: &Entity, name: &str, kind: Vec<Inline>, description: &str, tags: &[String]) -> Vec<Cell> {
    let target = Target::Anchor(path(&entity.repository()), slug(name));
    let link = Inline::Link(target, vec![text(name)]);
    vec![Cell::of(vec![link]), Cell::of(kind), Cell::of(described(description, tags))]
}

/// A description with the tags that close it.
fn described(description: &str, tags: &[String]) -> Vec<Inline> {
    let mut all = prose(description);
    for tag in tags {
        if !all.is_empty() {
            all.push(text(" "));
        }
        all.push(Inline::Tag(tag.clone()));
    }
    all
}

/// The type of an attribute, with its nullability standing out.
fn attribute_type(written: &str) -> Vec<Inline> {
    match written.strip_suffix(" __nullable__") {
        Some(kind) => vec![text(format!("{kind} ")), Inline::Strong("nullable".to_owned())],
        None => vec![text(written)],
    }
}

/// The type of a reference, with a link to the entity that it refers to.
fn reference_type(reference: &Reference) -> Vec<Inline> {
    let target = reference.target();
    let written = facts::reference_type(reference);
    let rest = written.strip_prefix(target.name).unwrap_or_default();
    let rest = (!rest.is_empty()).then(|| text(rest));
    [Some(short_link(target)), rest].into_iter().flatten().collect()
}

/// Adds what the documented system has and the service does not have yet.
fn pending(page: &mut Page) {
    page.section("Not Yet");
    page.paragraph(vec![text(
        "What the documented system has and this version does not. A request for it is answered with 501 and the text here.",
    )]);
    let fact = |pending: &model::pending::Pending| Fact::new(pending.subject, pending.text());
    page.blocks.push(Block::Facts(Weight::Plain, model::pending::PENDING.iter().map(fact).collect()));
}

/// Adds the business rules of the model, which has none yet.
fn rules(page: &mut Page) {
    for title in ["Business Rules", "Front-End Business Rules"] {
        page.section(title);
        page.paragraph(vec![text("None")]);
    }
}

fn api(page: &mut Page, entity: &Entity, base_url: &str) {
    page.section("API");
    let set = entity.set_name();
    let url = |path: String| vec![Inline::Link(Target::Url(path.clone()), vec![text(path)])];
    let facts = vec![
        Fact::new("Domain API Entity Set", set.as_str()),
        Fact::new("Domain API Entity Type", entity.type_name()),
        Fact { label: "Domain API Query", value: url(format!("{base_url}/api/domain/odata/{set}?$top=10")) },
        Fact {
            label: "Domain API Query Builder",
            value: url(format!("{base_url}/api/domain/querybuilder#{set}?$top=10")),
        },
    ];
    page.blocks.push(Block::Facts(Weight::Below, facts));
}
