//! The sections of the members, below the tables.

use model::{Attribute, DataType, Entity, EnumType, Reference, details as facts};

use super::{attribute_type, described, introduced, reference_type, short_link};
use crate::page::{Block, Cell, Fact, Inline, Page, Weight, slug, text};

pub(super) fn add(page: &mut Page, entity: &'static Entity) {
    page.section("Attribute Details");
    let own = entity.own_attributes();
    let all = own.into_iter().chain(entity.system_attributes()).filter(|attribute| !attribute.secret);
    for attribute in all {
        add_attribute(page, entity, attribute);
    }
    if !entity.references().is_empty() {
        page.section("Reference Details");
    }
    for reference in entity.references() {
        add_reference(page, reference);
    }
    if !entity.collections().is_empty() {
        page.section("Child Collection Details");
    }
    for collection in entity.collections() {
        let tags: Vec<_> = collection.since.map(introduced).into_iter().collect();
        head(page, collection.name, collection.description, &tags);
        let owner = Fact::new("Reference", collection.via);
        let facts = vec![Fact { label: "Type", value: vec![short_link(collection.target())] }, owner];
        page.blocks.push(Block::Facts(Weight::Bold, facts));
    }
}

fn head(page: &mut Page, name: &str, description: &str, tags: &[String]) {
    page.subsection(name, slug(name));
    page.paragraph(described(description, tags));
}

fn add_attribute(page: &mut Page, entity: &Entity, attribute: &Attribute) {
    head(page, attribute.name, attribute.description, &facts::tags(attribute));
    let fact = |(label, value): facts::Row| match label {
        "Type" => Fact { label, value: attribute_type(&value) },
        _ => Fact::new(label, value),
    };
    let facts = facts::attribute(attribute).into_iter().chain(facts::beyond(attribute)).map(fact).collect();
    page.blocks.push(Block::Facts(Weight::Bold, facts));
    if let DataType::Enum(enumeration) = attribute.data_type {
        page.paragraph(allowed(&format!("{}Repository.{}", entity.repository(), enumeration.name)));
        page.blocks.push(Block::Table(vec!["Value", "Description"], values(enumeration)));
    }
}

fn add_reference(page: &mut Page, reference: &Reference) {
    head(page, reference.name, reference.description, &facts::reference_tags(reference));
    let fact = |(label, value): facts::Row| match label {
        "Type" => Fact { label, value: reference_type(reference) },
        _ => Fact::new(label, value),
    };
    let facts = facts::reference(reference).into_iter().map(fact).collect();
    page.blocks.push(Block::Facts(Weight::Bold, facts));
}

/// Of which enumeration the values are that follow.
pub(super) fn allowed(enumeration: &str) -> Vec<Inline> {
    vec![text(format!("Allowed Values ({enumeration} Enum Members)"))]
}

/// The members of an enumeration, as rows.
pub(crate) fn values(enumeration: &EnumType) -> Vec<Vec<Cell>> {
    let row = |member: &model::Member| {
        let value = facts::allowed_value(member);
        let [first, rest @ ..] = value.lines;
        let more = rest.into_iter().flat_map(|line| [text(" "), Inline::Break, text(" "), text(line)]);
        let lines = [text(first)].into_iter().chain(more).collect();
        vec![Cell::of(vec![text(value.name)]), Cell::of(lines)]
    };
    enumeration.members.iter().map(row).collect()
}
