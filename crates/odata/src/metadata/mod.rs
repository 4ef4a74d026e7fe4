//! `$metadata` as CSDL XML and CSDL JSON, and the service document.

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

/// The aggregation vocabulary.
const AGGREGATION: &str = "Org.OData.Aggregation.V1";

/// Namespace of all types.
pub const NAMESPACE: &str = "Erp";
/// Version of the schema: that of the product.
pub const SCHEMA_VERSION: &str = env!("CARGO_PKG_VERSION");
/// Name of the entity container.
const CONTAINER: &str = "Container";
/// Term for the filters that a property supports.
const SUPPORTED_FILTERS: &str = "SupportedFilters";

/// Returns the enumerations that are types of attributes, in the order of their first use.
///
/// ```
/// let kinds = odata::metadata::enum_types();
/// assert!(kinds.iter().any(|kind| kind.name == "GrantKind"));
/// ```
pub fn enum_types() -> Vec<&'static EnumType> {
    let mut types: Vec<&'static EnumType> = Vec::new();
    for attribute in model::entities().flat_map(Entity::attributes) {
        if let DataType::Enum(kind) = attribute.data_type
            && types.iter().all(|known| known.wire_name() != kind.wire_name())
        {
            types.push(kind);
        }
    }
    types
}

/// Returns `$metadata` as XML (OData CSDL XML 4.01).
///
/// ```
/// use odata::metadata::metadata_xml;
/// use odata::negotiate::Version;
///
/// let xml = metadata_xml(Version::V4_01);
/// assert!(xml.contains("<EntityType Name=\"Systems_Security_User\">"));
/// ```
pub fn metadata_xml(version: Version) -> String {
    csdl_xml::write(&describe::schema(), version)
}

/// Returns `$metadata` as JSON (OData CSDL JSON 4.01).
///
/// ```
/// use odata::metadata::metadata_json;
/// use odata::negotiate::Version;
///
/// let json: serde_json::Value = serde_json::from_slice(&metadata_json(Version::V4_01))?;
/// assert_eq!(json["$EntityContainer"], "Erp.Container");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn metadata_json(version: Version) -> Vec<u8> {
    csdl_json::write(&describe::schema(), version)
}

/// Returns the service document as JSON (OData JSON 4.01, section 5); `root` is the absolute URL of the
/// service with a trailing slash.
///
/// ```
/// use odata::metadata::service_document;
/// use odata::negotiate::{MetadataLevel, Version};
///
/// let json = service_document("https://example.org/", Version::V4_01, MetadataLevel::Minimal);
/// let document: serde_json::Value = serde_json::from_str(&json)?;
/// assert_eq!(document["@context"], "https://example.org/$metadata");
/// assert_eq!(document["value"][0]["kind"], "EntitySet");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn service_document(root: &str, version: Version, level: MetadataLevel) -> String {
    let sets = model::entities()
        .map(Entity::set_name)
        .map(|set| serde_json::json!({ "name": set, "kind": "EntitySet", "url": set }));
    let listed = model::SERVICE_METHODS.iter().filter(|method| functions::is_listed(method));
    let functions = listed.map(
        |method| serde_json::json!({ "name": method.name, "kind": "FunctionImport", "url": method.name }),
    );
    let mut document = serde_json::json!({ "value": sets.chain(functions).collect::<Vec<_>>() });
    if level != MetadataLevel::None {
        document[control_names(version).context] = format!("{root}$metadata").into();
    }
    document.to_string()
}

/// Returns the name of a data type in CSDL.
///
/// ```
/// assert_eq!(odata::metadata::type_name(model::DataType::DateTime), "Edm.DateTimeOffset");
/// ```
pub fn type_name(data_type: DataType) -> String {
    match data_type {
        DataType::Text => "Edm.String".to_owned(),
        DataType::DateTime => "Edm.DateTimeOffset".to_owned(),
        DataType::Guid => "Edm.Guid".to_owned(),
        DataType::Int32 => "Edm.Int32".to_owned(),
        DataType::Bool => "Edm.Boolean".to_owned(),
        DataType::Enum(kind) => format!("{NAMESPACE}.{}", kind.wire_name()),
    }
}

/// The name of the type of objects whose members are not declared.
const OPEN_OBJECT: &str = "OpenObject";

/// Returns the qualified name of a method's result type; `None` if it returns nothing, or the row itself.
pub(crate) fn return_type_name(kind: ReturnType) -> Option<String> {
    match kind {
        ReturnType::CollectionOf(name) => Some(format!("Collection({NAMESPACE}.{name})")),
        ReturnType::Text => Some(type_name(DataType::Text)),
        ReturnType::OpenObject => Some(format!("{NAMESPACE}.{OPEN_OBJECT}")),
        ReturnType::Void | ReturnType::EntityObject => None,
    }
}

/// Returns the qualified name of an entity's type.
///
/// ```
/// let users = model::find_entity("Systems_Security_Users").expect("an entity");
/// assert_eq!(odata::metadata::entity_type_name(users), "Erp.Systems_Security_User");
/// ```
pub fn entity_type_name(entity: &Entity) -> String {
    format!("{NAMESPACE}.{}", entity.type_name())
}
