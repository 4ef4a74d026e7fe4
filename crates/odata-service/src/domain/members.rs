//! The members of a repository with their details: the members' names are those of the documented system, then ours.

use model::pending::Pending;
use model::writing::Settable;
use model::{
    Attribute, Code, Collection, DataType, Default, Entity, EnumType, Member, Method, Parameter,
    ParameterType, Reference, ReturnType, Subtype, UNBOUNDED, UiVisibility, Verb, details,
};
use odata::metadata::{NAMESPACE, entity_type_name, type_name};
use serde::Serialize;

use super::words::words;

/// An attribute.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttributeDetails {
    #[serde(flatten)]
    common: Common,
    is_custom_property: bool,
    is_calculated_data_attribute: bool,
    supports_allowed_values: bool,
    limit_to_allowed_values: bool,
    category_id: &'static str,
    category_localized_name: &'static str,
    is_blob: bool,
    supports_set: bool,
    read_only: bool,
    is_persistent: bool,
    base_info: BaseInfo,
    #[serde(rename = "enumValues")]
    enum_values: Option<Vec<EnumValue>>,
    required: bool,
    unique: bool,
    default_value: Option<String>,
    introduced_in_version: &'static str,
}

/// What every member has.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Common {
    name: &'static str,
    column_name: Option<&'static str>,
    #[serde(rename = "Type")]
    kind: String,
    localized_name: String,
    localized_description: &'static str,
}

/// What the stored value of an attribute or a reference is.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BaseInfo {
    repository_name: String,
    nullable: bool,
    orderable: bool,
    indexed: bool,
    /// In characters; `None` where the length is not limited, or the value is not text.
    max_length: Option<u32>,
    /// Flags, separated by commas.
    supported_filters: String,
    is_filterable_reference: bool,
    allow_track_changes: bool,
    default_value_type: &'static str,
    date_time_utc: bool,
    base_table_name: &'static str,
    base_column_name: Option<&'static str>,
    description: &'static str,
    #[serde(rename = "UIVisibility")]
    ui_visibility: &'static str,
    options: &'static str,
    subtype: Option<&'static str>,
}

/// A member of an enumeration.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EnumValue {
    value: serde_json::Value,
    name: &'static str,
    localized_name: String,
    localized_description: &'static str,
}

/// A reference.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReferenceDetails {
    #[serde(flatten)]
    common: Common,
    referenced_entity_set: String,
    referenced_type: String,
    category_id: &'static str,
    category_localized_name: &'static str,
    read_only: bool,
    is_ownership: bool,
    is_filterable: bool,
    is_aggregate_parent: bool,
    base_info: BaseInfo,
    introduced_in_version: &'static str,
}

/// A collection of children.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CollectionDetails {
    name: &'static str,
    localized_name: String,
    localized_description: &'static str,
    read_only: bool,
    default_visible_index: usize,
    child_object_type: String,
    child_entity_set: String,
    /// The children's reference to their owner.
    reference: &'static str,
    introduced_in_version: &'static str,
}

/// A method.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MethodDetails {
    name: &'static str,
    namespace: &'static str,
    entity_set_path: Option<&'static str>,
    return_type: String,
    is_action: bool,
    parameters: Vec<ParameterDetails>,
    localized_description: &'static str,
    declared_by: &'static str,
    /// Why the method cannot be called; null if it can be.
    not_yet: Option<String>,
}

/// A parameter of a method.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ParameterDetails {
    name: &'static str,
    #[serde(rename = "Type")]
    kind: String,
    localized_description: &'static str,
    optional: bool,
    default_value: Option<String>,
    #[serde(rename = "enumValues", skip_serializing_if = "Option::is_none")]
    enum_values: Option<Vec<EnumValue>>,
}

pub(super) fn attribute(entity: &Entity, attribute: &'static Attribute) -> AttributeDetails {
    let category = attribute.category.title();
    AttributeDetails {
        common: Common {
            name: attribute.name,
            column_name: attribute.column,
            kind: type_name(attribute.data_type),
            localized_name: words(attribute.name),
            localized_description: attribute.description,
        },
        is_custom_property: false,
        is_calculated_data_attribute: attribute.column.is_none(),
        supports_allowed_values: false,
        limit_to_allowed_values: false,
        category_id: category,
        category_localized_name: category,
        is_blob: false,
        supports_set: is_written(entity, attribute.settable),
        read_only: !is_written(entity, attribute.settable),
        is_persistent: attribute.column.is_some(),
        base_info: BaseInfo {
            repository_name: entity.repository(),
            nullable: attribute.nullable,
            orderable: attribute.is_sortable(),
            indexed: attribute.indexed,
            max_length: attribute.max_length.filter(|length| *length != UNBOUNDED),
            supported_filters: attribute.served_filters().documented().to_string(),
            is_filterable_reference: false,
            allow_track_changes: attribute.column.is_some(),
            default_value_type: default_type(attribute.default),
            date_time_utc: matches!(attribute.data_type, DataType::DateTime),
            base_table_name: entity.table,
            base_column_name: attribute.column,
            description: attribute.description,
            ui_visibility: attribute.ui.title(),
            options: if attribute.sealed { "SecuritySensitiveString" } else { "None" },
            subtype: subtype(entity, attribute),
        },
        enum_values: match attribute.data_type {
            DataType::Enum(kind) => Some(enum_values(kind)),
            _ => None,
        },
        required: attribute.required,
        unique: attribute.unique,
        default_value: attribute.default.map(Default::title),
        introduced_in_version: attribute.since.unwrap_or(entity.since),
    }
}

/// Returns what a text is for.
fn subtype(entity: &Entity, attribute: &Attribute) -> Option<&'static str> {
    let is_code = entity.code == Some(attribute.name);
    attribute.subtype.map(Subtype::title).or_else(|| is_code.then_some("String_Code"))
}

/// Returns whether clients can set a value of a row, at its creation or later.
fn is_written(entity: &Entity, settable: Settable) -> bool {
    match settable {
        Settable::Never => false,
        Settable::AtCreation => entity.writable.insert,
        Settable::Always => entity.writable.insert || entity.writable.update,
    }
}

const fn default_type(default: Option<Default>) -> &'static str {
    match default {
        None => "None",
        Some(Default::NowUtc) => "CurrentDateTimeUtc",
        Some(Default::NewGuid) => "NewGuid",
        Some(Default::Bool(_) | Default::Int(_) | Default::Member(_)) => "Constant",
    }
}

pub(super) fn reference(entity: &Entity, reference: &'static Reference) -> ReferenceDetails {
    let target = reference.target();
    let category = model::Category::System.title();
    ReferenceDetails {
        common: Common {
            name: reference.name,
            column_name: Some(reference.column),
            kind: entity_type_name(target),
            localized_name: words(reference.name),
            localized_description: reference.description,
        },
        referenced_entity_set: target.set_name(),
        referenced_type: entity_type_name(target),
        category_id: category,
        category_localized_name: category,
        read_only: !is_written(entity, reference.settable),
        is_ownership: reference.owner,
        is_filterable: reference.filters != model::Filters::NONE,
        is_aggregate_parent: reference.owner,
        base_info: BaseInfo {
            repository_name: entity.repository(),
            nullable: reference.nullable,
            orderable: false,
            indexed: reference.indexed,
            max_length: None,
            supported_filters: reference.filters.to_string(),
            is_filterable_reference: reference.filters != model::Filters::NONE,
            allow_track_changes: true,
            default_value_type: default_type(None),
            date_time_utc: false,
            base_table_name: entity.table,
            base_column_name: Some(reference.column),
            description: reference.description,
            ui_visibility: reference.ui.title(),
            options: "None",
            subtype: None,
        },
        introduced_in_version: reference.since.unwrap_or(entity.since),
    }
}

pub(super) fn collection(
    entity: &Entity,
    index: usize,
    collection: &'static Collection,
) -> CollectionDetails {
    let target = collection.target();
    CollectionDetails {
        name: collection.name,
        localized_name: words(collection.name),
        localized_description: collection.description,
        read_only: !target.writable.insert,
        default_visible_index: if target.ui == UiVisibility::ShownByDefault {
            index
        } else {
            usize::from(u16::MAX)
        },
        child_object_type: entity_type_name(target),
        child_entity_set: target.set_name(),
        reference: collection.via,
        introduced_in_version: collection.since.unwrap_or(entity.since),
    }
}

pub(super) fn method(entity: &'static Entity, method: &'static Method) -> MethodDetails {
    MethodDetails {
        name: method.name,
        namespace: NAMESPACE,
        // The one parameter that binds a method is its row.
        entity_set_path: matches!(method.return_type, ReturnType::EntityObject).then_some("bindingParameter"),
        return_type: details::return_type(method),
        is_action: method.verb == Verb::Post,
        parameters: method.parameters.iter().map(parameter).collect(),
        localized_description: method.description,
        declared_by: method.declared_by,
        not_yet: not_served(entity, method),
    }
}

/// Returns why a method of a row cannot be called.
fn not_served(entity: &'static Entity, method: &Method) -> Option<String> {
    let is_copy = Entity::is_copy(method) && !entity.writable.insert;
    let pending = method.pending().map(Pending::text);
    pending.or_else(|| is_copy.then(|| "clients cannot create rows of this entity".to_owned()))
}

fn parameter(parameter: &'static Parameter) -> ParameterDetails {
    ParameterDetails {
        name: parameter.name,
        kind: details::parameter_type(parameter),
        localized_description: parameter.description,
        optional: parameter.default.is_some(),
        default_value: details::parameter_default(parameter),
        enum_values: match parameter.parameter_type {
            ParameterType::Enum(kind) => Some(enum_values(kind)),
            _ => None,
        },
    }
}

fn enum_values(kind: &'static EnumType) -> Vec<EnumValue> {
    let value = |member: &'static Member| EnumValue {
        value: match member.code {
            Code::Int(code) => code.into(),
            Code::Text(code) => code.into(),
        },
        name: member.name,
        localized_name: words(member.name),
        localized_description: member.description,
    };
    kind.members.iter().map(value).collect()
}
