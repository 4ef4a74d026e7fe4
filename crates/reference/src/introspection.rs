//! A GraphQL schema in the form of its introspection (GraphQL, section 4).

use serde::Deserialize;

/// The question whose `data` is a [`Document`]. Deprecated fields, arguments and values are in it.
pub const QUERY: &str = "query Reference { __schema {
  queryType { name } mutationType { name } subscriptionType { name }
  directives { name description isRepeatable locations args(includeDeprecated: true) { ...Input } }
  types {
    kind name description specifiedByURL
    fields(includeDeprecated: true) {
      name description isDeprecated deprecationReason type { ...Named }
      args(includeDeprecated: true) { ...Input }
    }
    inputFields(includeDeprecated: true) { ...Input }
    interfaces { kind name }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    possibleTypes { kind name }
  }
} }
fragment Input on __InputValue { name description defaultValue isDeprecated deprecationReason type { ...Named } }
fragment Named on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }";

/// The answer to [`QUERY`].
#[derive(Debug, Deserialize)]
pub struct Document {
    /// The schema.
    #[serde(rename = "__schema")]
    pub schema: Schema,
}

/// A schema.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    /// The type of queries.
    pub query_type: Named,
    /// The type of mutations.
    pub mutation_type: Option<Named>,
    /// The type of subscriptions.
    pub subscription_type: Option<Named>,
    /// The directives.
    pub directives: Vec<Directive>,
    /// All types, with those of the introspection itself.
    pub types: Vec<Type>,
}

/// The name of a type.
#[derive(Debug, Deserialize)]
pub struct Named {
    /// The name.
    pub name: String,
}

/// A type.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Type {
    /// What kind of type it is.
    pub kind: TypeKind,
    /// The name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Where a scalar is specified.
    #[serde(rename = "specifiedByURL")]
    pub specified_by_url: Option<String>,
    /// The fields of an object or interface.
    pub fields: Option<Vec<Field>>,
    /// The fields of an input.
    pub input_fields: Option<Vec<Input>>,
    /// The interfaces that an object or interface implements.
    pub interfaces: Option<Vec<TypeRef>>,
    /// The values of an enumeration.
    pub enum_values: Option<Vec<EnumValue>>,
    /// The objects that a union or interface can be.
    pub possible_types: Option<Vec<TypeRef>>,
}

/// What kind of type a type is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TypeKind {
    /// With fields.
    Object,
    /// What objects have in common.
    Interface,
    /// One of several objects.
    Union,
    /// One of several values.
    Enum,
    /// What arguments are made of.
    InputObject,
    /// A leaf.
    Scalar,
    /// A list of another type.
    List,
    /// Never null.
    NonNull,
}

/// A field of an object or interface.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// The name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Why it should not be used any more.
    pub deprecation_reason: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub type_ref: TypeRef,
    /// Its arguments.
    pub args: Vec<Input>,
}

/// An argument, or a field of an input.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    /// The name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// The value where it is left out, as GraphQL writes it.
    pub default_value: Option<String>,
    /// Why it should not be used any more.
    pub deprecation_reason: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub type_ref: TypeRef,
}

/// A value of an enumeration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnumValue {
    /// The name.
    pub name: String,
    /// What it means.
    pub description: Option<String>,
    /// Why it should not be used any more.
    pub deprecation_reason: Option<String>,
}

/// A directive.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Directive {
    /// The name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// The permitted locations.
    pub locations: Vec<String>,
    /// Its arguments.
    pub args: Vec<Input>,
}

/// A type as fields and arguments have it: a name, or a list or non-null form of another.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TypeRef {
    /// The kind.
    pub kind: TypeKind,
    /// The name, where it is no list or non-null form.
    pub name: Option<String>,
    /// Of what it is the list or non-null form.
    pub of_type: Option<Box<TypeRef>>,
}

impl TypeRef {
    /// The type without lists and non-null forms.
    pub fn innermost(&self) -> &Self {
        self.of_type.as_deref().map_or(self, Self::innermost)
    }

    /// The name of the innermost type.
    pub fn type_name(&self) -> &str {
        self.innermost().name.as_deref().unwrap_or_default()
    }

    /// The type as GraphQL writes it: `[String!]!`.
    pub fn written(&self) -> String {
        match (self.kind, &self.of_type) {
            (TypeKind::List, Some(inner)) => format!("[{}]", inner.written()),
            (TypeKind::NonNull, Some(inner)) => format!("{}!", inner.written()),
            _ => self.name.clone().unwrap_or_default(),
        }
    }
}

impl Type {
    /// Whether it is part of the introspection itself.
    pub fn is_built_into_introspection(&self) -> bool {
        self.name.starts_with("__")
    }
}
