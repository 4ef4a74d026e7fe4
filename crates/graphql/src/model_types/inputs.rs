//! Input objects that are made of the model, and not of a Rust type.

use async_graphql::registry::{Deprecation, MetaInputValue, MetaType, Registry};
use model::Property;

/// What a property is, in words; the model has none for the identifier.
pub(super) fn description(property: Property) -> &'static str {
    let words = match property {
        Property::Attribute(attribute) => attribute.description,
        Property::Reference(reference) => reference.description,
    };
    if words.is_empty() { "The identifier of the row in the registry." } else { words }
}

/// A field of an input object.
pub(super) fn field(name: &str, description: &str, kind: impl Into<String>) -> MetaInputValue {
    MetaInputValue {
        name: name.to_owned(),
        description: (!description.is_empty()).then(|| description.to_owned()),
        ty: kind.into(),
        deprecation: Deprecation::NoDeprecated,
        default_value: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    }
}

/// Adds an input object to the schema, unless it is there: what its fields need may lead back to it.
pub(super) fn register(
    registry: &mut Registry,
    name: &str,
    description: &str,
    fields: impl FnOnce(&mut Registry) -> Vec<MetaInputValue>,
) {
    if registry.types.contains_key(name) {
        return;
    }
    registry.types.insert(name.to_owned(), object(name, description, Vec::new()));
    let fields = fields(registry);
    registry.types.insert(name.to_owned(), object(name, description, fields));
}

fn object(name: &str, description: &str, fields: Vec<MetaInputValue>) -> MetaType {
    MetaType::InputObject {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        input_fields: fields.into_iter().map(|field| (field.name.clone(), field)).collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        oneof: false,
        directive_invocations: Vec::new(),
    }
}
