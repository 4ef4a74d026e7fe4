//! Substitution of names by expressions.

use std::cell::Cell;

use super::alias::{Aliases, alias_name};
use super::errors::place;
use crate::OdataError;
use crate::ast::{Arg, Call, Expr, Kind, Lambda, Path, Root, Step, Typed};
use crate::parse::{MAX_DEPTH, MAX_NODES};

/// Substitutes names of the current row, and aliases.
pub(super) struct Substitution<'a> {
    option: &'static str,
    names: &'a [(String, Expr)],
    aliases: &'a Aliases<'a>,
    /// Number of expressions in the result so far.
    nodes: Cell<usize>,
}

impl<'a> Substitution<'a> {
    pub(super) const fn new(
        option: &'static str,
        names: &'a [(String, Expr)],
        aliases: &'a Aliases<'a>,
    ) -> Self {
        Self { option, names, aliases, nodes: Cell::new(0) }
    }

    /// Returns the expression with all substitutions.
    pub(super) fn expr(&self, expr: &Expr) -> Result<Expr, OdataError> {
        self.substituted(expr, None)
    }

    /// Substitutes as [`Self::expr`]. A substituted expression has the position `at` of the name, for errors.
    fn substituted(&self, expr: &Expr, at: Option<usize>) -> Result<Expr, OdataError> {
        let at = at.unwrap_or(expr.at);
        if let Some(known) = self.replacement(expr) {
            return self.substituted(known, Some(at));
        }
        self.nodes.set(self.nodes.get() + 1);
        let inner = |inner: &Expr| self.substituted(inner, (at != expr.at).then_some(at));
        let all = |all: &[Expr]| all.iter().map(inner).collect::<Result<Vec<_>, _>>();
        let kind = match &expr.kind {
            Kind::Literal(literal) => Kind::Literal(literal.clone()),
            Kind::List(items) => Kind::List(all(items)?),
            Kind::Array(items) => Kind::Array(all(items)?),
            Kind::And(items) => Kind::And(all(items)?),
            Kind::Or(items) => Kind::Or(all(items)?),
            Kind::Unary(operator, operand) => Kind::Unary(*operator, Box::new(inner(operand)?)),
            Kind::Binary(operator, left, right) => {
                Kind::Binary(*operator, Box::new(inner(left)?), Box::new(inner(right)?))
            }
            Kind::Object(members) => Kind::Object(
                members
                    .iter()
                    .map(|(name, value)| Ok((name.clone(), inner(value)?)))
                    .collect::<Result<_, OdataError>>()?,
            ),
            Kind::Case(cases) => Kind::Case(
                cases
                    .iter()
                    .map(|(condition, value)| Ok((inner(condition)?, inner(value)?)))
                    .collect::<Result<_, OdataError>>()?,
            ),
            Kind::Typed(typed) => {
                let value = typed.value.as_deref().map(inner).transpose()?.map(Box::new);
                Kind::Typed(Typed { value, ..typed.clone() })
            }
            Kind::Call(call) => {
                let arg = |arg: &Arg| Ok(Arg { name: arg.name.clone(), value: inner(&arg.value)? });
                let args = call.args.iter().map(arg).collect::<Result<_, OdataError>>()?;
                Kind::Call(Call { name: call.name.clone(), args })
            }
            Kind::Path(path) => {
                let steps = path.steps.iter().map(|step| self.step(step, &inner));
                Kind::Path(Path { root: path.root.clone(), steps: steps.collect::<Result<_, _>>()? })
            }
        };
        let expr = Expr::new(kind, at);
        for (what, is, limit) in [
            ("the depth of nesting", expr.height(), MAX_DEPTH),
            ("the number of values, names and operators", self.nodes.get(), MAX_NODES),
        ] {
            if is > limit {
                return Err(OdataError::Limit { place: place(self.option, at), what, limit });
            }
        }
        Ok(expr)
    }

    /// Conditions of `any` and `all` may refer to the enclosing row; those of `$count` and `$filter` may not.
    fn step(
        &self,
        step: &Step,
        inner: &dyn Fn(&Expr) -> Result<Expr, OdataError>,
    ) -> Result<Step, OdataError> {
        let lambda = |lambda: &Lambda| {
            let body = Box::new(inner(&lambda.body)?);
            Ok::<_, OdataError>(Lambda { variable: lambda.variable.clone(), body })
        };
        Ok(match step {
            Step::Any(Some(condition)) => Step::Any(Some(lambda(condition)?)),
            Step::All(condition) => Step::All(lambda(condition)?),
            other => other.clone(),
        })
    }

    /// Returns the replacement of an expression. An invalid alias is reported where it is used.
    fn replacement(&self, expr: &Expr) -> Option<&'a Expr> {
        if let Some(alias) = alias_name(expr) {
            return self.aliases.value(&alias).ok();
        }
        let Kind::Path(Path { root: Root::Row | Root::It | Root::This, steps }) = &expr.kind else {
            return None;
        };
        let [Step::Name(name)] = steps.as_slice() else { return None };
        self.names.iter().find(|(known, _)| known == name).map(|(_, expr)| expr)
    }
}
