//! `case`, `in`, `has`, `isdefined` and comparisons of conditions, expressed by other conditions.

use model::query::{Comparison, Condition, Literal};
use model::{DataType, Property};

use super::classify::is_condition;
use super::condition::{Conditions, Rows, joined};
use super::constant::holds;
use super::errors::{meaning, place};
use super::operand::Operand;
use crate::OdataError;
use crate::ast::{Expr, Kind, Path, Step};

/// Maximum number of cases of one `case` with properties: each is nested in the condition of the previous
/// one.
const MAX_CASES: usize = 16;

type Bound = Result<Condition, OdataError>;
/// Converts the value of a case to a condition.
type Of<'a> = dyn Fn(&Expr) -> Bound + 'a;

impl Conditions<'_> {
    /// Returns the condition of the first case that holds, or `otherwise`.
    pub(super) fn first_case(&self, cases: &[(Expr, Expr)], of: &Of<'_>, otherwise: Condition) -> Bound {
        let Some((first, _)) = cases.first() else { return Ok(otherwise) };
        if cases.len() > MAX_CASES {
            let (place, what) = (place(self.scope.option, first.at), "the number of cases of 'case'");
            return Err(OdataError::Limit { place, what, limit: MAX_CASES });
        }
        let (mut none_before, mut any) = (Vec::new(), Vec::new());
        for (condition, value) in cases {
            let (holds, then) = (self.condition(condition)?, of(value)?);
            let all = none_before.iter().chain([&holds, &then]);
            any.extend(joined(self.copies(all, condition.at)?, Condition::And));
            none_before.push(Condition::Not(Box::new(holds)));
        }
        none_before.push(otherwise);
        any.extend(joined(none_before, Condition::And));
        Ok(joined(any, Condition::Or).unwrap_or(Condition::Constant(false)))
    }

    /// Copies conditions, and counts the copies towards the limit.
    fn copies<'c>(
        &self,
        conditions: impl Iterator<Item = &'c Condition>,
        at: usize,
    ) -> Result<Vec<Condition>, OdataError> {
        let copy = |condition: &Condition| {
            self.scope.count_many(size(condition), at)?;
            Ok(condition.clone())
        };
        conditions.map(copy).collect()
    }

    /// Binds a comparison of which one side is a `case` with properties; the value is null if no case holds.
    pub(super) fn compared_cases(&self, comparison: Comparison, left: &Expr, right: &Expr) -> Option<Bound> {
        let (cases, of): (_, Box<Of<'_>>) = match (&left.kind, &right.kind) {
            (Kind::Case(cases), _) => (cases, Box::new(|value| self.comparison(comparison, value, right))),
            (_, Kind::Case(cases)) => (cases, Box::new(|value| self.comparison(comparison, left, value))),
            _ => return None,
        };
        let null = Expr::new(Kind::Literal(crate::ast::Literal::Null), left.at);
        Some(of(&null).and_then(|otherwise| self.first_case(cases, &*of, otherwise)))
    }

    /// Binds a comparison, which may be constant.
    fn comparison(&self, comparison: Comparison, left: &Expr, right: &Expr) -> Bound {
        let constant = |expr| self.scope.aliases.is_constant(expr);
        if constant(left) && constant(right) {
            let (one, other) = (self.scope.evaluate(left)?, self.scope.evaluate(right)?);
            let result = holds(comparison, &one, &other);
            return result
                .map(Condition::Constant)
                .map_err(|message| meaning(self.scope.option, left.at, message));
        }
        self.compare(comparison, left, right)
    }

    /// Compares two conditions: both hold or neither does, or exactly one does.
    pub(super) fn compare_conditions(
        &self,
        comparison: Comparison,
        one: Condition,
        other: Condition,
        at: usize,
    ) -> Bound {
        let not = |condition: Condition| Condition::Not(Box::new(condition));
        let copies = self.copies([&one, &other].into_iter(), at)?;
        let (copy, other_copy) = match <[Condition; 2]>::try_from(copies) {
            Ok([copy, other_copy]) if comparison == Comparison::Eq => (copy, not(other_copy)),
            Ok([copy, other_copy]) if comparison == Comparison::Ne => (copy, other_copy),
            _ => return Err(meaning(self.scope.option, at, "conditions cannot be ordered".to_owned())),
        };
        let first = if comparison == Comparison::Eq { other } else { not(other) };
        let both = Condition::And(Box::new(one), Box::new(first));
        let neither = Condition::And(Box::new(not(copy)), Box::new(other_copy));
        Ok(Condition::Or(Box::new(both), Box::new(neither)))
    }

    /// Binds `Property has Member`: enumerations of the registry are single-valued, so this is equality.
    pub(super) fn has(&self, left: &Expr, right: &Expr) -> Bound {
        let value = self.scope.evaluate(right)?;
        match self.operand(left)? {
            Operand::Property(path) => match self.find(&path).map(Property::data_type) {
                Some(DataType::Enum(_)) | None => {
                    self.against(Operand::Property(path), Comparison::Eq, &value, right.at)
                }
                Some(_) => {
                    let message = "'has' requires a property of an enumeration type";
                    Err(meaning(self.scope.option, left.at, message.to_owned()))
                }
            },
            Operand::Refused(path, wanted) => Ok(Condition::Refused(path, wanted)),
            _ => Err(meaning(self.scope.option, left.at, "'has' requires a property on its left".to_owned())),
        }
    }

    /// Binds `isdefined(Property)`: no type of the registry is open, so a property is defined or unknown.
    pub(super) fn is_defined(&self, path: &Path, at: usize) -> Bound {
        let names = self.property(path, at)?;
        if self.find(&names).is_some() || self.target(&names).is_some() {
            return Ok(Condition::Constant(true));
        }
        // The model reports the unknown name with a suggestion.
        Ok(Condition::Compare(names, Comparison::Eq, Literal::Null))
    }

    /// Binds `in`: one of the values of a list, or of a collection's property.
    pub(super) fn is_in(&self, left: &Expr, right: &Expr) -> Bound {
        if let Kind::Path(path) = &right.kind
            && let Some((Step::Name(name), before)) = path.steps.split_last()
            && let Ok(names) = self.names(&path.root, before, right.at)
            && self.is_collection(&names)
        {
            return self.is_among(left, names, name);
        }
        let items = self.scope.items(right)?;
        let value = |item: &Expr| match self.operand(item)? {
            Operand::Constant(value) => Ok(value),
            _ => Err(meaning(self.scope.option, item.at, "expected a value here".to_owned())),
        };
        if !is_condition(left)
            && let Operand::Property(path) = self.operand(left)?
        {
            let literal = |item: &Expr| {
                value(item)?.value().map_err(|message| meaning(self.scope.option, item.at, message))
            };
            return Ok(Condition::In(path, items.iter().map(literal).collect::<Result<_, _>>()?));
        }
        let any = items.iter().map(|item| self.comparison(Comparison::Eq, left, item));
        let any = any.collect::<Result<Vec<_>, _>>()?;
        Ok(joined(any, Condition::Or).unwrap_or(Condition::Constant(false)))
    }

    fn is_collection(&self, names: &[String]) -> bool {
        let owner = names.split_last().map(|(name, before)| (name, self.target(before)));
        matches!(owner, Some((name, Some(entity))) if entity.collection(name).is_some())
    }

    /// Binds a value that a property of some row of a collection must have.
    fn is_among(&self, left: &Expr, names: Vec<String>, name: &str) -> Bound {
        let Operand::Constant(value) = self.operand(left)? else {
            return Err(self.scope.unoffered("'in' with properties on both sides", left.at));
        };
        let entity = self.target(&names).unwrap_or(self.entity);
        let members = Conditions::new(self.scope, Rows::Members, entity);
        let is =
            members.against(Operand::Property(vec![name.to_owned()]), Comparison::Eq, &value, left.at)?;
        Ok(Condition::Any(names, Some(Box::new(is))))
    }
}

/// Returns the number of nodes of a condition.
fn size(condition: &Condition) -> usize {
    match condition {
        Condition::And(left, right) | Condition::Or(left, right) => 1 + size(left) + size(right),
        Condition::Not(inner) | Condition::All(_, inner) => 1 + size(inner),
        Condition::Any(_, inner) | Condition::Count(_, inner, ..) => 1 + inner.as_deref().map_or(0, size),
        Condition::In(_, values) => 1 + values.len(),
        _ => 1,
    }
}
