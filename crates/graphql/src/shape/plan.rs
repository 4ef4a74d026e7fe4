//! What an operation selects of each type, merged before it runs.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, InlineFragment, OperationDefinition,
    Selection, SelectionSet, Type, TypeCondition,
};
use async_graphql::{Name, Pos, Positioned, ServerError};

use super::types::{Composite, Types, innermost, type_name};
use crate::limits::Limit;
use crate::schema_index::root;

/// What is selected of a type.
pub(crate) enum Plan {
    /// The members of an object.
    Object(Vec<Member>),
    /// The members by the type that the object has.
    Abstract(Vec<(&'static Name, Vec<Member>)>),
}

/// A member of an object in an answer.
pub(crate) struct Member {
    /// The name of the member.
    pub(super) key: Name,
    /// The field, as error messages name it.
    pub(super) field: Name,
    /// The type that has the field.
    pub(super) parent: &'static str,
    /// The type of the member.
    pub(super) of: &'static Type,
    /// Where the field is selected first.
    pub(super) pos: Pos,
    /// What is selected of it, where it has fields.
    pub(super) inner: Option<Arc<Plan>>,
}

impl Plan {
    /// Whether nothing is selected.
    pub(crate) const fn is_empty(&self) -> bool {
        match self {
            Self::Object(members) => members.is_empty(),
            Self::Abstract(_) => false,
        }
    }
}

/// The member with the type of an object. No document can have a member of this name.
pub(super) const TYPE: &str = "@type";

/// The most fields of an operation after its selections are merged for each type.
const MERGED: Limit = Limit::new("fields", "the number of fields, with fragments merged for each type", 5000);

/// The plan of an operation that is valid and has no directives, and a document that selects the same without
/// fragments.
pub(crate) fn plan(
    fragments: &HashMap<Name, Positioned<FragmentDefinition>>,
    operation: &OperationDefinition,
) -> Result<(Plan, ExecutableDocument), ServerError> {
    let mut planner = Planner { fragments, types: Types::get(), merged: 0 };
    let set = &operation.selection_set;
    let (plan, selections) = planner.selected(&[&set.node], &Name::new(root(operation.ty)), set.pos)?;
    let merged = OperationDefinition {
        ty: operation.ty,
        variable_definitions: Vec::new(),
        directives: Vec::new(),
        selection_set: selections,
    };
    let operations = DocumentOperations::Single(Positioned::new(merged, set.pos));
    Ok((plan, ExecutableDocument { operations, fragments: HashMap::new() }))
}

struct Planner<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    types: &'static Types,
    merged: u64,
}

/// The fields of some selections by the members that they make (GraphQL, section 6.3.2).
type Groups<'a> = IndexMap<&'a Name, Vec<&'a Positioned<Field>>>;

/// Selections as the executor takes them.
type Selections = Positioned<SelectionSet>;

impl<'a> Planner<'a> {
    /// What some selections of one value select, by the name of its type.
    fn selected(
        &mut self,
        sets: &[&'a SelectionSet],
        of: &str,
        pos: Pos,
    ) -> Result<(Plan, Selections), ServerError> {
        let (plan, items) = match self.types.composite(of) {
            Some(Composite::Abstract { possible, .. }) => self.of_abstract(sets, of, possible, pos)?,
            Some(Composite::Object(_)) | None => {
                let groups = self.collect(sets, of);
                let (mut members, mut items) = (Vec::with_capacity(groups.len()), Vec::new());
                for fields in groups.values() {
                    if let Some((member, field)) = self.member(fields, of)? {
                        members.push(member);
                        items.push(field);
                    }
                }
                if members.is_empty() {
                    items.push(type_of_object(pos));
                }
                (Plan::Object(members), items)
            }
        };
        Ok((plan, Positioned::new(SelectionSet { items }, pos)))
    }

    fn of_abstract(
        &mut self,
        sets: &[&'a SelectionSet],
        of: &str,
        possible: &'static [Name],
        pos: Pos,
    ) -> Result<(Plan, Vec<Positioned<Selection>>), ServerError> {
        let mut by_type = Vec::with_capacity(possible.len());
        for name in possible {
            by_type.push((name, self.collect(sets, name)));
        }
        let (mut items, mut shared) = (vec![type_of_object(pos)], HashMap::new());
        // A field that is selected of all types alike is resolved by the abstract type.
        for (key, fields) in by_type.first().map(|(_, groups)| groups).into_iter().flatten() {
            if self.is_shared(fields, of, &by_type, key)
                && let Some((member, field)) = self.member(fields, of)?
            {
                items.push(field);
                shared.insert(*key, member.inner);
            }
        }
        let mut plans = Vec::with_capacity(possible.len());
        for (name, groups) in by_type {
            let (mut members, mut own) = (Vec::with_capacity(groups.len()), Vec::new());
            for (key, fields) in &groups {
                if let Some(inner) = shared.get(key) {
                    members.extend(self.describe(fields, name, inner.clone()));
                } else if let Some((member, field)) = self.member(fields, name)? {
                    members.push(member);
                    own.push(field);
                }
            }
            if !own.is_empty() {
                items.push(fragment(name, own, pos));
            }
            plans.push((name, members));
        }
        Ok((Plan::Abstract(plans), items))
    }

    /// Whether all possible types make a member of the same selections, which the abstract type has as well.
    fn is_shared(
        &self,
        fields: &[&'a Positioned<Field>],
        of: &str,
        by_type: &[(&'static Name, Groups<'a>)],
        key: &Name,
    ) -> bool {
        let Some(field) = fields.first() else { return false };
        let gives = |of: &str| self.type_of(of, &field.node.name.node).map(innermost);
        let own = gives(of);
        own.is_some()
            && by_type.iter().all(|(name, groups)| {
                // Selecting a value without members again adds nothing.
                let is_leaf = field.node.selection_set.node.items.is_empty();
                let compared = if is_leaf { 1 } else { fields.len() };
                let is_same = |others: &Vec<&Positioned<Field>>| {
                    (is_leaf || others.len() == compared)
                        && others
                            .iter()
                            .zip(fields)
                            .take(compared)
                            .all(|(one, other)| std::ptr::eq(*one, *other))
                };
                groups.get(key).is_some_and(is_same) && gives(name) == own
            })
    }

    /// The member that some fields make together, and the field that resolves it; nothing where the type has no such
    /// field, which the validation refuses.
    fn member(
        &mut self,
        fields: &[&'a Positioned<Field>],
        parent: &str,
    ) -> Result<Option<(Member, Positioned<Selection>)>, ServerError> {
        let Some(Positioned { node: first, pos }) = fields.first() else { return Ok(None) };
        let Some(of) = self.type_of(parent, &first.name.node) else { return Ok(None) };
        self.merged += 1;
        MERGED.check(self.merged, Some(*pos))?;
        let gives = innermost(of);
        let set_pos = first.selection_set.pos;
        let (inner, selection_set) = if self.types.composite(gives).is_some() {
            let sets: Vec<_> = fields.iter().map(|field| &field.node.selection_set.node).collect();
            let (plan, selections) = self.selected(&sets, gives, set_pos)?;
            (Some(Arc::new(plan)), selections)
        } else {
            (None, Positioned::new(SelectionSet::default(), set_pos))
        };
        let field = Field {
            alias: first.alias.clone(),
            name: first.name.clone(),
            arguments: first.arguments.clone(),
            directives: Vec::new(),
            selection_set,
        };
        let selection = Selection::Field(Positioned::new(field, *pos));
        Ok(self.describe(fields, parent, inner).map(|member| (member, Positioned::new(selection, *pos))))
    }

    fn describe(
        &self,
        fields: &[&'a Positioned<Field>],
        parent: &str,
        inner: Option<Arc<Plan>>,
    ) -> Option<Member> {
        let Positioned { node: field, pos } = fields.first()?;
        let (parent, of) = (self.types.name(parent)?, self.type_of(parent, &field.name.node)?);
        let (key, field) = (field.response_key().node.clone(), field.name.node.clone());
        Some(Member { key, field, parent, of, pos: *pos, inner })
    }

    fn type_of(&self, parent: &str, field: &Name) -> Option<&'static Type> {
        if field == "__typename" {
            return Some(type_name());
        }
        self.types.composite(parent)?.field(field)
    }

    /// The fields that some selections select of an object, by the members that they make.
    fn collect(&self, sets: &[&'a SelectionSet], of: &str) -> Groups<'a> {
        let (mut groups, mut visited) = (Groups::new(), Vec::new());
        for set in sets {
            self.add(set, of, &mut groups, &mut visited);
        }
        groups
    }

    fn add(&self, set: &'a SelectionSet, of: &str, groups: &mut Groups<'a>, visited: &mut Vec<&'a Name>) {
        for Positioned { node: selection, .. } in &set.items {
            let (condition, inside) = match selection {
                Selection::Field(field) => {
                    groups.entry(&field.node.response_key().node).or_default().push(field);
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.selection_set)
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.fragments.get(name) else { continue };
                    if visited.contains(&name) {
                        continue;
                    }
                    visited.push(name);
                    (Some(&fragment.node.type_condition), &fragment.node.selection_set)
                }
            };
            if condition.is_none_or(|condition| self.types.is_of(of, &condition.node.on.node)) {
                self.add(&inside.node, of, groups, visited);
            }
        }
    }
}

/// Selects the type of an object.
fn type_of_object(pos: Pos) -> Positioned<Selection> {
    let field = Field {
        alias: Some(Positioned::new(Name::new(TYPE), pos)),
        name: Positioned::new(Name::new("__typename"), pos),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: Positioned::default(),
    };
    Positioned::new(Selection::Field(Positioned::new(field, pos)), pos)
}

/// Selects fields of the objects of one type.
fn fragment(on: &Name, items: Vec<Positioned<Selection>>, pos: Pos) -> Positioned<Selection> {
    let condition = TypeCondition { on: Positioned::new(on.clone(), pos) };
    let fragment = InlineFragment {
        type_condition: Some(Positioned::new(condition, pos)),
        directives: Vec::new(),
        selection_set: Positioned::new(SelectionSet { items }, pos),
    };
    Positioned::new(Selection::InlineFragment(Positioned::new(fragment, pos)), pos)
}
