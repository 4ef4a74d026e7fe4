//! Where types are used.

use std::collections::BTreeMap;

use super::{TYPES, path};
use crate::introspection::{Named, Schema, Type};
use crate::page::{Inline, Target, anchor, code};

/// The places at which each type is used, by its name.
pub(super) struct Usage(BTreeMap<String, Vec<Inline>>);

impl Usage {
    pub(super) fn of(schema: &Schema) -> Self {
        let mut usage = Self(BTreeMap::new());
        for directive in &schema.directives {
            for argument in &directive.args {
                let place = format!("@{}({})", directive.name, argument.name);
                let page = Target::Anchor(path("directive", &directive.name), anchor(&argument.name));
                usage.add(argument.type_ref.type_name(), page, place);
            }
        }
        for one in schema.types.iter().filter(|one| !one.is_built_into_introspection()) {
            usage.add_members(one, operation_word(schema, one));
        }
        usage
    }

    pub(super) fn of_type(&self, name: &str) -> Vec<Inline> {
        self.0.get(name).cloned().unwrap_or_default()
    }

    /// What fields, arguments and input fields of a type use; the fields of root types have pages of their own.
    fn add_members(&mut self, one: &Type, operation: Option<&str>) {
        for field in one.fields.iter().flatten() {
            let place = |name: &str| match operation {
                Some(word) => Target::Page(path(word, &field.name)).with_anchor(name),
                None => Target::Anchor(own_path(one), anchor(&field.name)),
            };
            self.add(field.type_ref.type_name(), place(""), format!("{}.{}", one.name, field.name));
            for argument in &field.args {
                let name = format!("{}.{}({})", one.name, field.name, argument.name);
                self.add(argument.type_ref.type_name(), place(&argument.name), name);
            }
        }
        for input in one.input_fields.iter().flatten() {
            let place = Target::Anchor(own_path(one), anchor(&input.name));
            self.add(input.type_ref.type_name(), place, format!("{}.{}", one.name, input.name));
        }
    }

    fn add(&mut self, used: &str, target: Target, place: String) {
        let link = Inline::Link(target, vec![code(place)]);
        let known = self.0.entry(used.to_owned()).or_default();
        if !known.contains(&link) {
            known.push(link);
        }
    }
}

impl Target {
    /// The place on a page; the page itself where the name is empty.
    fn with_anchor(self, name: &str) -> Self {
        match self {
            Self::Page(path) if !name.is_empty() => Self::Anchor(path, anchor(name)),
            other => other,
        }
    }
}

/// The path of a type's own page.
fn own_path(one: &Type) -> String {
    let word = TYPES.iter().find(|(kind, _)| *kind == one.kind).map_or("type", |(_, sort)| sort.kind.word);
    path(word, &one.name)
}

/// Which operation a root type is for.
fn operation_word(schema: &Schema, one: &Type) -> Option<&'static str> {
    let is = |named: Option<&Named>| named.is_some_and(|named| named.name == one.name);
    match () {
        () if one.name == schema.query_type.name => Some("query"),
        () if is(schema.mutation_type.as_ref()) => Some("mutation"),
        () if is(schema.subscription_type.as_ref()) => Some("subscription"),
        () => None,
    }
}
