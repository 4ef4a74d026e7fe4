//! Parameter aliases and their values.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use crate::ast::{Expr, Kind, Options, Root};
use crate::parse::MAX_DEPTH;

/// Maximum nesting of aliases in the values of other aliases.
const MAX_NESTING: usize = 10;

/// The parameter aliases in scope.
#[derive(Default)]
pub(super) struct Aliases<'a> {
    values: Vec<(&'a str, &'a Expr)>,
    /// Cached facts per alias.
    known: RefCell<HashMap<String, Facts>>,
}

/// Facts about an expression, including the values of its aliases.
#[derive(Clone, Copy)]
struct Facts {
    /// Whether the value is the same for every row.
    constant: bool,
    /// Height of the tree.
    height: usize,
}

/// Reasons why an alias cannot be resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AliasError {
    /// The alias has no value.
    Missing,
    /// The alias is recursive, or nested too deeply.
    TooDeep,
}

impl<'a> Aliases<'a> {
    /// Creates a scope; of two aliases with the same name, the first wins.
    pub(super) fn new(values: impl Iterator<Item = (&'a str, &'a Expr)>) -> Self {
        Self { values: values.collect(), known: RefCell::default() }
    }

    /// Creates the scope of the aliases in `options`.
    pub(super) fn from_options(options: &'a Options) -> Self {
        Self::new(named(options))
    }

    /// Iterates over names and values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a Expr)> + '_ {
        self.values.iter().copied()
    }

    /// Returns the value of an alias, which is free of recursion.
    pub(super) fn value(&self, name: &str) -> Result<&'a Expr, AliasError> {
        let (name, value) = self.find(name).ok_or(AliasError::Missing)?;
        self.check(name, value, 0).map(|_| value)
    }

    /// Returns whether an expression has the same value for every row. An invalid alias counts as not
    /// constant; its error is reported where it is used.
    pub(super) fn is_constant(&self, expr: &Expr) -> bool {
        self.facts(expr, 0).is_ok_and(|facts| facts.constant)
    }

    fn find(&self, name: &str) -> Option<(&'a str, &'a Expr)> {
        self.values.iter().copied().find(|(known, _)| *known == name)
    }

    /// Returns the facts of an alias, from the cache if possible.
    fn check(&self, name: &'a str, value: &'a Expr, depth: usize) -> Result<Facts, AliasError> {
        if let Some(facts) = self.known.borrow().get(name) {
            return Ok(*facts);
        }
        let facts =
            if depth > MAX_NESTING { Err(AliasError::TooDeep) } else { self.facts(value, depth + 1) }?;
        if facts.height > MAX_DEPTH {
            return Err(AliasError::TooDeep);
        }
        self.known.borrow_mut().insert(name.to_owned(), facts);
        Ok(facts)
    }

    fn facts(&self, expr: &Expr, depth: usize) -> Result<Facts, AliasError> {
        if let Some(name) = alias_name(expr) {
            let (name, value) = self.find(&name).ok_or(AliasError::Missing)?;
            return self.check(name, value, depth);
        }
        let of_a_row = match &expr.kind {
            Kind::Path(_) => true,
            Kind::Typed(typed) => typed.value.is_none(),
            _ => false,
        };
        let mut facts = Facts { constant: !of_a_row, height: 0 };
        for child in expr.kind.children() {
            let child = self.facts(child, depth)?;
            facts.constant &= child.constant;
            facts.height = facts.height.max(child.height);
        }
        facts.height += 1;
        Ok(facts)
    }
}

/// Returns the alias name that replaces the whole expression: an alias, or the text of a path from the
/// service root, whose value is stored under that text.
pub(super) fn alias_name(expr: &Expr) -> Option<Cow<'_, str>> {
    let Kind::Path(path) = &expr.kind else { return None };
    match &path.root {
        Root::Alias(name) if path.steps.is_empty() => Some(Cow::Borrowed(name)),
        Root::Service => Some(Cow::Owned(path.to_string())),
        _ => None,
    }
}

/// Returns the aliases of options with their values.
pub(super) fn named(options: &Options) -> impl Iterator<Item = (&str, &Expr)> {
    options.aliases.iter().map(|(name, value)| (name.as_str(), value))
}
