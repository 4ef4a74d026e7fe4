//! The sides of comparisons.

use model::query::{Comparison, Condition, PropertyPath, TextCase, TextTest, TimePart};

use super::condition::Conditions;
use super::constant::Constant;
use super::evaluate::Scope;
use super::meaning;
use super::number::Number;
use super::shape::is_condition;
use crate::OdataError;
use crate::ast::{Call, Expr, Kind, Path, Step, Unary};
use crate::functions::{self, Use};

/// One side of a comparison.
pub(super) enum Operand {
    /// A value.
    Constant(Constant),
    /// A property.
    Property(PropertyPath),
    /// A part of a property's moment.
    Part(PropertyPath, TimePart),
    /// A property in another case.
    Cased(PropertyPath, TextCase),
    /// The number of a collection's rows that meet a condition.
    Count(PropertyPath, Option<Box<Condition>>),
    /// A condition.
    Condition(Condition),
    /// Something with a property that no property allows.
    Refused(PropertyPath, &'static str),
}

impl<'a> Conditions<'a> {
    /// What an expression is.
    pub(super) fn operand(&self, expr: &Expr) -> Result<Operand, OdataError> {
        if self.scope.aliases.is_constant(expr) {
            return self.scope.evaluate(expr).map(Operand::Constant);
        }
        self.scope.count(expr)?;
        if let Some(name) = Scope::alias_name(expr) {
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

    /// A function of a property.
    fn function(&self, call: &Call, expr: &Expr) -> Result<Operand, OdataError> {
        let name = call.name.to_ascii_lowercase();
        if let Some((known, Use::Value)) = functions::role(&name) {
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
        let meant = functions::nearest(&call.name).map(|name| format!(" (did you mean '{name}'?)"));
        self.scope.unoffered(&format!("the function '{}'{}", call.name, meant.unwrap_or_default()), at)
    }

    /// What no property allows, with the first property that it is asked of.
    pub(super) fn refused(&self, wanted: &'static str, expr: &Expr) -> Result<Operand, OdataError> {
        let Some((path, at)) = first_property(expr) else { return Err(self.not_a_value(expr)) };
        Ok(Operand::Refused(self.property(path, at)?, wanted))
    }

    /// A side compared with a value.
    pub(super) fn against(
        &self,
        operand: Operand,
        comparison: Comparison,
        value: &Constant,
        at: usize,
    ) -> Result<Condition, OdataError> {
        let failed = |message: String| meaning(self.scope.option, at, message);
        let expected = |what: &str| failed(format!("{what} is expected here, not {}", value.kind()));
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
                super::evaluate::compare(comparison, &left, value).map(Condition::Constant).map_err(failed)
            }
        }
    }
}

fn equal_text(path: PropertyPath, text: &str, case: TextCase) -> Condition {
    Condition::Text { path, test: TextTest::Equals, text: text.to_owned(), case }
}

const fn case_name(case: TextCase) -> &'static str {
    match case {
        TextCase::Upper => "toupper",
        TextCase::AsIs | TextCase::Lower => "tolower",
    }
}

/// A value as the number that a part of a moment is compared with.
fn part_value(part: TimePart, value: &Constant) -> Option<Number> {
    match (part, value) {
        (TimePart::Date, Constant::Date(number)) | (TimePart::Time, Constant::Time(number)) => {
            Some(Number::Whole(*number))
        }
        (TimePart::Date | TimePart::Time, _) => None,
        (TimePart::FractionalSeconds, Constant::Number(seconds)) => {
            seconds.apply(crate::ast::Binary::Mul, Number::Whole(super::constant::SECOND))
        }
        (_, Constant::Number(number)) => Some(*number),
        _ => None,
    }
}

const fn part_kind(part: TimePart) -> &'static str {
    match part {
        TimePart::Date => "a date",
        TimePart::Time => "a time of day",
        _ => "a number",
    }
}

/// A whole number compared with any: between two whole numbers, what is less and what is greater is clear.
fn settled(
    comparison: Comparison,
    number: Number,
    condition: impl FnOnce(Comparison, i64) -> Condition,
) -> Condition {
    if let Some(whole) = number.whole() {
        return condition(comparison, whole);
    }
    match (comparison, number.floor()) {
        (Comparison::Ne, _) => Condition::Constant(true),
        (Comparison::Eq, _) | (_, None) => Condition::Constant(false),
        (Comparison::Lt | Comparison::Le, Some(floor)) => condition(Comparison::Le, floor),
        (Comparison::Gt | Comparison::Ge, Some(floor)) => condition(Comparison::Gt, floor),
    }
}

/// The first path of names in an expression, with the character where it stands.
fn first_property(expr: &Expr) -> Option<(&Path, usize)> {
    match &expr.kind {
        Kind::Path(path) if path.steps.iter().all(|step| matches!(step, Step::Name(_))) => {
            Some((path, expr.at))
        }
        kind => kind.children().find_map(first_property),
    }
}
