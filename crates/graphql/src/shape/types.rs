//! The types that have fields, by name, read from the text of the schema.

use std::collections::HashMap;
use std::sync::LazyLock;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition};
use async_graphql::{Name, Positioned};

/// The fields of a type, by name.
pub(super) type Fields = HashMap<Name, Type>;

/// A type with fields, or a union.
pub(super) enum Composite {
    Object(Fields),
    /// An interface or a union: values have one of the possible types.
    Abstract {
        fields: Fields,
        possible: Vec<Name>,
    },
}

impl Composite {
    /// The type of a field.
    pub(super) fn field(&self, name: &Name) -> Option<&Type> {
        let (Self::Object(fields) | Self::Abstract { fields, .. }) = self;
        fields.get(name)
    }
}

/// The types that have fields.
pub(super) struct Types(HashMap<Name, Composite>);

impl Types {
    /// The types of our schema.
    pub(super) fn get() -> &'static Self {
        static TYPES: LazyLock<Types> =
            LazyLock::new(|| Types::read(&format!("{}\n{INTROSPECTION}", crate::schema::sdl())));
        &TYPES
    }

    fn read(sdl: &str) -> Self {
        let document = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
        let (mut types, mut implemented) = (HashMap::new(), Vec::new());
        for definition in document {
            let TypeSystemDefinition::Type(Positioned { node: definition, .. }) = definition else {
                continue;
            };
            let name = definition.name.node;
            let composite = match definition.kind {
                TypeKind::Object(object) => {
                    let of = |interface: Positioned<Name>| (interface.node, name.clone());
                    implemented.extend(object.implements.into_iter().map(of));
                    let known = match types.remove(&name) {
                        Some(Composite::Object(fields)) => fields,
                        _ => HashMap::new(),
                    };
                    Composite::Object(known.into_iter().chain(fields(object.fields)).collect())
                }
                TypeKind::Interface(interface) => {
                    Composite::Abstract { fields: fields(interface.fields), possible: Vec::new() }
                }
                TypeKind::Union(union) => {
                    let possible = union.members.into_iter().map(|member| member.node).collect();
                    Composite::Abstract { fields: HashMap::new(), possible }
                }
                TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => continue,
            };
            types.insert(name, composite);
        }
        for (interface, object) in implemented {
            if let Some(Composite::Abstract { possible, .. }) = types.get_mut(&interface) {
                possible.push(object);
            }
        }
        Self(types)
    }

    /// A type that has fields; nothing for a scalar or an enumeration.
    pub(super) fn composite(&self, name: &str) -> Option<&Composite> {
        self.0.get(name)
    }

    /// The name of a type, as long as the schema lasts.
    pub(super) fn name(&self, name: &str) -> Option<&str> {
        self.0.get_key_value(name).map(|(name, _)| name.as_str())
    }

    /// Whether a value of an object type is also one of another type.
    pub(super) fn is_of(&self, object: &str, name: &str) -> bool {
        let is_possible = || match self.composite(name) {
            Some(Composite::Abstract { possible, .. }) => possible.iter().any(|one| one == object),
            _ => false,
        };
        object == name || is_possible()
    }
}

/// The name of a type without lists.
pub(super) fn innermost(of: &Type) -> &Name {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => innermost(inner),
    }
}

/// The type of `__typename`.
pub(super) fn type_name() -> &'static Type {
    static TYPE: LazyLock<Type> =
        LazyLock::new(|| Type { base: BaseType::Named(Name::new("String")), nullable: false });
    &TYPE
}

fn fields(definitions: Vec<Positioned<FieldDefinition>>) -> Fields {
    let fields = definitions.into_iter().map(|Positioned { node, .. }| (node.name.node, node.ty.node));
    fields.collect()
}

/// The types of introspection (GraphQL, section 4.2), which the text of a schema leaves out.
const INTROSPECTION: &str = "
extend type Query { __schema: __Schema! __type(name: String!): __Type }
type __Schema {
  description: String types: [__Type!]! queryType: __Type! mutationType: __Type subscriptionType: __Type
  directives: [__Directive!]!
}
type __Type {
  kind: __TypeKind! name: String description: String fields(includeDeprecated: Boolean): [__Field!]
  interfaces: [__Type!] possibleTypes: [__Type!] enumValues(includeDeprecated: Boolean): [__EnumValue!]
  inputFields(includeDeprecated: Boolean): [__InputValue!] ofType: __Type specifiedByURL: String isOneOf: Boolean
}
type __Field {
  name: String! description: String args(includeDeprecated: Boolean): [__InputValue!]! type: __Type!
  isDeprecated: Boolean! deprecationReason: String
}
type __InputValue {
  name: String! description: String type: __Type! defaultValue: String isDeprecated: Boolean!
  deprecationReason: String
}
type __EnumValue { name: String! description: String isDeprecated: Boolean! deprecationReason: String }
type __Directive {
  name: String! description: String locations: [__DirectiveLocation!]!
  args(includeDeprecated: Boolean): [__InputValue!]! isRepeatable: Boolean!
}
";
