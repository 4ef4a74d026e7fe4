//! One repository of the model as JSON.

use model::Entity;
use serde::Serialize;

use super::members::{
    AttributeDetails, CollectionDetails, MethodDetails, ReferenceDetails, attribute, collection, method,
    reference,
};
use super::words::words;

/// A repository: in the list without members and without what is null, by itself with all details.
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
    /// Null with details; absent without.
    #[serde(skip_serializing_if = "Parent::is_absent")]
    aggregate_parent: Parent,
    aggregate_root: String,
    /// The type of a row in payloads.
    object_type: String,
    category: &'static str,
    #[serde(rename = "UIVisibility")]
    ui_visibility: &'static str,
    #[serde(flatten)]
    details: Option<RepositoryDetails>,
}

/// The set of the entity above in the aggregate.
#[derive(Serialize)]
#[serde(untagged)]
enum Parent {
    Set(String),
    Null(Option<()>),
    #[serde(skip)]
    Absent,
}

impl Parent {
    const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// What a repository says with details: its members, then what only this server says.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RepositoryDetails {
    attributes: Vec<AttributeDetails>,
    references: Vec<ReferenceDetails>,
    child_collections: Vec<CollectionDetails>,
    methods: Vec<MethodDetails>,
    introduced_in_version: &'static str,
    api_access: &'static str,
    display_text_format: &'static str,
    search_members: &'static [&'static str],
    code_member: Option<&'static str>,
    name_member: Option<&'static str>,
    min_tracking_level: u8,
    max_tracking_level: u8,
}

impl Repository {
    /// Describes an entity. What never leaves the server is not mentioned.
    pub(super) fn new(entity: &'static Entity, detailed: bool) -> Self {
        let parent = entity.owner().map(|owner| Parent::Set(owner.target().set_name()));
        Self {
            name: entity.set_name(),
            table_name: entity.table,
            repository_name: entity.repository(),
            localized_name: words(entity.name),
            localized_description: entity.description,
            is_aggregate_root: entity.owner().is_none(),
            aggregate_parent: parent.unwrap_or(if detailed { Parent::Null(None) } else { Parent::Absent }),
            aggregate_root: root(entity).set_name(),
            object_type: odata::metadata::entity_type_name(entity),
            category: entity.category,
            ui_visibility: entity.ui.title(),
            details: detailed.then(|| details(entity)),
        }
    }
}

fn details(entity: &'static Entity) -> RepositoryDetails {
    let shown = entity.attributes().filter(|attribute| !attribute.secret);
    let collections = entity.collections().iter().enumerate();
    RepositoryDetails {
        attributes: shown.map(|member| attribute(entity, member)).collect(),
        references: entity.references().iter().map(|member| reference(entity, member)).collect(),
        child_collections: collections.map(|(index, member)| collection(entity, index, member)).collect(),
        methods: entity.methods().iter().chain(entity.actions).map(|own| method(entity, own)).collect(),
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
