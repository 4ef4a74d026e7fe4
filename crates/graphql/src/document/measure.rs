//! The size of a document. Fragments count as often as they are spread; each is measured once.

use std::collections::HashMap;

use apollo_compiler::Node;
use apollo_compiler::ast::{self, Definition, Field, FragmentDefinition, Selection};
use async_graphql::ServerError;

use crate::error::invalid;
use crate::limits::{Limit, Limits};
use crate::line_index::LineIndex;

/// The most fragments.
const FRAGMENTS: Limit = Limit::new("fragments", "the number of fragments", 32);
/// The most fields and spreads, with fragments unfolded.
const SELECTIONS: Limit = Limit::new("fields", "the number of fields", 500);
/// The deepest nesting of fields about the schema itself, which the usual introspection query needs.
const INTROSPECTION_DEPTH: Limit = Limit::new("depth", "the depth of fields", 20);
/// One list of types in another.
const TYPE_LISTS_IN_EACH_OTHER: Limit =
    Limit::new("introspection", "the nesting of lists of types in each other", 1);
/// How often one field of the root can be selected.
const REPEATS: Limit = Limit::new("repeats", "the number of selections of one root field", 5);

/// The lists of the schema's own types that lead back to types: one in another multiplies the answer.
const TYPE_LISTS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];

/// Refuses a document that exceeds the limits, or has a fragment that contains itself.
pub(super) fn measure(
    document: &ast::Document,
    lines: &LineIndex,
    limits: &Limits,
) -> Result<(), ServerError> {
    let fragments: HashMap<&str, &Node<FragmentDefinition>> = document
        .definitions
        .iter()
        .filter_map(Definition::as_fragment_definition)
        .map(|fragment| (fragment.name.as_str(), fragment))
        .collect();
    let operations = || document.definitions.iter().filter_map(Definition::as_operation_definition);
    FRAGMENTS.check(fragments.len() as u64, None)?;
    let mut sizes = UnfoldedSizes { fragments: &fragments, lines, known: HashMap::new(), open: Vec::new() };
    for name in fragments.keys() {
        sizes.of_fragment(name)?;
    }
    let mut size = 0_u64;
    for operation in operations() {
        size = size.saturating_add(sizes.of_set(&operation.selection_set)?);
        SELECTIONS.check(size, lines.position(operation.location()))?;
    }
    for operation in operations() {
        let mut visitor = LimitVisitor {
            fragments: &fragments,
            lines,
            limits,
            repeats: HashMap::new(),
            aliases: 0,
            root_fields: 0,
        };
        visitor.selections(&operation.selection_set, Position::default())?;
    }
    Ok(())
}

type Fragments<'a> = HashMap<&'a str, &'a Node<FragmentDefinition>>;

/// How many selections parts of a document unfold into.
struct UnfoldedSizes<'a> {
    fragments: &'a Fragments<'a>,
    lines: &'a LineIndex,
    known: HashMap<&'a str, u64>,
    open: Vec<&'a str>,
}

impl<'a> UnfoldedSizes<'a> {
    fn of_set(&mut self, set: &'a [Selection]) -> Result<u64, ServerError> {
        let mut size = 0_u64;
        for selection in set {
            let inside = match selection {
                Selection::Field(field) => self.of_set(&field.selection_set)?,
                Selection::InlineFragment(fragment) => self.of_set(&fragment.selection_set)?,
                Selection::FragmentSpread(spread) => self.of_fragment(&spread.fragment_name)?,
            };
            size = size.saturating_add(inside).saturating_add(1);
        }
        SELECTIONS.check(size, self.lines.position(set.first().and_then(Selection::location)))?;
        Ok(size)
    }

    fn of_fragment(&mut self, name: &str) -> Result<u64, ServerError> {
        // The validation refuses a spread of a fragment that does not exist.
        let Some((name, fragment)) = self.fragments.get_key_value(name) else { return Ok(0) };
        if let Some(size) = self.known.get(name) {
            return Ok(*size);
        }
        if self.open.contains(name) {
            let position = self.lines.position(fragment.location());
            return Err(invalid(format!("the fragment '{name}' contains itself"), position));
        }
        self.open.push(name);
        let size = self.of_set(&fragment.selection_set)?;
        self.open.pop();
        self.known.insert(name, size);
        Ok(size)
    }
}

/// The position of a selection in an operation.
#[derive(Clone, Copy, Default)]
struct Position {
    depth: u64,
    introspects: bool,
    type_lists: u64,
}

/// A visitor through an operation with its fragments unfolded; its size was limited before.
struct LimitVisitor<'a> {
    fragments: &'a Fragments<'a>,
    lines: &'a LineIndex,
    limits: &'a Limits,
    repeats: HashMap<&'a str, u64>,
    aliases: u64,
    root_fields: u64,
}

impl<'a> LimitVisitor<'a> {
    fn selections(&mut self, set: &'a [Selection], at: Position) -> Result<(), ServerError> {
        for selection in set {
            match selection {
                Selection::Field(field) => {
                    let inside = self.field(field, at)?;
                    self.selections(&field.selection_set, inside)?;
                }
                Selection::InlineFragment(fragment) => self.selections(&fragment.selection_set, at)?,
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.fragments.get(spread.fragment_name.as_str()) {
                        self.selections(&fragment.selection_set, at)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'a Node<Field>, at: Position) -> Result<Position, ServerError> {
        let (name, position) = (field.name.as_str(), self.lines.position(field.location()));
        let mut inside = Position { depth: at.depth + 1, ..at };
        self.aliases += u64::from(field.alias.is_some());
        Limit::new("aliases", "the number of aliases", self.limits.aliases).check(self.aliases, position)?;
        if at.depth == 0 {
            self.root_fields += 1;
            Limit::new("rootFields", "the number of fields of the root", self.limits.root_fields)
                .check(self.root_fields, position)?;
            let repeats = self.repeats.entry(name).or_default();
            *repeats += 1;
            REPEATS.check(*repeats, position)?;
            inside.introspects = matches!(name, "__schema" | "__type");
            if inside.introspects && !self.limits.introspection {
                return Err(invalid("introspection is disabled on this server".to_owned(), position));
            }
        } else if at.introspects && TYPE_LISTS.contains(&name) {
            inside.type_lists += 1;
            TYPE_LISTS_IN_EACH_OTHER.check(inside.type_lists, position)?;
        }
        let depth = Limit::new("depth", "the depth of fields", self.limits.depth);
        let depth = if inside.introspects { INTROSPECTION_DEPTH } else { depth };
        depth.check(inside.depth, position)?;
        Ok(inside)
    }
}
