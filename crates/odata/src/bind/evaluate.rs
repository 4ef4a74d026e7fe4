//! Evaluation of constant expressions.

use std::cell::Cell;

use model::Timestamp;
use model::query::Comparison;

use super::alias::{AliasError, Aliases, alias_name};
use super::arithmetic::{arithmetic, negated};
use super::calls::call;
use super::constant::{Constant, holds};
use super::convert::{cast, is_of_type};
use super::errors::{meaning, not_offered, place};
use crate::OdataError;
use crate::ast::{Binary, Expr, Kind, Path, Root, Step, Typed, Unary};
use crate::parse::MAX_NODES;

/// Maximum number of conditions and values of one request, after the substitution of aliases.
const MAX_BOUND: usize = 2 * MAX_NODES;

/// The environment in which expressions of one option are evaluated.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The aliases in scope.
    pub(super) aliases: &'a Aliases<'a>,
    /// Value of `now()`.
    pub(super) now: Timestamp,
    /// Number of conditions and values bound so far.
    pub(super) bound: &'a Cell<usize>,
    /// Name of the option for error messages.
    pub(super) option: &'static str,
    /// The row whose properties have values; `None` if the expression must be constant.
    pub(super) row: Option<&'a dyn Row>,
}

/// A row for expressions with properties.
pub(super) trait Row {
    /// Returns the value of a property, or `None` if the row has no such property.
    fn value(&self, name: &str) -> Option<Constant>;
    /// Returns whether the row is a sample for type checks: then every branch of an expression is evaluated.
    fn is_sample(&self) -> bool;
}

impl<'a> Scope<'a> {
    /// Counts an expression towards the limit; aliases multiply expressions.
    pub(super) fn count(&self, expr: &Expr) -> Result<(), OdataError> {
        self.count_many(1, expr.at)
    }

    /// Adds `number` to the count.
    pub(super) fn count_many(&self, number: usize, at: usize) -> Result<(), OdataError> {
        self.bound.set(self.bound.get().saturating_add(number));
        if self.bound.get() > MAX_BOUND {
            let (place, what) = (place(self.option, at), "the number of conditions and values");
            return Err(OdataError::Limit { place, what, limit: MAX_BOUND });
        }
        Ok(())
    }

    /// Returns the value of an alias.
    pub(super) fn alias(&self, name: &str, at: usize) -> Result<&'a Expr, OdataError> {
        self.aliases.value(name).map_err(|error| {
            let message = match error {
                AliasError::Missing if name.starts_with('$') => return self.unoffered("$root here", at),
                AliasError::Missing => format!("the alias '@{name}' has no value"),
                AliasError::TooDeep => {
                    format!("the alias '@{name}' is recursive, or nested too deeply")
                }
            };
            meaning(self.option, at, message)
        })
    }

    /// Evaluates a constant expression.
    pub(super) fn evaluate(&self, expr: &Expr) -> Result<Constant, OdataError> {
        self.count(expr)?;
        if let Some(name) = alias_name(expr) {
            return self.evaluate(self.alias(&name, expr.at)?);
        }
        let failed = |message: String| meaning(self.option, expr.at, message);
        match &expr.kind {
            Kind::Literal(literal) => Constant::from_literal(literal).map_err(failed),
            Kind::Unary(Unary::Negate, inner) => self.result(negated(&self.evaluate(inner)?)).map_err(failed),
            Kind::Unary(Unary::Not, inner) => Ok(truth(self.truth(inner)?.map(|value| !value))),
            Kind::And(all) => self.joined(all, false),
            Kind::Or(any) => self.joined(any, true),
            Kind::Binary(Binary::In, left, right) => self.is_in(left, right),
            Kind::Binary(operator, left, right) => {
                let (left, right) = (self.evaluate(left)?, self.evaluate(right)?);
                match operator.comparison() {
                    Some(comparison) => holds(comparison, &left, &right).map(Constant::Bool),
                    None if *operator == Binary::Has => has(&left, &right).map(Constant::Bool),
                    None => self.result(arithmetic(*operator, &left, &right)),
                }
                .map_err(failed)
            }
            Kind::Call(function) => {
                let args = function
                    .args
                    .iter()
                    .map(|arg| self.evaluate(&arg.value))
                    .collect::<Result<Vec<_>, _>>()?;
                call(&function.name, &args, self.now)
                    .map_err(failed)?
                    .ok_or_else(|| self.unoffered(&format!("the function '{}'", function.name), expr.at))
            }
            Kind::Case(cases) => {
                let mut found = None;
                for (condition, value) in cases {
                    let holds = self.truth(condition)? == Some(true) && found.is_none();
                    if holds || self.row.is_some_and(Row::is_sample) {
                        let value = self.evaluate(value)?;
                        found = if holds { Some(value) } else { found };
                    }
                    if holds && !self.row.is_some_and(Row::is_sample) {
                        break;
                    }
                }
                Ok(found.unwrap_or(Constant::Null))
            }
            Kind::Typed(Typed { is_of, value: Some(value), name, collection: false }) => {
                let value = self.evaluate(value)?;
                if *is_of {
                    return Ok(Constant::Bool(is_of_type(&value, name)));
                }
                let cast = cast(&value, name).map_err(failed)?;
                cast.ok_or_else(|| self.unoffered(&format!("a cast to '{name}'"), expr.at))
            }
            Kind::Typed(_) => Err(self.unoffered("a row or collection type here", expr.at)),
            Kind::List(_) | Kind::Array(_) => Err(failed("a list is only allowed after 'in'".to_owned())),
            Kind::Object(_) => Err(self.unoffered("a JSON object", expr.at)),
            Kind::Path(path) => self.property(path, expr.at),
        }
    }

    /// Returns the value of a property of the row.
    fn property(&self, path: &Path, at: usize) -> Result<Constant, OdataError> {
        let Some(row) = self.row else {
            return Err(meaning(self.option, at, "expected a value".to_owned()));
        };
        let Path { root: Root::Row | Root::It | Root::This, steps } = path else {
            return Err(self.unoffered("this path in a computed value", at));
        };
        let [Step::Name(name)] = steps.as_slice() else {
            return Err(self.unoffered("a path through references or collections in a computed value", at));
        };
        row.value(name).ok_or_else(|| {
            meaning(self.option, at, format!("there is no property '{name}' with a primitive value"))
        })
    }

    /// Returns the result; in a row, a missing result is null.
    fn result(&self, result: Result<Option<Constant>, String>) -> Result<Constant, String> {
        match result? {
            Some(result) => Ok(result),
            None if self.row.is_some() => Ok(Constant::Null),
            None => Err("the result is undefined or too large".to_owned()),
        }
    }

    /// Evaluates a constant condition; `None` if it is unknown (null).
    pub(super) fn truth(&self, expr: &Expr) -> Result<Option<bool>, OdataError> {
        match self.evaluate(expr)? {
            Constant::Bool(value) => Ok(Some(value)),
            Constant::Null => Ok(None),
            _ => Err(meaning(self.option, expr.at, "expected a condition".to_owned())),
        }
    }

    /// Evaluates conditions joined by `or` or `and`: a condition equal to `decisive` decides, then an unknown
    /// one.
    fn joined(&self, all: &[Expr], decisive: bool) -> Result<Constant, OdataError> {
        let all = all.iter().map(|expr| self.truth(expr)).collect::<Result<Vec<_>, _>>()?;
        Ok(truth(if all.contains(&Some(decisive)) {
            Some(decisive)
        } else if all.contains(&None) {
            None
        } else {
            Some(!decisive)
        }))
    }

    fn is_in(&self, left: &Expr, right: &Expr) -> Result<Constant, OdataError> {
        let value = self.evaluate(left)?;
        for item in self.items(right)? {
            let item_value = self.evaluate(item)?;
            let same = holds(Comparison::Eq, &value, &item_value);
            if same.map_err(|message| meaning(self.option, item.at, message))? {
                return Ok(Constant::Bool(true));
            }
        }
        Ok(Constant::Bool(false))
    }

    /// Returns the items of a list, or of an alias of a list.
    pub(super) fn items<'e>(&self, list: &'e Expr) -> Result<&'e [Expr], OdataError>
    where
        'a: 'e,
    {
        let list = match alias_name(list) {
            Some(name) => self.alias(&name, list.at)?,
            None => list,
        };
        match &list.kind {
            Kind::List(items) | Kind::Array(items) => Ok(items),
            _ => Err(self.unoffered("'in' without a list of values", list.at)),
        }
    }

    pub(super) fn unoffered(&self, what: &str, at: usize) -> OdataError {
        not_offered(what, Some(place(self.option, at)))
    }
}

fn truth(value: Option<bool>) -> Constant {
    value.map_or(Constant::Null, Constant::Bool)
}

/// Returns whether a value is the given member of an enumeration; null is not.
fn has(left: &Constant, right: &Constant) -> Result<bool, String> {
    match (left, right) {
        (Constant::Null, _) => Ok(false),
        (left, right) => holds(Comparison::Eq, left, right),
    }
}
