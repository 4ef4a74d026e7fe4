//! One repository of the model as JSON.

use model::Entity;
use serde::Serialize;

use super::members::{
    AttributeDetails, CollectionDetails, Described, MethodDetails, ReferenceDetails, attribute, collection,
    method, reference,
};
use super::words::words;

/// A repository, in brief or with details.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Repository {
    /// The name of the set in URLs.
    name: String,
    table_name: &'static str,
    repository_name: String,
    localized_name: String,
    localized_description: &'static str,
    is_aggregate_root: bool,
    aggregate_parent: Option<String>,
    aggregate_root: String,
    /// The type of a row in payloads.
    object_type: String,
    category: &'static str,
    #[serde(rename = "UIVisibility")]
    ui_visibility: &'static str,
    #[serde(flatten)]
    details: Option<RepositoryDetails>,
    attributes: Vec<Described<AttributeDetails>>,
    references: Vec<Described<ReferenceDetails>>,
    child_collections: Vec<Described<CollectionDetails>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<Vec<MethodDetails>>,
}

/// What is said of a repository with details.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RepositoryDetails {
    introduced_in_version: &'static str,
    #[serde(rename = "ApiAccess")]
    api_access: &'static str,
    display_text_format: &'static str,
    search_members: &'static [&'static str],
    code_member: Option<&'static str>,
    name_member: Option<&'static str>,
    min_tracking_level: u8,
    max_tracking_level: u8,
}

impl Repository {
    /// What the model says of an entity. What never leaves the server is not mentioned.
    pub(super) fn new(entity: &'static Entity, detailed: bool) -> Self {
        let shown = entity.attributes().filter(|attribute| !attribute.secret);
        Self {
            name: entity.set_name(),
            table_name: entity.table,
            repository_name: entity.repository(),
            localized_name: words(entity.name),
            localized_description: entity.description,
            is_aggregate_root: entity.owner().is_none(),
            aggregate_parent: entity.owner().map(|owner| owner.target().repository()),
            aggregate_root: root(entity).repository(),
            object_type: odata::metadata::entity_type_name(entity),
            category: entity.category,
            ui_visibility: entity.ui.title(),
            details: detailed.then(|| details(entity)),
            attributes: shown.map(|member| attribute(entity, member, detailed)).collect(),
            references: entity
                .references()
                .iter()
                .map(|member| reference(entity, member, detailed))
                .collect(),
            child_collections: entity
                .collections()
                .iter()
                .map(|member| collection(entity, member, detailed))
                .collect(),
            methods: detailed.then(|| entity.methods().iter().map(method).collect()),
        }
    }
}

fn details(entity: &'static Entity) -> RepositoryDetails {
    RepositoryDetails {
        introduced_in_version: entity.since,
        api_access: entity.api_access.title(),
        display_text_format: entity.display_format,
        search_members: entity.search_members,
        code_member: entity.code,
        name_member: entity.title,
        min_tracking_level: entity.tracking.0.level(),
        max_tracking_level: entity.tracking.1.level(),
    }
}

/// The entity at the top of an entity's aggregate.
fn root(entity: &'static Entity) -> &'static Entity {
    entity.owner().map_or(entity, |owner| root(owner.target()))
}
