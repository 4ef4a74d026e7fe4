//! Binding of the operands of comparisons.

use model::query::{Comparison, Condition, TextCase, TimePart};

use super::alias::alias_name;
use super::classify::is_condition;
use super::condition::Conditions;
use super::constant::{Constant, holds};
use super::errors::meaning;
use super::operand::{Operand, case_name, equal_text, part_kind, part_value, settled};
use crate::OdataError;
use crate::ast::{Call, Expr, Kind, Path, Step, Unary};
use crate::functions::{self, Role};

impl<'a> Conditions<'a> {
    /// Binds an operand.
    pub(super) fn operand(&self, expr: &Expr) -> Result<Operand, OdataError> {
        if self.scope.aliases.is_constant(expr) {
            return self.scope.evaluate(expr).map(Operand::Constant);
        }
        self.scope.count(expr)?;
        if let Some(name) = alias_name(expr) {
            return self.operand(self.scope.alias(&name, expr.at)?);
        }
        if is_condition(expr) {
            return self.condition(expr).map(Operand::Condition);
        }
        match &expr.kind {
            Kind::Path(path) => match path.steps.split_last() {
                Some((Step::Count(options), before)) => self.counted(path, before, options, expr.at),
                _ => self.property(path, expr.at).map(Operand::Property),
            },
            Kind::Call(call) => self.function(call, expr),
            Kind::Binary(operator, ..) => self.refused(operator.name(), expr),
            Kind::Unary(Unary::Negate, _) => self.refused("-", expr),
            Kind::Typed(typed) if typed.value.is_some() => self.cast(typed, expr),
            _ => Err(self.not_a_value(expr)),
        }
    }

    /// Binds a function of a property.
    fn function(&self, call: &Call, expr: &Expr) -> Result<Operand, OdataError> {
        let name = call.name.to_ascii_lowercase();
        if let Some((known, Role::Value)) = functions::role(&name) {
            return self.refused(known, expr);
        }
        let part = TimePart::from_name(&name);
        let case = match name.as_str() {
            "tolower" => Some(TextCase::Lower),
            "toupper" => Some(TextCase::Upper),
            _ => None,
        };
        let [arg] = call.args.as_slice() else { return Err(self.unknown_function(call, expr.at)) };
        let wanted = part.map(TimePart::name).or(case.map(case_name));
        let Some(wanted) = wanted else { return Err(self.unknown_function(call, expr.at)) };
        match (self.operand(&arg.value)?, part, case) {
            (Operand::Property(path), Some(part), _) => Ok(Operand::Part(path, part)),
            (Operand::Property(path), _, Some(case)) => Ok(Operand::Cased(path, case)),
            (Operand::Refused(path, inner), ..) => Ok(Operand::Refused(path, inner)),
            (Operand::Part(path, _) | Operand::Cased(path, _), ..) => Ok(Operand::Refused(path, wanted)),
            _ => Err(meaning(self.scope.option, expr.at, format!("'{wanted}' takes a property or a value"))),
        }
    }

    pub(super) fn unknown_function(&self, call: &Call, at: usize) -> OdataError {
        let suggestion = functions::nearest(&call.name).map(|name| format!(" (did you mean '{name}'?)"));
        self.scope.unoffered(&format!("the function '{}'{}", call.name, suggestion.unwrap_or_default()), at)
    }

    /// Returns an unsupported operation, with the first property it applies to.
    pub(super) fn refused(&self, wanted: &'static str, expr: &Expr) -> Result<Operand, OdataError> {
        let Some((path, at)) = first_property(expr) else { return Err(self.not_a_value(expr)) };
        Ok(Operand::Refused(self.property(path, at)?, wanted))
    }

    /// Compares an operand with a value.
    pub(super) fn against(
        &self,
        operand: Operand,
        comparison: Comparison,
        value: &Constant,
        at: usize,
    ) -> Result<Condition, OdataError> {
        let failed = |message: String| meaning(self.scope.option, at, message);
        let expected = |what: &str| failed(format!("expected {what} here, not {}", value.kind()));
        match (operand, value) {
            (Operand::Property(path), value) => {
                Ok(Condition::Compare(path, comparison, value.value().map_err(failed)?))
            }
            (Operand::Refused(path, wanted), _) => Ok(Condition::Refused(path, wanted)),
            (Operand::Part(path, part), Constant::Null) => Ok(Condition::Part(path, part, comparison, None)),
            (Operand::Part(path, part), value) => {
                let number = part_value(part, value).ok_or_else(|| expected(part_kind(part)))?;
                Ok(settled(comparison, number, |comparison, number| {
                    Condition::Part(path, part, comparison, Some(number))
                }))
            }
            (Operand::Cased(path, case), value) => match (comparison, value) {
                (Comparison::Eq | Comparison::Ne, Constant::Null) => {
                    Ok(Condition::Compare(path, comparison, model::query::Literal::Null))
                }
                (Comparison::Eq, Constant::Text(text)) => Ok(equal_text(path, text, case)),
                (Comparison::Ne, Constant::Text(text)) => {
                    Ok(Condition::Not(Box::new(equal_text(path, text, case))))
                }
                (_, Constant::Text(_) | Constant::Null) => Ok(Condition::Refused(path, comparison.name())),
                _ => Err(expected("a text")),
            },
            (Operand::Count(..), Constant::Null) => Ok(Condition::Constant(comparison == Comparison::Ne)),
            (Operand::Count(path, inner), Constant::Number(number)) => {
                Ok(settled(comparison, *number, |comparison, number| {
                    Condition::Count(path, inner, comparison, number)
                }))
            }
            (Operand::Count(..), _) => Err(expected("a number")),
            (Operand::Condition(condition), value) => match (comparison, value) {
                (Comparison::Eq, Constant::Bool(true)) | (Comparison::Ne, Constant::Bool(false)) => {
                    Ok(condition)
                }
                (Comparison::Eq, Constant::Bool(false)) | (Comparison::Ne, Constant::Bool(true)) => {
                    Ok(Condition::Not(Box::new(condition)))
                }
                (Comparison::Eq | Comparison::Ne, Constant::Null) => {
                    Ok(Condition::Constant(comparison == Comparison::Ne))
                }
                _ => Err(expected("'eq' or 'ne' with true or false")),
            },
            (Operand::Constant(left), value) => {
                holds(comparison, &left, value).map(Condition::Constant).map_err(failed)
            }
        }
    }
}

/// Returns the first path of names in an expression, with its position.
fn first_property(expr: &Expr) -> Option<(&Path, usize)> {
    match &expr.kind {
        Kind::Path(path) if path.steps.iter().all(|step| matches!(step, Step::Name(_))) => {
            Some((path, expr.at))
        }
        kind => kind.children().find_map(first_property),
    }
}
