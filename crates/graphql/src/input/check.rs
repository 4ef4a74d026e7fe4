//! The values in a document, checked without the values of its variables: literals have the types of their places, and
//! variables fit their positions (GraphQL, sections 5.6 and 5.8.5).

use std::collections::HashSet;

use apollo_compiler::ast::{InputValueDefinition, Type, Value, VariableDefinition};
use apollo_compiler::executable::{Argument, DirectiveList, Operation, Selection, SelectionSet};
use apollo_compiler::schema::{EnumType, ExtendedType, InputObjectType};
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use async_graphql::{Pos, ServerError};
use async_graphql_value::ConstValue;

use super::{object_of, readers, scalars};
use crate::error::invalid;
use crate::line_index::LineIndex;

/// How many errors are reported.
const MAX_ERRORS: usize = 20;

/// Returns what is wrong with the values in a document.
pub(crate) fn check(schema: &Schema, document: &ExecutableDocument, lines: &LineIndex) -> Vec<ServerError> {
    let mut errors: Vec<ServerError> = Vec::new();
    for operation in document.operations.iter() {
        let mut check =
            Check { schema, document, lines, operation, seen: HashSet::new(), errors: &mut errors };
        check.operation();
    }
    errors
}

struct Check<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    lines: &'a LineIndex,
    operation: &'a Operation,
    seen: HashSet<&'a Name>,
    errors: &'a mut Vec<ServerError>,
}

impl<'a> Check<'a> {
    fn operation(&mut self) {
        let operation = self.operation;
        for variable in &operation.variables {
            self.directives(&variable.directives);
            if let Some(default) = &variable.default_value {
                self.value(&variable.ty, default, false);
            }
        }
        self.directives(&operation.directives);
        self.set(&operation.selection_set);
    }

    fn set(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.definition.arguments, &field.arguments);
                    self.set(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => self.set(&fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.fragment_name);
                    if let Some(fragment) = fragment.filter(|fragment| self.seen.insert(&fragment.name)) {
                        self.directives(&fragment.directives);
                        self.set(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &DirectiveList) {
        for directive in directives.iter() {
            if let Some(definition) = self.schema.directive_definitions.get(&directive.name) {
                self.arguments(&definition.arguments, &directive.arguments);
            }
        }
    }

    /// Checks arguments. The validation of the whole finds unknown and missing ones.
    fn arguments(&mut self, definitions: &[Node<InputValueDefinition>], given: &[Node<Argument>]) {
        for argument in given {
            let definition = definitions.iter().find(|definition| definition.name == argument.name);
            if let Some(definition) = definition {
                self.value(&definition.ty, &argument.value, definition.default_value.is_some());
            }
        }
    }

    fn refuse(&mut self, message: String, pos: Option<Pos>) {
        let error = invalid(message, pos);
        let is_known = self
            .errors
            .iter()
            .any(|known| (&known.message, &known.locations) == (&error.message, &error.locations));
        // A fragment is checked once for each operation that spreads it.
        if !is_known && self.errors.len() < MAX_ERRORS {
            self.errors.push(error);
        }
    }

    fn value(&mut self, ty: &Type, value: &Node<Value>, has_default: bool) {
        let found = found(value);
        let position = self.lines.position(value.location());
        match value.as_ref() {
            Value::Variable(name) => self.variable(ty, name, has_default, position),
            Value::Null if ty.is_non_null() => {
                self.refuse(format!("expected a value of the type {ty}, found null"), position);
            }
            Value::Null => {}
            Value::List(items) if ty.is_list() => {
                items.iter().for_each(|item| self.value(ty.item_type(), item, false));
            }
            // One value is a list of itself (GraphQL, section 3.11).
            _ if ty.is_list() => self.value(ty.item_type(), value, false),
            literal => match self.schema.types.get(ty.inner_named_type()) {
                Some(ExtendedType::Scalar(scalar)) => {
                    self.within_scalar(literal, position);
                    let expected = scalars::from_literal(&scalar.name, literal, &|_| Some(ConstValue::Null));
                    if let Err(expected) = expected {
                        self.refuse(format!("expected {expected}, found {found}"), position);
                    }
                }
                Some(ExtendedType::Enum(kind)) => self.member(kind, literal, position),
                Some(ExtendedType::InputObject(object)) => self.object(object, literal, position),
                // An unknown type is an error of the whole document.
                Some(_) | None => {}
            },
        }
    }

    fn member(&mut self, kind: &EnumType, value: &Value, position: Option<Pos>) {
        let message = match value {
            Value::Enum(member) if kind.values.contains_key(member) => return,
            Value::Enum(member) => format!("the type {} has no member {member}", kind.name),
            other => {
                format!("expected a member of the type {}, without quotes, found {}", kind.name, found(other))
            }
        };
        self.refuse(message, position);
    }

    fn object(&mut self, object: &InputObjectType, value: &Value, position: Option<Pos>) {
        let Value::Object(given) = value else {
            let expected = object_of(&object.name, readers::has_operators(object));
            return self.refuse(format!("expected {expected}, found {}", found(value)), position);
        };
        self.unique(given);
        for (name, value) in given {
            match object.fields.get(name) {
                Some(field) => self.value(&field.ty, value, field.default_value.is_some()),
                None => {
                    let at = self.lines.position(name.location());
                    self.refuse(format!("the type {} has no field '{name}'", object.name), at);
                }
            }
        }
        let is_given = |name: &Name| given.iter().any(|(given, _)| given == name);
        let missing = object.fields.values().filter(|field| field.is_required() && !is_given(&field.name));
        for field in missing {
            self.refuse(format!("the field '{}' of the type {} is required", field.name, field.ty), position);
        }
    }

    /// Checks that no field is given twice (GraphQL, section 5.6.3).
    fn unique(&mut self, given: &[(Name, Node<Value>)]) {
        let mut names = HashSet::new();
        for (name, _) in given {
            if !names.insert(name) {
                let at = self.lines.position(name.location());
                self.refuse(format!("the field '{name}' is given more than once"), at);
            }
        }
    }

    /// Checks that a variable fits the type of its position (GraphQL, section 5.8.5).
    fn variable(&mut self, ty: &Type, name: &Name, has_default: bool, position: Option<Pos>) {
        let Some(definition) = self.defined(name, position) else { return };
        let has_own_default = definition.default_value.as_ref().is_some_and(|default| !default.is_null());
        let is_filled = !definition.ty.is_non_null() && (has_own_default || has_default);
        let location = if is_filled { ty.clone().nullable() } else { ty.clone() };
        if !definition.ty.is_assignable_to(&location) {
            let own = &definition.ty;
            self.refuse(
                format!("the variable '${name}' of the type {own} does not fit the type {ty}"),
                position,
            );
        }
    }

    fn defined(&mut self, name: &Name, position: Option<Pos>) -> Option<&'a VariableDefinition> {
        let found = self.operation.variables.iter().find(|definition| definition.name == *name);
        if found.is_none() {
            self.refuse(format!("the variable '${name}' is not defined"), position);
        }
        found.map(AsRef::as_ref)
    }

    /// Checks what is within a scalar that takes any JSON: variables only have to be defined.
    fn within_scalar(&mut self, value: &Value, position: Option<Pos>) {
        match value {
            Value::Variable(name) => {
                self.defined(name, position);
            }
            Value::List(items) => items.iter().for_each(|item| self.within_scalar(item, position)),
            Value::Object(fields) => {
                self.unique(fields);
                fields.iter().for_each(|(_, value)| self.within_scalar(value, position));
            }
            Value::Null
            | Value::Enum(_)
            | Value::String(_)
            | Value::Float(_)
            | Value::Int(_)
            | Value::Boolean(_) => {}
        }
    }
}

/// Describes a literal without repeating what it holds, which may be a secret.
fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Enum(name) => format!("the name {name}"),
        Value::Variable(name) => format!("the variable ${name}"),
        Value::String(_) => "a string".to_owned(),
        Value::Float(_) | Value::Int(_) => "a number".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::List(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}
