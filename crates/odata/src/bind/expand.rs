//! `$expand`.

use model::Entity;
use model::query::{Expand, ExpandShape, MAX_EXPAND_DEPTH, Query};

use super::Binder;
use super::alias::{Aliases, named};
use super::errors::{meaning, not_offered, place};
use super::types::{after_cast, not_of_type};
use crate::OdataError;
use crate::ast::{self, ExpandItem, Levels};
use crate::options::OptionName;

/// Maximum number of expanded references and collections per request, including those of `$levels` and `*`.
const MAX_EXPANDED: usize = 100;
const OPTION: &str = OptionName::Expand.name();
const ALL: &str = "*";

impl<'a> Binder<'a> {
    pub(super) fn expand(
        &self,
        entity: &'static Entity,
        items: &'a [ExpandItem],
    ) -> Result<Vec<Expand>, OdataError> {
        let mut bound: Vec<Expand> = Vec::new();
        for item in items {
            let own_name = name_of(entity, item)?;
            let levels = self.levels(item)?;
            for name in expanded_names(entity, own_name) {
                let known = bound.iter().position(|expand| expand.name == name);
                match known {
                    // An explicit item takes precedence over `*` (OData 4.01 part 2, section 5.1.3).
                    Some(_) if is_all(item) => {}
                    Some(index) if named_once(entity, items, own_name) => {
                        bound[index] = self.expand_item(entity, name, item, levels)?;
                    }
                    Some(_) => {
                        return Err(meaning(OPTION, item.at, format!("'{name}' is expanded twice")));
                    }
                    None => bound.push(self.expand_item(entity, name, item, levels)?),
                }
            }
        }
        Ok(bound)
    }

    /// Returns the number of levels of an item.
    fn levels(&self, item: &ExpandItem) -> Result<usize, OdataError> {
        let left = MAX_EXPAND_DEPTH.saturating_sub(self.depth);
        match item.options.levels {
            None => Ok(1),
            Some(Levels::Max) => Ok(left.max(1)),
            Some(Levels::Number(levels)) => match usize::try_from(levels) {
                Ok(levels) if levels <= left.max(1) => Ok(levels),
                _ => {
                    let (place, what) = (place(OPTION, item.at), "the depth of expansion");
                    Err(OdataError::Limit { place, what, limit: MAX_EXPAND_DEPTH })
                }
            },
        }
    }

    fn expand_item(
        &self,
        entity: &'static Entity,
        name: String,
        item: &'a ExpandItem,
        levels: usize,
    ) -> Result<Expand, OdataError> {
        self.expanded.set(self.expanded.get() + 1);
        if self.expanded.get() > MAX_EXPANDED {
            let (place, what) = (place(OPTION, item.at), "the number of expanded properties");
            return Err(OdataError::Limit { place, what, limit: MAX_EXPANDED });
        }
        let shape = match item.shape {
            ast::ExpandShape::References => ExpandShape::References,
            ast::ExpandShape::Count => ExpandShape::Count,
            ast::ExpandShape::Rows | ast::ExpandShape::Value => ExpandShape::Rows,
        };
        // The model reports the unknown name with a suggestion.
        let Some(target) = target(entity, &name) else {
            return Ok(Expand { name, shape, query: Query::default() });
        };
        // The innermost alias of a name wins.
        let aliases = Aliases::new(named(&item.options).chain(self.aliases.iter()));
        let inner = Self { aliases, depth: self.depth + 1, ..*self };
        let mut query = inner.query(target, &item.options)?;
        if levels > 1 {
            inner.follow(target, &name, item, levels - 1, &mut query)?;
        }
        Ok(Expand { name, shape, query })
    }

    /// Expands an item again from its target rows.
    fn follow(
        &self,
        entity: &'static Entity,
        name: &str,
        item: &'a ExpandItem,
        levels: usize,
        query: &mut Query,
    ) -> Result<(), OdataError> {
        let names = if is_all(item) { expanded_names(entity, ALL) } else { vec![name.to_owned()] };
        for name in names {
            if target(entity, &name).is_none() {
                if item.options.levels == Some(Levels::Max) {
                    continue;
                }
                let message = format!("$levels: {} has no '{name}' to expand", entity.set_name());
                return Err(meaning(OPTION, item.at, message));
            }
            if !query.expand.iter().any(|expand| expand.name == name) {
                query.expand.push(self.expand_item(entity, name, item, levels)?);
            }
        }
        Ok(())
    }
}

fn target(entity: &'static Entity, name: &str) -> Option<&'static Entity> {
    let reference = entity.reference(name).map(model::Reference::target);
    reference.or_else(|| entity.collection(name).map(model::Collection::target))
}

fn is_all(item: &ExpandItem) -> bool {
    item.path.last().is_some_and(|name| name == ALL)
}

fn named_once(entity: &'static Entity, items: &[ExpandItem], name: &str) -> bool {
    items.iter().filter(|item| name_of(entity, item).is_ok_and(|other| other == name)).count() == 1
}

/// Returns the single name that an item expands, without the type casts around it.
fn name_of<'a>(entity: &'static Entity, item: &'a ExpandItem) -> Result<&'a str, OdataError> {
    if item.shape == ast::ExpandShape::Value {
        return Err(not_offered("$expand=$value", Some(place(OPTION, item.at))));
    }
    let Some((name, rest)) = after_cast(entity, &item.path).split_first() else {
        return Err(meaning(
            OPTION,
            item.at,
            "expected a reference or a collection after the type".to_owned(),
        ));
    };
    if name.contains('.') {
        return Err(meaning(OPTION, item.at, not_of_type(entity, name)));
    }
    let Some(target) = target(entity, name) else { return Ok(name) };
    match after_cast(target, rest) {
        [] => Ok(name),
        [other, ..] if other.contains('.') => Err(meaning(OPTION, item.at, not_of_type(target, other))),
        rest => {
            let message = format!(
                "a path through references is not allowed here; write {name}($expand={})",
                rest.join("/")
            );
            Err(meaning(OPTION, item.at, message))
        }
    }
}

fn expanded_names(entity: &'static Entity, name: &str) -> Vec<String> {
    if name != ALL {
        return vec![name.to_owned()];
    }
    let references = entity.references().iter().map(|reference| reference.name);
    references
        .chain(entity.collections().iter().map(|collection| collection.name))
        .map(str::to_owned)
        .collect()
}
