//! The members of a repository: in brief their names and types, with details everything that the model says.

use model::{
    Attribute, Collection, DataType, Entity, Filters, Member, Method, Parameter, ParameterType, Reference,
};
use model::{UNBOUNDED, details};
use serde::Serialize;

use super::words::words;

/// A member, in brief or with details.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Described<D> {
    name: &'static str,
    #[serde(rename = "Type")]
    kind: String,
    #[serde(flatten)]
    details: Option<D>,
}

/// The details of an attribute.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttributeDetails {
    #[serde(flatten)]
    common: Common,
    nullable: bool,
    required: bool,
    /// In characters; none where the length is not limited, or it is no text.
    max_length: Option<u32>,
    supports_order_by: bool,
    read_only: bool,
    unique: bool,
    calculated: bool,
    default_value: Option<String>,
    category: &'static str,
    #[serde(rename = "UIVisibility")]
    ui_visibility: &'static str,
    supported_filters: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enum_values: Option<Vec<EnumValue>>,
}

/// What is said of every member.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Common {
    localized_name: String,
    localized_description: &'static str,
    introduced_in_version: &'static str,
}

/// A member of an enumeration.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EnumValue {
    name: &'static str,
    localized_name: String,
    localized_description: &'static str,
}

/// The details of a reference.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReferenceDetails {
    #[serde(flatten)]
    common: Common,
    entity_set: String,
    nullable: bool,
    is_owner: bool,
    #[serde(rename = "UIVisibility")]
    ui_visibility: &'static str,
    supported_filters: Vec<String>,
}

/// The details of a collection of children.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CollectionDetails {
    #[serde(flatten)]
    common: Common,
    entity_set: String,
    /// The children's reference to their owner.
    reference: &'static str,
}

/// A method.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MethodDetails {
    name: &'static str,
    localized_description: &'static str,
    declared_by: &'static str,
    verb: &'static str,
    return_type: String,
    parameters: Vec<ParameterDetails>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    enum_values: Option<Vec<EnumValue>>,
}

pub(super) fn attribute(
    entity: &Entity,
    attribute: &'static Attribute,
    detailed: bool,
) -> Described<AttributeDetails> {
    let details = || AttributeDetails {
        common: common(entity, attribute.name, attribute.description, attribute.since),
        nullable: attribute.nullable,
        required: attribute.required,
        max_length: attribute.max_length.filter(|length| *length != UNBOUNDED),
        supports_order_by: attribute.order_by,
        read_only: attribute.read_only,
        unique: attribute.unique,
        calculated: attribute.column.is_none(),
        default_value: attribute.default.map(model::Default::title),
        category: attribute.category.title(),
        ui_visibility: attribute.ui.title(),
        supported_filters: filters(attribute.filters),
        enum_values: match attribute.data_type {
            DataType::Enum(kind) => Some(enum_values(kind.members)),
            _ => None,
        },
    };
    Described {
        name: attribute.name,
        kind: details::type_name(attribute.data_type).to_owned(),
        details: detailed.then(details),
    }
}

pub(super) fn reference(
    entity: &Entity,
    reference: &'static Reference,
    detailed: bool,
) -> Described<ReferenceDetails> {
    let target = reference.target();
    let details = || ReferenceDetails {
        common: common(entity, reference.name, reference.description, reference.since),
        entity_set: target.set_name(),
        nullable: reference.nullable,
        is_owner: reference.owner,
        ui_visibility: reference.ui.title(),
        supported_filters: filters(reference.filters),
    };
    Described { name: reference.name, kind: target.repository(), details: detailed.then(details) }
}

pub(super) fn collection(
    entity: &Entity,
    collection: &'static Collection,
    detailed: bool,
) -> Described<CollectionDetails> {
    let target = collection.target();
    let details = || CollectionDetails {
        common: common(entity, collection.name, collection.description, collection.since),
        entity_set: target.set_name(),
        reference: collection.via,
    };
    Described { name: collection.name, kind: target.repository(), details: detailed.then(details) }
}

pub(super) fn method(method: &'static Method) -> MethodDetails {
    MethodDetails {
        name: method.name,
        localized_description: method.description,
        declared_by: method.declared_by,
        verb: details::verb(method),
        return_type: details::return_type(method),
        parameters: method.parameters.iter().map(parameter).collect(),
    }
}

fn parameter(parameter: &'static Parameter) -> ParameterDetails {
    ParameterDetails {
        name: parameter.name,
        kind: details::parameter_type(parameter),
        localized_description: parameter.description,
        optional: parameter.default.is_some(),
        default_value: details::parameter_default(parameter),
        enum_values: match parameter.parameter_type {
            ParameterType::Enum(kind, ..) => Some(enum_values(kind.members)),
            _ => None,
        },
    }
}

fn common(entity: &Entity, name: &str, description: &'static str, since: Option<&'static str>) -> Common {
    Common {
        localized_name: words(name),
        localized_description: description,
        introduced_in_version: since.unwrap_or(entity.since),
    }
}

fn enum_values(members: &'static [Member]) -> Vec<EnumValue> {
    let value = |member: &'static Member| EnumValue {
        name: member.name,
        localized_name: words(member.name),
        localized_description: member.description,
    };
    members.iter().map(value).collect()
}

/// The words of the reference; none where nothing may be compared.
fn filters(filters: Filters) -> Vec<String> {
    if filters == Filters::NONE {
        return Vec::new();
    }
    filters.to_string().split(", ").map(str::to_owned).collect()
}
