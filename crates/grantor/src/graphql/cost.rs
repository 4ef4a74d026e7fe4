//! What an operation costs, and which scopes it needs, known before it runs. Scalars and enumerations cost nothing, an
//! object costs 1, and a connection multiplies what is asked of its rows by the number of rows that are asked for.

use std::collections::BTreeMap;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, VariableDefinition,
};
use async_graphql::{Pos, Positioned, Variables};
use async_graphql_value::{ConstValue, Value};

use super::outline::{FieldOutline, Outline, root};
use super::question::{MAX_PAGE, USUAL_PAGE};

/// What is known of an operation before it runs.
#[derive(Default)]
pub(super) struct Weighed {
    pub(super) cost: u64,
    /// The scopes that it needs, each with the first field that needs it.
    pub(super) scopes: BTreeMap<&'static str, Pos>,
}

/// Weighs an operation. What does not fit the schema weighs nothing: the validation tells it.
pub(super) fn weigh(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Weighed {
    let definitions = &operation.variable_definitions;
    let mut scale =
        Scale { document, definitions, variables, outline: Outline::get(), scopes: BTreeMap::new() };
    let cost = scale.set(&operation.selection_set.node, root(operation.ty), 1);
    Weighed { cost, scopes: scale.scopes }
}

struct Scale<'a> {
    document: &'a ExecutableDocument,
    definitions: &'a [Positioned<VariableDefinition>],
    variables: &'a Variables,
    outline: &'static Outline,
    scopes: BTreeMap<&'static str, Pos>,
}

impl Scale<'_> {
    /// The cost of what is selected of a type; `rows` is how many rows the connection has that this is selected of.
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
        let Some(known) = self.outline.field(of, &field.node.name.node) else { return 0 };
        if let Some(scope) = known.scope {
            self.scopes.entry(scope).or_insert(field.pos);
        }
        if !self.outline.has_fields(&known.gives) {
            return 0;
        }
        let times = self.times(&field.node, known, rows);
        let inside = self.set(
            &field.node.selection_set.node,
            &known.gives,
            self.size(&field.node).unwrap_or(USUAL_PAGE),
        );
        inside.saturating_add(1).saturating_mul(times)
    }

    /// How many objects a field gives.
    fn times(&self, field: &Field, known: &FieldOutline, rows: u64) -> u64 {
        if !known.is_list {
            return 1;
        }
        match field.name.node.as_str() {
            "edges" | "nodes" if field.arguments.is_empty() => rows,
            _ => self.size(field).or_else(|| self.length(field, "ids")).or(known.usual).unwrap_or(1),
        }
    }

    /// How many rows a field asks for.
    fn size(&self, field: &Field) -> Option<u64> {
        let given = ["first", "last"].into_iter().find_map(|name| self.argument(field, name));
        match given? {
            ConstValue::Number(number) => Some(number.as_u64().unwrap_or(0).min(MAX_PAGE)),
            _ => None,
        }
    }

    fn length(&self, field: &Field, name: &str) -> Option<u64> {
        match self.argument(field, name)? {
            ConstValue::List(values) => Some(values.len() as u64),
            _ => Some(1),
        }
    }

    /// The value of an argument, its variables replaced; nothing where it is left out or null.
    fn argument(&self, field: &Field, name: &str) -> Option<ConstValue> {
        let value = field.get_argument(name)?.node.clone();
        let value = match value {
            // A list may be long; its variables do not matter for its length.
            Value::List(values) => ConstValue::List(vec![ConstValue::Null; values.len()]),
            value => value.into_const_with(|name| Ok::<_, ()>(self.variable(&name))).ok()?,
        };
        (value != ConstValue::Null).then_some(value)
    }

    fn variable(&self, name: &str) -> ConstValue {
        if let Some(value) = self.variables.get(name) {
            return value.clone();
        }
        let definition = self.definitions.iter().find(|definition| definition.node.name.node == name);
        let default = definition.and_then(|definition| definition.node.default_value.as_ref());
        default.map_or(ConstValue::Null, |default| default.node.clone())
    }
}
