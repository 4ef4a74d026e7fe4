//! The pages of namespaces, and of what belongs to them.

use std::collections::BTreeMap;

use model::{Entity, EnumType, ParameterType};

use crate::entities::{self, path};
use crate::page::{Block, Page, anchor, text};
use crate::prose::prose;
use crate::site::{Site, landing};

/// The group of everything about the registry.
pub(crate) const GROUP: &str = "Registry";

/// Adds a page for each namespace, and below it the pages of its entities.
pub(crate) fn add(site: &mut Site, all: &[&'static Entity], base_url: &str) {
    let mut namespaces: BTreeMap<String, Vec<Page>> = BTreeMap::new();
    for entity in all {
        namespaces.entry(entity.namespace.to_owned()).or_default().push(entities::page(entity, base_url));
    }
    for (repository, enumerations) in named_only(all) {
        let namespace = repository.rsplit_once('.').map_or(repository, |(namespace, _)| namespace);
        namespaces.entry(namespace.to_owned()).or_default().push(named_page(repository, &enumerations));
    }
    for (namespace, mut pages) in namespaces {
        pages.sort_by(|left, right| left.heading.cmp(&right.heading));
        let about = format!("The entities of the namespace `{namespace}`.");
        let mut page = landing(&path(&namespace), &namespace, "Namespaces", prose(&about), &pages);
        page.uid = namespace;
        site.part(GROUP, page, pages);
    }
}

/// Repositories that methods name and the model does not have, with the enumerations that belong to their attributes.
fn named_only(all: &[&'static Entity]) -> BTreeMap<&'static str, Vec<&'static EnumType>> {
    let mut found: BTreeMap<&str, Vec<&EnumType>> = BTreeMap::new();
    let parameters = all.iter().flat_map(|entity| entity.methods()).flat_map(|method| method.parameters);
    for parameter in parameters {
        let (repository, enumeration) = match parameter.parameter_type {
            ParameterType::Row(repository) => (repository, None),
            ParameterType::Enum(enumeration) => (enumeration.scope.unwrap_or_default(), Some(enumeration)),
            ParameterType::Text
            | ParameterType::Bool
            | ParameterType::Int32
            | ParameterType::DateTime
            | ParameterType::Objects => {
                continue;
            }
        };
        if all.iter().any(|entity| entity.repository() == repository) {
            continue;
        }
        let known = found.entry(repository).or_default();
        known.extend(enumeration.filter(|kind| known.iter().all(|known| known.name != kind.name)));
    }
    found
}

fn named_page(repository: &str, enumerations: &[&'static EnumType]) -> Page {
    let mut page = Page::new(path(repository), repository, "Entities");
    page.uid = repository.to_owned();
    page.summary = prose("Methods name this repository; the service does not offer it as a set.");
    page.section("Attribute Details");
    for enumeration in enumerations {
        page.subsection(enumeration.name, anchor(enumeration.name));
        page.paragraph(vec![text("Its values, as parameters of methods take them.")]);
        page.blocks.push(Block::Table(vec!["Value", "Description"], entities::values(enumeration)));
    }
    page
}
