//! The service described: `$metadata` as CSDL XML and CSDL JSON, and the service document.

mod capabilities;
mod csdl_json;
mod csdl_xml;
mod describe;
mod description;
mod functions;
mod xml;

use model::{DataType, Entity, EnumType, ReturnType};

use crate::control_names::control_names;
use crate::negotiate::{MetadataLevel, Version};

/// The vocabulary of groups.
const AGGREGATION: &str = "Org.OData.Aggregation.V1";

/// The namespace of all types.
pub const NAMESPACE: &str = "Erp";
/// The version of the schema, which is that of the product.
pub const SCHEMA_VERSION: &str = env!("CARGO_PKG_VERSION");
/// The name of the entity container.
const CONTAINER: &str = "Container";
/// The term that says what a filter may do with a property.
const SUPPORTED_FILTERS: &str = "SupportedFilters";

/// The enumerations that attributes have as their type, in the order in which they first appear.
pub fn enum_types() -> Vec<&'static EnumType> {
    let mut types: Vec<&'static EnumType> = Vec::new();
    for attribute in model::entities().flat_map(Entity::attributes) {
        if let DataType::Enum(kind) = attribute.data_type
            && types.iter().all(|known| known.name != kind.name)
        {
            types.push(kind);
        }
    }
    types
}

/// `$metadata` as XML (OData CSDL XML 4.01).
pub fn metadata_xml(version: Version) -> String {
    csdl_xml::write(&describe::schema(), version)
}

/// `$metadata` as JSON (OData CSDL JSON 4.01).
pub fn metadata_json(version: Version) -> Vec<u8> {
    csdl_json::write(&describe::schema(), version)
}

/// The service document as JSON (OData JSON 4.01, section 5); `root` is the absolute URL of the service, with a
/// slash at its end.
pub fn service_document(root: &str, version: Version, level: MetadataLevel) -> String {
    let sets: Vec<_> = model::entities()
        .map(Entity::set_name)
        .map(|set| serde_json::json!({ "name": set, "kind": "EntitySet", "url": set }))
        .collect();
    let mut document = serde_json::json!({ "value": sets });
    if level != MetadataLevel::None {
        document[control_names(version).context] = format!("{root}$metadata").into();
    }
    document.to_string()
}

/// The name of a data type in CSDL.
pub(crate) fn type_name(data_type: DataType) -> String {
    match data_type {
        DataType::Text => "Edm.String".to_owned(),
        DataType::DateTime => "Edm.DateTimeOffset".to_owned(),
        DataType::Guid => "Edm.Guid".to_owned(),
        DataType::Int32 => "Edm.Int32".to_owned(),
        DataType::Bool => "Edm.Boolean".to_owned(),
        DataType::Enum(kind) => format!("{NAMESPACE}.{}", kind.name),
    }
}

/// The full name of what a method gives; none where that is nothing, or the row itself.
pub(crate) fn return_type_name(kind: ReturnType) -> Option<String> {
    match kind {
        ReturnType::CollectionOf(name) => Some(format!("Collection({NAMESPACE}.{name})")),
        ReturnType::Void | ReturnType::EntityObject => None,
    }
}

/// The full name of an entity's type.
pub fn entity_type_name(entity: &Entity) -> String {
    format!("{NAMESPACE}.{}", entity.type_name())
}
