//! Description of the service, generated from the model.

use model::writing::Settable;
use model::{Attribute, Collection, DataType, Default, Entity, EnumType, Reference, UNBOUNDED};

use super::capabilities;
use super::description::{
    Annotation, Constant, Container, Enum, Expression, Length, Link, Member, Property, RowType, Schema, Set,
    Term, ValueType, core, described,
};
use super::{
    AGGREGATION, NAMESPACE, OPEN_OBJECT, SCHEMA_VERSION, SUPPORTED_FILTERS, entity_type_name, enum_types,
    functions, type_name,
};

const VOCABULARIES: [(&str, &str); 3] = [
    (
        "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml",
        "Org.OData.Core.V1",
    ),
    (
        "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Capabilities.V1.xml",
        "Org.OData.Capabilities.V1",
    ),
    ("https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Aggregation.V1.xml", AGGREGATION),
];

/// Returns the description of the service.
pub(super) fn schema() -> Schema {
    Schema {
        vocabularies: VOCABULARIES.to_vec(),
        namespace: NAMESPACE,
        terms: vec![supported_filters()],
        enums: enum_types().into_iter().map(enumeration).collect(),
        types: model::entities().map(row_type).collect(),
        values: vec![
            custom_property_value(),
            renamed_entity_type(),
            ValueType { name: OPEN_OBJECT, is_open: true, properties: Vec::new() },
        ],
        functions: functions::all(),
        actions: functions::actions(),
        container: Container {
            name: super::CONTAINER,
            sets: model::entities().map(set).collect(),
            imports: functions::imports(),
            annotations: capabilities::for_service(),
        },
        annotations: vec![
            core("SchemaVersion", Expression::Text(SCHEMA_VERSION.to_owned())),
            // Functions and actions may be called by unqualified name.
            core("DefaultNamespace", Expression::Bool(true)),
        ],
    }
}

/// Returns the service's own term for filters, as the vocabularies do not cover every combination of filters.
fn supported_filters() -> Term {
    Term {
        name: SUPPORTED_FILTERS,
        type_name: "Edm.String",
        applies_to: &["Property", "NavigationProperty"],
        annotations: described(
            "Filters that the property supports: Equals (eq, ne), EqualsIn (in), GreaterThanOrLessThan \
             (gt, ge, lt, le), Like (contains, startswith, endswith), Null (eq null, ne null), or NotFilterable.",
        ),
    }
}

fn filters(filters: model::Filters) -> Annotation {
    let term = format!("{NAMESPACE}.{SUPPORTED_FILTERS}");
    Annotation { term, value: Expression::Text(filters.to_string()) }
}

/// Returns the result type of the [`model::Method`] `GetAllowedCustomPropertyValues`.
fn custom_property_value() -> ValueType {
    ValueType {
        name: "CustomPropertyValue",
        is_open: false,
        properties: vec![
            text("Value", false, "The value of the property."),
            text("Description", true, "The meaning of the value."),
        ],
    }
}

/// Returns the result type of the function `GetRenamedEntityTypes`.
fn renamed_entity_type() -> ValueType {
    ValueType {
        name: "RenamedEntityType",
        is_open: false,
        properties: vec![
            text("OldName", false, "The former name of the entity set."),
            text("NewName", false, "The name of the entity set since then."),
            text("Version", false, "The version with the change."),
        ],
    }
}

/// Returns a text of a complex type.
fn text(name: &'static str, nullable: bool, description: &str) -> Property {
    Property {
        name,
        type_name: type_name(DataType::Text),
        nullable,
        max_length: None,
        precision: None,
        default: None,
        annotations: described(description),
    }
}

fn enumeration(kind: &'static EnumType) -> Enum {
    let members = kind.numbered().map(|(member, value)| Member {
        name: member.name,
        value,
        annotations: described(member.description),
    });
    Enum { name: kind.wire_name().into_owned(), members: members.collect() }
}

fn row_type(entity: &'static Entity) -> RowType {
    let shown = entity.attributes().filter(|attribute| !attribute.secret);
    let references = entity.references().iter().map(|reference| reference_link(entity, reference));
    RowType {
        name: entity.type_name(),
        key: entity.id().name,
        properties: shown.map(property).collect(),
        links: references.chain(entity.collections().iter().map(collection_link)).collect(),
        annotations: described(entity.description),
    }
}

fn property(attribute: &Attribute) -> Property {
    let length = attribute.max_length.map(|length| match length {
        UNBOUNDED => Length::Unlimited,
        characters => Length::Characters(characters),
    });
    let mut annotations = described(attribute.description);
    annotations.extend(given_by_the_server(attribute).map(|term| core(term, Expression::Bool(true))));
    annotations.push(filters(attribute.served_filters()));
    Property {
        name: attribute.name,
        type_name: type_name(attribute.data_type),
        nullable: attribute.nullable,
        max_length: length,
        precision: matches!(attribute.data_type, DataType::DateTime).then_some(6),
        default: default_value(attribute),
        annotations,
    }
}

/// Returns the terms that say who sets the value of an attribute, and when.
fn given_by_the_server(attribute: &Attribute) -> impl Iterator<Item = &'static str> {
    let at_creation = matches!(attribute.default, Some(Default::NowUtc | Default::NewGuid));
    let is_computed = attribute.settable == Settable::Never;
    let terms = [
        (is_computed, "Computed"),
        // A value that the server generates at creation never changes.
        (is_computed && at_creation || attribute.settable == Settable::AtCreation, "Immutable"),
        (!is_computed && at_creation, "ComputedDefaultValue"),
    ];
    terms.into_iter().filter(|(holds, _)| *holds).map(|(_, term)| term)
}

/// Returns the default value; `None` if it is computed.
fn default_value(attribute: &Attribute) -> Option<Constant> {
    match attribute.default? {
        Default::NowUtc | Default::NewGuid => None,
        Default::Bool(value) => Some(Constant::Bool(value)),
        Default::Int(value) => Some(Constant::Int(value)),
        Default::Member(name) => Some(Constant::Text(name)),
    }
}

fn reference_link(entity: &'static Entity, reference: &'static Reference) -> Link {
    let mut annotations = described(reference.description);
    annotations.push(filters(reference.filters.served(reference.nullable)));
    Link {
        name: reference.name,
        target: entity_type_name(reference.target()),
        many: false,
        nullable: reference.nullable,
        partner: partner(entity, reference),
        annotations,
    }
}

/// Returns the collection of the target entity that is the inverse of the reference.
fn partner(entity: &'static Entity, reference: &'static Reference) -> Option<&'static str> {
    let collections = reference.target().collections().iter();
    let mut partners = collections
        .filter(|collection| collection.via == reference.name && std::ptr::eq(collection.target(), entity));
    partners.next().map(|collection| collection.name)
}

fn collection_link(collection: &'static Collection) -> Link {
    Link {
        name: collection.name,
        target: entity_type_name(collection.target()),
        many: true,
        nullable: false,
        partner: Some(collection.via),
        annotations: described(collection.description),
    }
}

fn set(entity: &'static Entity) -> Set {
    let references = entity.references().iter().map(|reference| (reference.name, reference.target()));
    let collections = entity.collections().iter().map(|collection| (collection.name, collection.target()));
    let bindings = references.chain(collections).map(|(name, target)| (name, target.set_name()));
    let mut annotations = described(entity.description);
    annotations.extend(capabilities::for_set(entity));
    Set {
        name: entity.set_name(),
        type_name: entity_type_name(entity),
        bindings: bindings.collect(),
        annotations,
    }
}
