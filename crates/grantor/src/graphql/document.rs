//! Documents, measured before they are validated: nothing that a small document can unfold into costs more than
//! these limits allow. Fragments are counted as often as they are spread, each measured once.

mod nesting;

use std::collections::HashMap;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection,
    SelectionSet,
};
use async_graphql::{Pos, Positioned, ServerError};

use super::error::{PARSE_FAILED, VALIDATION_FAILED, code};
use super::limits::{Limit, Limits};

/// The longest document, in bytes.
const LENGTH: Limit = Limit::new("length", "the document's length in bytes", 64 * 1024);
/// The deepest nesting of brackets in the text.
const NESTING: Limit = Limit::new("nesting", "the nesting of brackets", 32);
/// The most fragments.
const FRAGMENTS: Limit = Limit::new("fragments", "the number of fragments", 32);
/// The most fields and spreads, with fragments unfolded.
const SELECTIONS: Limit = Limit::new("fields", "the number of fields", 500);
/// The deepest nesting of fields about the schema itself, which the usual introspection query needs.
const INTROSPECTION_DEPTH: Limit = Limit::new("depth", "the depth of fields", 20);
/// One list of types in another.
const TYPE_LISTS_IN_EACH_OTHER: Limit =
    Limit::new("introspection", "the nesting of lists of types in each other", 1);
/// How often one field of the root can be asked for.
const REPEATS: Limit = Limit::new("repeats", "how often one field of the root is asked for", 5);

/// The lists of the schema's own types that lead back to types: one in another multiplies the answer.
const TYPE_LISTS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];

/// Reads a document and measures it.
pub(super) fn parse(text: &str, limits: &Limits) -> Result<ExecutableDocument, ServerError> {
    LENGTH.check(text.len() as u64, None)?;
    let shape = nesting::shape(text);
    NESTING.check(shape.deepest, None)?;
    Limit::new("tokens", "the number of tokens", limits.tokens).check(shape.tokens, None)?;
    let document = async_graphql::parser::parse_query(text).map_err(|error| {
        let error = ServerError::from(error);
        ServerError { extensions: Some(code(PARSE_FAILED)), ..error }
    })?;
    FRAGMENTS.check(document.fragments.len() as u64, None)?;
    measure(&document, limits)?;
    Ok(document)
}

/// The operation of a document that runs; nothing where there is no such operation.
pub(super) fn operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a OperationDefinition> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(only), None) => Some(only),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name),
        (DocumentOperations::Multiple(all), None) => all.values().next().filter(|_| all.len() == 1),
    };
    operation.map(|operation| &operation.node)
}

fn measure(document: &ExecutableDocument, limits: &Limits) -> Result<(), ServerError> {
    let mut sizes = Sizes { document, known: HashMap::new(), open: Vec::new() };
    for name in document.fragments.keys() {
        sizes.of_fragment(name)?;
    }
    let mut size = 0_u64;
    for (_, operation) in document.operations.iter() {
        size = size.saturating_add(sizes.of_set(&operation.node.selection_set)?);
        SELECTIONS.check(size, Some(operation.pos))?;
    }
    for (_, operation) in document.operations.iter() {
        let mut walk = Walk { document, limits, repeats: HashMap::new(), aliases: 0, root_fields: 0 };
        walk.through(&operation.node.selection_set.node, Place::default())?;
    }
    Ok(())
}

/// How many selections parts of a document unfold into.
struct Sizes<'a> {
    document: &'a ExecutableDocument,
    known: HashMap<&'a str, u64>,
    open: Vec<&'a str>,
}

impl<'a> Sizes<'a> {
    fn of_set(&mut self, set: &'a Positioned<SelectionSet>) -> Result<u64, ServerError> {
        let mut size = 0_u64;
        for selection in &set.node.items {
            let inside = match &selection.node {
                Selection::Field(field) => self.of_set(&field.node.selection_set)?,
                Selection::InlineFragment(fragment) => self.of_set(&fragment.node.selection_set)?,
                Selection::FragmentSpread(spread) => self.of_fragment(&spread.node.fragment_name.node)?,
            };
            size = size.saturating_add(inside).saturating_add(1);
        }
        SELECTIONS.check(size, Some(set.pos))?;
        Ok(size)
    }

    fn of_fragment(&mut self, name: &str) -> Result<u64, ServerError> {
        // One that does not exist is left to the validation.
        let document = self.document;
        let Some((name, fragment)) = document.fragments.get_key_value(name) else { return Ok(0) };
        let name = name.as_str();
        if let Some(size) = self.known.get(name) {
            return Ok(*size);
        }
        if self.open.contains(&name) {
            return Err(refused(format!("the fragment '{name}' contains itself"), Some(fragment.pos)));
        }
        self.open.push(name);
        let size = self.of_set(&fragment.node.selection_set)?;
        self.open.pop();
        self.known.insert(name, size);
        Ok(size)
    }
}

/// Where in an operation a selection stands.
#[derive(Clone, Copy, Default)]
struct Place {
    depth: u64,
    introspects: bool,
    type_lists: u64,
}

/// A walk through an operation with its fragments unfolded; its size was limited before.
struct Walk<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    repeats: HashMap<&'a str, u64>,
    aliases: u64,
    root_fields: u64,
}

impl<'a> Walk<'a> {
    fn through(&mut self, set: &'a SelectionSet, place: Place) -> Result<(), ServerError> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let inside = self.step(&field.node, selection.pos, place)?;
                    self.through(&field.node.selection_set.node, inside)?;
                }
                Selection::InlineFragment(fragment) => {
                    self.through(&fragment.node.selection_set.node, place)?;
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.fragment(&spread.node.fragment_name.node) {
                        self.through(&fragment.node.selection_set.node, place)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn fragment(&self, name: &str) -> Option<&'a Positioned<FragmentDefinition>> {
        self.document.fragments.get(name)
    }

    fn step(&mut self, field: &'a Field, pos: Pos, place: Place) -> Result<Place, ServerError> {
        let name = field.name.node.as_str();
        let mut inside = Place { depth: place.depth + 1, ..place };
        self.aliases += u64::from(field.alias.is_some());
        Limit::new("aliases", "the number of aliases", self.limits.aliases).check(self.aliases, Some(pos))?;
        if place.depth == 0 {
            self.root_fields += 1;
            Limit::new("rootFields", "the number of fields of the root", self.limits.root_fields)
                .check(self.root_fields, Some(pos))?;
            let repeats = self.repeats.entry(name).or_default();
            *repeats += 1;
            REPEATS.check(*repeats, Some(pos))?;
            inside.introspects = matches!(name, "__schema" | "__type");
        } else if place.introspects && TYPE_LISTS.contains(&name) {
            inside.type_lists += 1;
            TYPE_LISTS_IN_EACH_OTHER.check(inside.type_lists, Some(pos))?;
        }
        let depth = Limit::new("depth", "the depth of fields", self.limits.depth);
        let depth = if inside.introspects { INTROSPECTION_DEPTH } else { depth };
        depth.check(inside.depth, Some(pos))?;
        Ok(inside)
    }
}

fn refused(message: String, pos: Option<Pos>) -> ServerError {
    ServerError { extensions: Some(code(VALIDATION_FAILED)), ..ServerError::new(message, pos) }
}

#[cfg(test)]
mod tests;
