//! Documents, measured before they are validated: nothing that a small document can unfold into costs more than
//! these limits allow. Fragments are counted as often as they are spread, each measured once.

mod nesting;

use std::collections::HashMap;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, FragmentDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Pos, Positioned, ServerError};

use super::error::{PARSE_FAILED, VALIDATION_FAILED, code};

/// The longest document, in bytes.
pub(super) const MAX_LENGTH: usize = 64 * 1024;
/// The deepest nesting of brackets in the text.
pub(super) const MAX_NESTING: usize = 32;
/// The most fragments.
pub(super) const MAX_FRAGMENTS: usize = 32;
/// The most fields and spreads, with fragments unfolded.
pub(super) const MAX_SELECTIONS: usize = 500;
/// The deepest nesting of fields.
pub(super) const MAX_DEPTH: usize = 12;
/// The deepest nesting of fields about the schema itself, which the usual introspection query needs.
pub(super) const MAX_INTROSPECTION_DEPTH: usize = 20;
/// How often one field of the root can be asked for.
pub(super) const MAX_REPEATS: usize = 5;

/// The lists of the schema's own types that lead back to types: one in another multiplies the answer.
const TYPE_LISTS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];

/// Reads a document and measures it.
pub(super) fn parse(text: &str) -> Result<ExecutableDocument, ServerError> {
    check(text.len(), MAX_LENGTH, "the document's length in bytes", None)?;
    check(nesting::deepest(text), MAX_NESTING, "the nesting of brackets", None)?;
    let document = async_graphql::parser::parse_query(text).map_err(|error| {
        let error = ServerError::from(error);
        ServerError { extensions: Some(code(PARSE_FAILED)), ..error }
    })?;
    check(document.fragments.len(), MAX_FRAGMENTS, "the number of fragments", None)?;
    measure(&document)?;
    Ok(document)
}

/// What an operation of a document does; nothing where there is no such operation.
pub(super) fn operation_type(document: &ExecutableDocument, name: Option<&str>) -> Option<OperationType> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(only), None) => Some(only),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name),
        (DocumentOperations::Multiple(all), None) => all.values().next().filter(|_| all.len() == 1),
    };
    operation.map(|operation| operation.node.ty)
}

fn measure(document: &ExecutableDocument) -> Result<(), ServerError> {
    let mut sizes = Sizes { document, known: HashMap::new(), open: Vec::new() };
    for name in document.fragments.keys() {
        sizes.of_fragment(name)?;
    }
    let mut size = 0_usize;
    for (_, operation) in document.operations.iter() {
        size = size.saturating_add(sizes.of_set(&operation.node.selection_set)?);
        check(size, MAX_SELECTIONS, "the number of fields", Some(operation.pos))?;
    }
    for (_, operation) in document.operations.iter() {
        let mut walk = Walk { document, repeats: HashMap::new() };
        walk.through(&operation.node.selection_set.node, Place::default())?;
    }
    Ok(())
}

/// How many selections parts of a document unfold into.
struct Sizes<'a> {
    document: &'a ExecutableDocument,
    known: HashMap<&'a str, usize>,
    open: Vec<&'a str>,
}

impl<'a> Sizes<'a> {
    fn of_set(&mut self, set: &'a Positioned<SelectionSet>) -> Result<usize, ServerError> {
        let mut size = 0_usize;
        for selection in &set.node.items {
            let inside = match &selection.node {
                Selection::Field(field) => self.of_set(&field.node.selection_set)?,
                Selection::InlineFragment(fragment) => self.of_set(&fragment.node.selection_set)?,
                Selection::FragmentSpread(spread) => self.of_fragment(&spread.node.fragment_name.node)?,
            };
            size = size.saturating_add(inside).saturating_add(1);
        }
        check(size, MAX_SELECTIONS, "the number of fields", Some(set.pos))?;
        Ok(size)
    }

    fn of_fragment(&mut self, name: &str) -> Result<usize, ServerError> {
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
    depth: usize,
    introspects: bool,
    type_lists: usize,
}

/// A walk through an operation with its fragments unfolded; its size was limited before.
struct Walk<'a> {
    document: &'a ExecutableDocument,
    repeats: HashMap<&'a str, usize>,
}

impl<'a> Walk<'a> {
    fn through(&mut self, set: &'a SelectionSet, place: Place) -> Result<(), ServerError> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let inside = self.step(&field.node.name.node, selection.pos, place)?;
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

    fn step(&mut self, name: &'a str, pos: Pos, place: Place) -> Result<Place, ServerError> {
        let mut inside = Place { depth: place.depth + 1, ..place };
        if place.depth == 0 {
            let repeats = self.repeats.entry(name).or_default();
            *repeats += 1;
            check(*repeats, MAX_REPEATS, &format!("how often '{name}' is asked for"), Some(pos))?;
            inside.introspects = matches!(name, "__schema" | "__type");
        } else if place.introspects && TYPE_LISTS.contains(&name) {
            inside.type_lists += 1;
            check(inside.type_lists, 1, "the nesting of lists of types in each other", Some(pos))?;
        }
        let limit = if inside.introspects { MAX_INTROSPECTION_DEPTH } else { MAX_DEPTH };
        check(inside.depth, limit, "the depth of fields", Some(pos))?;
        Ok(inside)
    }
}

fn check(found: usize, limit: usize, what: &str, pos: Option<Pos>) -> Result<(), ServerError> {
    if found <= limit { Ok(()) } else { Err(refused(format!("{what} exceeds the limit of {limit}"), pos)) }
}

fn refused(message: String, pos: Option<Pos>) -> ServerError {
    ServerError { extensions: Some(code(VALIDATION_FAILED)), ..ServerError::new(message, pos) }
}

#[cfg(test)]
mod tests;
