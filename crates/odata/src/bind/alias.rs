//! Parameter aliases and what they stand for.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use crate::ast::{Expr, Kind, Options, Root};
use crate::parse::MAX_DEPTH;

/// How many aliases may be looked through at once to the values of one another.
const MAX_NESTING: usize = 10;

/// The parameter aliases that are in scope.
#[derive(Default)]
pub(super) struct Aliases<'a> {
    values: Vec<(&'a str, &'a Expr)>,
    /// What was found out about an alias.
    known: RefCell<HashMap<String, Facts>>,
}

/// What matters of an expression, the values of its aliases included.
#[derive(Clone, Copy)]
struct Facts {
    /// Whether it says the same of every row.
    constant: bool,
    /// How many expressions contain one another at the most.
    height: usize,
}

/// Why an alias stands for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AliasError {
    /// It has no value.
    Missing,
    /// It stands in its own value, or behind too many others.
    TooDeep,
}

impl<'a> Aliases<'a> {
    /// Aliases with their values; of the same name, the first counts.
    pub(super) fn new(values: impl Iterator<Item = (&'a str, &'a Expr)>) -> Self {
        Self { values: values.collect(), known: RefCell::default() }
    }

    /// The aliases of options.
    pub(super) fn from_options(options: &'a Options) -> Self {
        Self::new(named(options))
    }

    /// The aliases with their values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a Expr)> + '_ {
        self.values.iter().copied()
    }

    /// The value of an alias, in which no alias stands without end.
    pub(super) fn value(&self, name: &str) -> Result<&'a Expr, AliasError> {
        let (name, value) = self.find(name).ok_or(AliasError::Missing)?;
        self.check(name, value, 0).map(|_| value)
    }

    /// Whether an expression says the same of every row. What is wrong with an alias is said where it is used.
    pub(super) fn is_constant(&self, expr: &Expr) -> bool {
        self.facts(expr, 0).is_ok_and(|facts| facts.constant)
    }

    fn find(&self, name: &str) -> Option<(&'a str, &'a Expr)> {
        self.values.iter().copied().find(|(known, _)| *known == name)
    }

    /// The facts of an alias, found out once.
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

/// What stands for the whole expression: an alias, or a path from the service root, whose value is given as
/// that of an alias of its text.
pub(super) fn alias_name(expr: &Expr) -> Option<Cow<'_, str>> {
    let Kind::Path(path) = &expr.kind else { return None };
    match &path.root {
        Root::Alias(name) if path.steps.is_empty() => Some(Cow::Borrowed(name)),
        Root::Service => Some(Cow::Owned(path.to_string())),
        _ => None,
    }
}

/// The aliases of options with their values.
pub(super) fn named(options: &Options) -> impl Iterator<Item = (&str, &Expr)> {
    options.aliases.iter().map(|(name, value)| (name.as_str(), value))
}
