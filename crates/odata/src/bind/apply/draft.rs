//! A sequence under construction.

use model::query::{GroupKey, Part};

use super::grouped_query::Sequence;

/// A sequence under construction.
#[derive(Clone, Default)]
pub(super) struct Draft {
    pub(super) sequence: Sequence,
    /// Computed parts: alias, part and path of the property.
    pub(super) computed: Vec<(String, Part, Vec<String>)>,
    /// Whether the rows are grouped already.
    pub(super) grouped: bool,
}

impl Draft {
    /// Returns the group key of a path: a computed part, or a property.
    pub(super) fn key(&self, path: &[String]) -> GroupKey {
        let computed = self.computed.iter().find(|(alias, ..)| *path == [alias.as_str()]);
        match computed {
            Some((alias, part, path)) => GroupKey { path: path.clone(), part: Some((*part, alias.clone())) },
            None => GroupKey { path: path.to_vec(), part: None },
        }
    }
}
