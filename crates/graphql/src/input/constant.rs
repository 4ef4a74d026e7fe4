//! Literals of a valid document as constants (GraphQL, sections 3.10 and 6.4.1).

use apollo_compiler::ast::{InputValueDefinition, Type, Value};
use apollo_compiler::executable::{Directive, Field};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Node, Schema};
use async_graphql::{Name, ServerError};
use async_graphql_value::ConstValue;

use super::{Variables, bad, readers, scalars};
use crate::line_index::LineIndex;

/// What literals are read with.
pub(crate) struct LiteralReader<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) lines: &'a LineIndex,
    pub(crate) variables: &'a Variables,
}

/// Returns the arguments of a field, with the defaults of those that are not given.
///
/// # Errors
/// A variable is null where no null may be, or a reader of the argument refuses its value.
pub(crate) fn arguments(
    reader: &LiteralReader<'_>,
    field: &Field,
) -> Result<Vec<(Name, ConstValue)>, ServerError> {
    let mut arguments = Vec::with_capacity(field.definition.arguments.len());
    for definition in &field.definition.arguments {
        let given = field.arguments.iter().find(|argument| argument.name == definition.name);
        let value = reader.given_or_default(definition, given.map(|argument| &argument.value))?;
        if let Some(value) = value {
            let read = readers::read(reader.schema, &definition.ty, &value, "");
            let position = reader.lines.position(given.and_then(|argument| argument.value.location()));
            read.map_err(|wrong| bad(wrong.message_for(&definition.name), position))?;
            arguments.push((Name::new(definition.name.as_str()), value));
        }
    }
    Ok(arguments)
}

/// Returns the `if` of `@skip` and `@include`.
pub(crate) fn flag(reader: &LiteralReader<'_>, directive: &Directive) -> Result<bool, ServerError> {
    let given = directive.arguments.iter().find(|argument| argument.name == "if");
    match given.map(|argument| argument.value.as_ref()) {
        Some(Value::Boolean(flag)) => Ok(*flag),
        Some(Value::Variable(name)) => match reader.variables.get(name) {
            Some(ConstValue::Boolean(flag)) => Ok(*flag),
            _ => Err(bad(format!("the variable '${name}' has to be true or false"), None)),
        },
        _ => Err(bad(
            format!("@{} needs 'if'", directive.name),
            reader.lines.position(directive.name.location()),
        )),
    }
}

impl LiteralReader<'_> {
    fn given_or_default(
        &self,
        definition: &InputValueDefinition,
        given: Option<&Node<Value>>,
    ) -> Result<Option<ConstValue>, ServerError> {
        let found = given.map(|value| self.constant(&definition.ty, value)).transpose()?.flatten();
        match (found, &definition.default_value) {
            (Some(value), _) => Ok(Some(value)),
            (None, Some(default)) => self.constant(&definition.ty, default),
            (None, None) if definition.ty.is_non_null() => {
                let message = format!("'{}' of the type {} has no value", definition.name, definition.ty);
                Err(bad(message, self.lines.position(given.and_then(Node::location))))
            }
            (None, None) => Ok(None),
        }
    }

    /// Returns a literal as a constant; nothing where it is a variable without a value.
    pub(super) fn constant(&self, ty: &Type, value: &Node<Value>) -> Result<Option<ConstValue>, ServerError> {
        let refuse =
            |expected: String| bad(format!("expected {expected}"), self.lines.position(value.location()));
        let constant = match value.as_ref() {
            Value::Variable(name) => match self.variables.get(name) {
                Some(ConstValue::Null) if ty.is_non_null() => {
                    return Err(refuse(format!(
                        "a value of the type {ty}, found null in the variable '${name}'"
                    )));
                }
                found => return Ok(found.cloned()),
            },
            Value::Null if ty.is_non_null() => {
                return Err(refuse(format!("a value of the type {ty}, found null")));
            }
            Value::Null => ConstValue::Null,
            _ if ty.is_list() => ConstValue::List(self.list(ty.item_type(), value)?),
            literal => match self.schema.types.get(ty.inner_named_type()) {
                Some(ExtendedType::Scalar(scalar)) => {
                    let variable = |name: &str| self.variables.get(name).cloned();
                    scalars::from_literal(&scalar.name, literal, &variable).map_err(refuse)?
                }
                Some(ExtendedType::Enum(_)) => match literal {
                    Value::Enum(name) => ConstValue::Enum(Name::new(name.as_str())),
                    _ => return Err(refuse(format!("a name of the type {ty}"))),
                },
                Some(ExtendedType::InputObject(object)) => {
                    let Value::Object(given) = literal else {
                        return Err(refuse(format!("an object of the type {ty}")));
                    };
                    let mut fields = async_graphql::indexmap::IndexMap::new();
                    for (name, definition) in &object.fields {
                        let given = given.iter().find(|(given, _)| given == name).map(|(_, value)| value);
                        if let Some(value) = self.given_or_default(definition, given)? {
                            fields.insert(Name::new(name.as_str()), value);
                        }
                    }
                    ConstValue::Object(fields)
                }
                _ => return Err(refuse(format!("a value of the input type {ty}"))),
            },
        };
        Ok(Some(constant))
    }

    /// Returns the items of a list; one value is a list of itself (GraphQL, section 3.11).
    fn list(&self, item: &Type, value: &Node<Value>) -> Result<Vec<ConstValue>, ServerError> {
        let items = match value.as_ref() {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let one = |value: &Node<Value>| match self.constant(item, value)? {
            None if item.is_non_null() => {
                let position = self.lines.position(value.location());
                Err(bad(format!("an item of the type {item} has no value"), position))
            }
            found => Ok(found.unwrap_or(ConstValue::Null)),
        };
        items.iter().map(one).collect()
    }
}
