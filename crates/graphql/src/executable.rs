//! A valid operation as the executor takes it: one operation with the fragments that it spreads, constants for
//! arguments, and without what `@skip` and `@include` exclude (GraphQL, section 6.3.2).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use apollo_compiler::Node;
use apollo_compiler::ast;
use apollo_compiler::executable::{self, DirectiveList, Operation};
use apollo_compiler::parser::SourceSpan;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, FragmentSpread, InlineFragment,
    OperationDefinition, OperationType, Selection, SelectionSet, TypeCondition,
};
use async_graphql::{Name, Pos, Positioned, ServerError};

use super::document::{Document, schema};
use super::input::{self, LiteralReader, Variables};

/// The kind of an operation.
pub(super) const fn kind(operation: &Operation) -> OperationType {
    match operation.operation_type {
        ast::OperationType::Query => OperationType::Query,
        ast::OperationType::Mutation => OperationType::Mutation,
        ast::OperationType::Subscription => OperationType::Subscription,
    }
}

/// Makes what is executed of an operation.
///
/// # Errors
/// The first argument that cannot be what its variables make of it.
pub(super) fn to_executable(
    document: &Document,
    operation: &Node<Operation>,
    variables: &Variables,
) -> Result<ExecutableDocument, ServerError> {
    let reader = LiteralReader { schema: schema(), lines: &document.lines, variables };
    let mut converter = Converter { document, reader, spread: Vec::new() };
    let definition = OperationDefinition {
        ty: kind(operation),
        variable_definitions: Vec::new(),
        directives: Vec::new(),
        selection_set: converter.set(&operation.selection_set, operation.location())?,
    };
    let operations = DocumentOperations::Single(converter.positioned(definition, operation.location()));
    let mut fragments = HashMap::new();
    // What a fragment spreads is added to the list while it is read.
    while let Some(name) = converter.spread.pop() {
        let Some(fragment) = document.executable.fragments.get(name.as_str()) else { continue };
        if let Entry::Vacant(vacant) = fragments.entry(name) {
            let definition = FragmentDefinition {
                type_condition: converter.condition(fragment.type_condition(), fragment.location()),
                directives: Vec::new(),
                selection_set: converter.set(&fragment.selection_set, fragment.location())?,
            };
            vacant.insert(converter.positioned(definition, fragment.location()));
        }
    }
    Ok(ExecutableDocument { operations, fragments })
}

struct Converter<'a> {
    document: &'a Document,
    reader: LiteralReader<'a>,
    /// The fragments that were spread, some more than once.
    spread: Vec<Name>,
}

impl Converter<'_> {
    fn pos(&self, span: Option<SourceSpan>) -> Pos {
        self.document.lines.position(span).unwrap_or_default()
    }

    fn positioned<T>(&self, node: T, span: Option<SourceSpan>) -> Positioned<T> {
        Positioned::new(node, self.pos(span))
    }

    fn name(&self, name: &apollo_compiler::Name) -> Positioned<Name> {
        self.positioned(Name::new(name.as_str()), name.location())
    }

    fn condition(&self, on: &apollo_compiler::Name, span: Option<SourceSpan>) -> Positioned<TypeCondition> {
        self.positioned(TypeCondition { on: self.name(on) }, span)
    }

    fn set(
        &mut self,
        set: &executable::SelectionSet,
        span: Option<SourceSpan>,
    ) -> Result<Positioned<SelectionSet>, ServerError> {
        let mut items = Vec::with_capacity(set.selections.len());
        for selection in &set.selections {
            if !self.is_included(selection.directives())? {
                continue;
            }
            items.push(match selection {
                executable::Selection::Field(field) => {
                    let converted = self.field(field)?;
                    self.positioned(Selection::Field(converted), field.location())
                }
                executable::Selection::FragmentSpread(spread) => {
                    let fragment_name = self.name(&spread.fragment_name);
                    self.spread.push(fragment_name.node.clone());
                    let converted = FragmentSpread { fragment_name, directives: Vec::new() };
                    let converted = self.positioned(converted, spread.location());
                    self.positioned(Selection::FragmentSpread(converted), spread.location())
                }
                executable::Selection::InlineFragment(fragment) => {
                    let condition = fragment.type_condition.as_ref();
                    let converted = InlineFragment {
                        type_condition: condition.map(|on| self.condition(on, on.location())),
                        directives: Vec::new(),
                        selection_set: self.set(&fragment.selection_set, fragment.location())?,
                    };
                    let converted = self.positioned(converted, fragment.location());
                    self.positioned(Selection::InlineFragment(converted), fragment.location())
                }
            });
        }
        Ok(self.positioned(SelectionSet { items }, span))
    }

    fn field(&mut self, field: &Node<executable::Field>) -> Result<Positioned<Field>, ServerError> {
        let span = field.location();
        let arguments = input::arguments(&self.reader, field)?
            .into_iter()
            .map(|(name, value)| (self.positioned(name, span), self.positioned(value.into_value(), span)));
        let arguments = arguments.collect();
        let converted = Field {
            alias: field.alias.as_ref().map(|alias| self.name(alias)),
            name: self.name(&field.name),
            arguments,
            directives: Vec::new(),
            selection_set: self.set(&field.selection_set, span)?,
        };
        Ok(self.positioned(converted, span))
    }

    /// Whether `@skip` and `@include` leave a selection in the answer (GraphQL, sections 3.13.1 and 3.13.2).
    fn is_included(&self, directives: &DirectiveList) -> Result<bool, ServerError> {
        for directive in directives.iter() {
            let included = match directive.name.as_str() {
                "skip" => !input::flag(&self.reader, directive)?,
                "include" => input::flag(&self.reader, directive)?,
                _ => true,
            };
            if !included {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
