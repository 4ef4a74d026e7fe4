//! Operations without credentials: only to begin a device login, because its input authenticates the application. Its
//! response has only those data of the application that the decision page shows.

use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};

use super::schema_index::{SchemaIndex, root};

/// The root field that needs no credentials.
pub(super) const FIELD: &str = "apiAccessTokenCodeCreate";
/// The type of applications, and its public fields: those that the decision page shows, and those of the input.
const APPLICATION: &str = "APIApplication";
const OF_APPLICATION: [&str; 4] = ["id", "name", "description", "clientId"];

/// Returns whether the operations of a document need no credentials.
pub(super) fn is_allowed(document: &ExecutableDocument) -> bool {
    document.operations.iter().all(|(_, operation)| {
        let (of, set) = (operation.node.ty, &operation.node.selection_set.node);
        let mut check = AnonymousCheck { document, begins: false };
        of == OperationType::Mutation && check.is_allowed(set, root(of)) && check.begins
    })
}

struct AnonymousCheck<'a> {
    document: &'a ExecutableDocument,
    /// Whether a device login is begun.
    begins: bool,
}

impl AnonymousCheck<'_> {
    fn is_allowed(&mut self, set: &SelectionSet, of: &str) -> bool {
        set.items.iter().all(|selection| match &selection.node {
            Selection::Field(field) => {
                let (name, inside) = (field.node.name.node.as_str(), &field.node.selection_set.node);
                self.may_see(of, name)
                    && SchemaIndex::get()
                        .field(of, name)
                        .is_none_or(|known| self.is_allowed(inside, &known.type_name))
            }
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref();
                let of = condition.map_or(of, |condition| condition.node.on.node.as_str());
                self.is_allowed(&fragment.node.selection_set.node, of)
            }
            Selection::FragmentSpread(spread) => {
                let document = self.document;
                let fragment = document.fragments.get(&spread.node.fragment_name.node);
                fragment.is_some_and(|fragment| {
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    self.is_allowed(&fragment.node.selection_set.node, on)
                })
            }
        })
    }

    fn may_see(&mut self, of: &str, name: &str) -> bool {
        match (of, name) {
            (_, "__typename") => true,
            ("Mutation", FIELD) => {
                self.begins = true;
                true
            }
            (APPLICATION, name) => OF_APPLICATION.contains(&name),
            // An interface could have any type behind it.
            ("Mutation" | "Node" | "Grant", _) => false,
            _ => true,
        }
    }
}
