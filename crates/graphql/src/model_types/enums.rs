//! The enumerations of the schema are those of the model.

use std::borrow::Cow;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Field;
use async_graphql::registry::{Deprecation, MetaEnumValue, MetaType, Registry};
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned,
    ServerResult, Value,
};
use model::{EnumType, Enumeration};

use super::names;

/// A member of an enumeration of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ModelEnum<E>(pub(crate) E);

impl<E: Enumeration> InputType for ModelEnum<E> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        names::of_enum(E::TYPE)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        register(registry, E::TYPE);
        <Self as InputType>::qualified_type_name()
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let member = member(E::TYPE, &value).and_then(E::from_name);
        member.map(Self).ok_or_else(|| InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        shown(self.0.name())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<E: Enumeration> OutputType for ModelEnum<E> {
    fn type_name() -> Cow<'static, str> {
        <Self as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Self as InputType>::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(shown(self.0.name()))
    }
}

/// Adds an enumeration to the schema.
pub(super) fn register(registry: &mut Registry, kind: &EnumType) {
    let members = kind.members.iter().map(|member| (names::screaming(member.name), member.description));
    register_members(registry, &names::of_enum(kind), kind.description, members);
}

/// Adds an enumeration of other names of the model.
pub(super) fn register_members<'a>(
    registry: &mut Registry,
    name: &str,
    description: &str,
    members: impl Iterator<Item = (String, &'a str)>,
) {
    let values = members.map(|(name, description)| (name.clone(), value(name, description)));
    let kind = MetaType::Enum {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        enum_values: values.collect::<IndexMap<_, _>>(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    registry.types.entry(name.to_owned()).or_insert(kind);
}

fn value(name: String, description: &str) -> MetaEnumValue {
    MetaEnumValue {
        name,
        description: (!description.is_empty()).then(|| description.to_owned()),
        deprecation: Deprecation::NoDeprecated,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        directive_invocations: Vec::new(),
    }
}

/// The member of the model that a coerced value names.
pub(super) fn member(kind: &'static EnumType, value: &Value) -> Option<&'static str> {
    let Value::Enum(wanted) = value else { return None };
    kind.members.iter().map(|member| member.name).find(|name| names::screaming(name) == wanted.as_str())
}

fn shown(name: &str) -> Value {
    Value::Enum(Name::new(names::screaming(name)))
}
