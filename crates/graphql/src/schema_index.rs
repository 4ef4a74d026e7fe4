//! The fields of the schema with their types and scopes, for the checks before a document runs. They are read from the
//! public text of the schema, so that this text alone decides.

use std::collections::HashMap;
use std::sync::LazyLock;

use async_graphql::parser::types::{
    BaseType, FieldDefinition, OperationType, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Positioned, Value};
use authority::scopes;

/// The types that have fields, by name.
pub(super) struct SchemaIndex {
    types: HashMap<String, HashMap<String, IndexedField>>,
}

/// A field of the schema.
pub(super) struct IndexedField {
    /// The type of its values, without lists.
    pub(super) type_name: String,
    /// Whether its type is a list.
    pub(super) is_list: bool,
    /// The scope that a token needs for it.
    pub(super) scope: Option<&'static str>,
}

impl SchemaIndex {
    /// Returns the index of the schema.
    pub(super) fn get() -> &'static Self {
        static INDEX: LazyLock<SchemaIndex> = LazyLock::new(|| SchemaIndex::read(super::schema::sdl()));
        &INDEX
    }

    fn read(sdl: &str) -> Self {
        let document = async_graphql::parser::parse_schema(sdl);
        let definitions = document.map(|document| document.definitions).unwrap_or_default();
        let types = definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => index_type(definition.node),
            _ => None,
        });
        Self { types: types.collect() }
    }

    /// Finds a field; a field that begins with two underscores is not in the index.
    pub(super) fn field(&self, type_name: &str, field: &str) -> Option<&IndexedField> {
        self.types.get(type_name)?.get(field)
    }

    /// Whether a type has fields.
    pub(super) fn has_fields(&self, type_name: &str) -> bool {
        self.types.contains_key(type_name)
    }

    /// Every field that needs a scope, with the name of its type.
    #[cfg(test)]
    pub(super) fn with_scopes(&self) -> impl Iterator<Item = (&str, &str, &'static str)> {
        let fields = self
            .types
            .iter()
            .flat_map(|(of, fields)| fields.iter().map(move |(name, field)| (of, name, field)));
        fields.filter_map(|(of, name, field)| Some((of.as_str(), name.as_str(), field.scope?)))
    }
}

/// The name of the type with the fields of an operation's root.
pub(super) const fn root(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

fn index_type(definition: TypeDefinition) -> Option<(String, HashMap<String, IndexedField>)> {
    let fields = match definition.kind {
        TypeKind::Object(object) => object.fields,
        TypeKind::Interface(interface) => interface.fields,
        _ => return None,
    };
    let fields =
        fields.into_iter().map(|Positioned { node, .. }| (node.name.node.to_string(), index_field(&node)));
    Some((definition.name.node.to_string(), fields.collect()))
}

fn index_field(definition: &FieldDefinition) -> IndexedField {
    let (type_name, is_list) = innermost(&definition.ty.node);
    let directive =
        definition.directives.iter().find(|directive| directive.node.name.node == "requiresScope");
    let scope = directive.and_then(|directive| directive.node.get_argument("scope"));
    let scope = scope.and_then(|scope| match &scope.node {
        Value::String(scope) => KNOWN.into_iter().find(|known| known == scope),
        _ => None,
    });
    IndexedField { type_name, is_list, scope }
}

/// The scopes that fields need.
const KNOWN: [&str; 3] = [scopes::READ, scopes::UPDATE, scopes::SECURITY];

fn innermost(kind: &Type) -> (String, bool) {
    match &kind.base {
        BaseType::Named(name) => (name.to_string(), false),
        BaseType::List(inner) => (innermost(inner).0, true),
    }
}
