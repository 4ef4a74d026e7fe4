//! The cost of an operation and the scopes that it needs, computed before it runs. A scalar costs nothing, an object
//! costs 1, and a connection multiplies the cost of a row by the number of requested rows.

use std::collections::BTreeMap;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Pos, Positioned};
use async_graphql_value::Value;

use super::connection::{DEFAULT_PAGE, MAX_PAGE};
use super::schema_index::{IndexedField, SchemaIndex, root};

/// The cost of an operation, and its scopes.
#[derive(Default)]
pub(super) struct OperationCost {
    pub(super) points: u64,
    /// The scopes that it needs, each with the first field that needs it.
    pub(super) scopes: BTreeMap<&'static str, Pos>,
}

/// Computes the cost of the operations of a document whose arguments are constants, with their defaults.
pub(super) fn analyze(document: &ExecutableDocument) -> OperationCost {
    let mut visitor = CostVisitor { document, index: SchemaIndex::get(), scopes: BTreeMap::new() };
    let mut points = 0_u64;
    let mut add = |operation: &OperationDefinition| {
        let more = visitor.set(&operation.selection_set.node, root(operation.ty), 1);
        points = points.saturating_add(more);
    };
    match &document.operations {
        DocumentOperations::Single(operation) => add(&operation.node),
        DocumentOperations::Multiple(operations) => operations.values().for_each(|one| add(&one.node)),
    }
    OperationCost { points, scopes: visitor.scopes }
}

struct CostVisitor<'a> {
    document: &'a ExecutableDocument,
    index: &'static SchemaIndex,
    scopes: BTreeMap<&'static str, Pos>,
}

impl CostVisitor<'_> {
    /// Returns the cost of a selection of a type; `rows` is the number of rows of the enclosing connection.
    fn set(&mut self, set: &SelectionSet, of: &str, rows: u64) -> u64 {
        let mut cost = 0_u64;
        for selection in &set.items {
            let more = match &selection.node {
                Selection::Field(field) => self.field(field, of, rows),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let of = condition.map_or(of, |condition| condition.node.on.node.as_str());
                    self.set(&fragment.node.selection_set.node, of, rows)
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.node.fragment_name.node);
                    fragment.map_or(0, |fragment| {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        self.set(&fragment.node.selection_set.node, on, rows)
                    })
                }
            };
            cost = cost.saturating_add(more);
        }
        cost
    }

    fn field(&mut self, field: &Positioned<Field>, of: &str, rows: u64) -> u64 {
        let Some(known) = self.index.field(of, &field.node.name.node) else { return 0 };
        if let Some(scope) = known.scope {
            self.scopes.entry(scope).or_insert(field.pos);
        }
        if !self.index.has_fields(&known.type_name) {
            return 0;
        }
        let times = self.times(&field.node, known, rows);
        let inside = self.set(
            &field.node.selection_set.node,
            &known.type_name,
            size(&field.node).unwrap_or(DEFAULT_PAGE),
        );
        inside.saturating_add(1).saturating_mul(times)
    }

    /// Returns the number of objects of a field.
    fn times(&self, field: &Field, known: &IndexedField, rows: u64) -> u64 {
        if !known.is_list {
            return 1;
        }
        match field.name.node.as_str() {
            "edges" | "nodes" if field.arguments.is_empty() => rows,
            _ => size(field).or_else(|| length(field, "ids")).unwrap_or(1),
        }
    }
}

/// Returns the number of rows that a field requests.
fn size(field: &Field) -> Option<u64> {
    ["first", "last"].into_iter().find_map(|name| match &field.get_argument(name)?.node {
        Value::Number(number) => Some(number.as_u64().unwrap_or(0).min(MAX_PAGE)),
        _ => None,
    })
}

fn length(field: &Field, name: &str) -> Option<u64> {
    match &field.get_argument(name)?.node {
        Value::List(values) => Some(values.len() as u64),
        _ => None,
    }
}
