//! Paths of conditions: their start and their target.

use model::query::PropertyPath;
use model::{Entity, Property};

use super::classify::step_text;
use super::condition::{Conditions, Rows};
use super::errors::meaning;
use crate::OdataError;
use crate::ast::{Path, Root, Step};
use crate::metadata::entity_type_name;

impl Conditions<'_> {
    /// Returns the names of a path to a property.
    pub(super) fn property(&self, path: &Path, at: usize) -> Result<PropertyPath, OdataError> {
        let names = self.names(&path.root, &path.steps, at)?;
        if names.is_empty() {
            return Err(meaning(self.scope.option, at, "expected a property after this".to_owned()));
        }
        Ok(names)
    }

    /// Returns the names of a path's steps from the current row.
    pub(super) fn names(&self, root: &Root, steps: &[Step], at: usize) -> Result<PropertyPath, OdataError> {
        let steps = self.after_variable(root, steps, at)?;
        let mut names: PropertyPath = Vec::with_capacity(steps.len());
        for step in steps {
            let Step::Name(name) = step else {
                return Err(self.scope.unoffered(&format!("'{}' in a path", step_text(step)), at));
            };
            if !name.contains('.') {
                names.push(name.clone());
            } else if self.target(&names).is_none_or(|entity| entity_type_name(entity) != *name) {
                return Err(self.scope.unoffered("a type in a path other than that of its rows", at));
            }
        }
        Ok(names)
    }

    /// Returns the steps from the current row, without its range variable.
    fn after_variable<'p>(
        &self,
        root: &Root,
        steps: &'p [Step],
        at: usize,
    ) -> Result<&'p [Step], OdataError> {
        match (root, self.rows) {
            (Root::Row | Root::It | Root::This, Rows::Resource) | (Root::Row | Root::This, Rows::Members) => {
                Ok(steps)
            }
            (Root::Row, Rows::Variable(variable)) => match steps.split_first() {
                Some((Step::Name(first), rest)) if first == variable => Ok(rest),
                _ => {
                    let message =
                        format!("a path in this condition must begin with the variable '{variable}/'");
                    Err(meaning(self.scope.option, at, message))
                }
            },
            (Root::It, _) => Err(self.scope.unoffered("$it and other rows in one condition", at)),
            (Root::This, Rows::Variable(_)) => Err(self.scope.unoffered("$this within 'any' and 'all'", at)),
            (Root::Service, _) => Err(self.scope.unoffered("$root here", at)),
            (Root::These, _) => Err(self.scope.unoffered("$these", at)),
            (Root::Alias(_), _) => Err(self.scope.unoffered("a path that begins with an alias", at)),
        }
    }

    /// Returns the entity at the end of a path, if the model has it.
    pub(super) fn target(&self, names: &[String]) -> Option<&'static Entity> {
        names.iter().try_fold(self.entity, |entity, name| {
            let reference = entity.reference(name).map(model::Reference::target);
            reference.or_else(|| entity.collection(name).map(model::Collection::target))
        })
    }

    /// Returns the property at the end of a path, if the model has it.
    pub(super) fn find(&self, names: &[String]) -> Option<Property> {
        let (name, before) = names.split_last()?;
        self.target(before)?.property(name)
    }

    /// Returns whether a path may begin with a name: a variable, or a member of the rows.
    pub(super) fn knows(&self, name: &str) -> bool {
        match (self.rows, self.enclosing) {
            (Rows::Variable(variable), _) if variable == name => true,
            (Rows::Variable(_), Some(enclosing)) => enclosing.knows(name),
            _ => self.entity.property(name).is_some() || self.entity.collection(name).is_some(),
        }
    }
}
