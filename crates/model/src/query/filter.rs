//! Binding of conditions to the model.

use super::lookup::{find_property, limit, unknown, wrong_member};
use super::search::mentions;
use super::visibility::visibility_of_children;
use super::{
    Actor, Comparison, Condition, Expr, Literal, QueryError, TextCase, TextTest, TimePart, visibility,
};
use crate::entities::GrantState;
use crate::{Collection, DataType, Entity, Field as _, Filters, Property, Reference, Value};

const MAX_IN_VALUES: usize = 1000;
const MAX_PATH_STEPS: usize = 6;

/// Binds conditions on the rows of an entity.
pub(super) struct Binder {
    pub(super) entity: &'static Entity,
    pub(super) actor: Actor,
}

impl Binder {
    pub(super) fn condition(&self, condition: &Condition) -> Result<Expr, QueryError> {
        match condition {
            Condition::Constant(value) => Ok(Expr::Const(*value)),
            Condition::Not(inner) => Ok(self.condition(inner)?.negated()),
            Condition::And(left, right) => Ok(self.condition(left)?.and(self.condition(right)?)),
            Condition::Or(left, right) => Ok(self.condition(left)?.or(self.condition(right)?)),
            other => self.leaf(other),
        }
    }

    /// Binds conditions that are not composed of conditions on the same row. A function of its own, so that
    /// long chains need little stack.
    fn leaf(&self, condition: &Condition) -> Result<Expr, QueryError> {
        match condition {
            Condition::Constant(_) | Condition::Not(_) | Condition::And(..) | Condition::Or(..) => {
                self.condition(condition)
            }
            Condition::Compare(path, comparison, literal) => self.compare(path, *comparison, literal),
            Condition::OrNull(path, comparison, literal) => {
                let holds = self.compare(path, *comparison, literal)?;
                Ok(Expr::Or(vec![self.is_null(path)?, holds]))
            }
            Condition::In(path, literals) => self.is_in(path, literals),
            Condition::Text { path, test, text, case } => self.text(path, *test, text, *case),
            Condition::Mentions(search) => Ok(search.bound(self.entity)),
            Condition::Part(path, part, comparison, number) => self.part(path, *part, *comparison, *number),
            Condition::Refused(path, wanted) => Err(not_filterable(self.resolve(path)?.property, wanted)),
            Condition::Any(path, inner) => self.any(path, inner.as_deref(), false),
            Condition::All(path, inner) => Ok(self.any(path, Some(inner), true)?.negated()),
            Condition::Count(path, inner, comparison, number) => {
                self.number(path, inner.as_deref(), *comparison, *number)
            }
        }
    }

    fn compare(
        &self,
        path: &[String],
        comparison: Comparison,
        literal: &Literal,
    ) -> Result<Expr, QueryError> {
        let is_equality = matches!(comparison, Comparison::Eq | Comparison::Ne);
        let target = self.resolve(path)?;
        if !(is_equality && *literal == Literal::Null && target.property.served_filters().allows_null()) {
            let needed = if is_equality { Filters::EQUALS } else { Filters::RANGE };
            allow(target.property, needed, comparison.name())?;
        }
        let value = literal.typed(target.property)?;
        if is_derived(target.property) {
            let condition = target.wrap(self.state(&[value]));
            return Ok(if comparison == Comparison::Ne { condition.negated() } else { condition });
        }
        Ok(match (comparison, value) {
            (Comparison::Eq, Value::Null) => self.is_null(path)?,
            (Comparison::Ne, Value::Null) => self.is_null(path)?.negated(),
            (_, Value::Null) => Expr::Const(false),
            // A missing referenced row is not equal either.
            (Comparison::Ne, value) => {
                target.wrap(Expr::Compare(target.property, Comparison::Eq, value)).negated()
            }
            (comparison, value) => target.wrap(Expr::Compare(target.property, comparison, value)),
        })
    }

    /// Returns the condition that a grant has one of these states. No grant has none.
    fn state(&self, values: &[Value]) -> Expr {
        let state = |value: &Value| GrantState::from_value(value.clone()).ok();
        Expr::State(values.iter().filter_map(state).collect(), self.actor.now)
    }

    fn is_null(&self, path: &[String]) -> Result<Expr, QueryError> {
        let target = self.resolve(path)?;
        // A derived value is never null, unless a row of the path is missing.
        let is_null =
            if is_derived(target.property) { Expr::Const(false) } else { Expr::IsNull(target.property) };
        Ok(target.wrap(is_null.negated()).negated())
    }

    fn is_in(&self, path: &[String], literals: &[Literal]) -> Result<Expr, QueryError> {
        limit("the number of values of 'in'", literals.len(), MAX_IN_VALUES)?;
        let target = self.resolve(path)?;
        if !target.property.served_filters().allows_in() {
            return Err(not_filterable(target.property, "in"));
        }
        let typed =
            literals.iter().map(|literal| literal.typed(target.property)).collect::<Result<Vec<_>, _>>()?;
        let (nulls, values): (Vec<_>, Vec<_>) = typed.into_iter().partition(Value::is_null);
        if is_derived(target.property) {
            return Ok(target.wrap(self.state(&values)));
        }
        let one_of = target.wrap(Expr::In(target.property, values));
        Ok(if nulls.is_empty() { one_of } else { Expr::Or(vec![one_of, self.is_null(path)?]) })
    }

    fn text(&self, path: &[String], test: TextTest, text: &str, case: TextCase) -> Result<Expr, QueryError> {
        let target = self.resolve(path)?;
        if let (Property::Reference(reference), TextTest::Contains) = (target.property, test) {
            let found = mentions(reference.target(), text);
            return Ok(target.wrap(through(&[reference], self.actor, found)));
        }
        let wanted = match (test, case) {
            (TextTest::Equals, TextCase::Lower) => "tolower",
            (TextTest::Equals, TextCase::Upper) => "toupper",
            _ => test.name(),
        };
        allow(target.property, Filters::LIKE, wanted)?;
        let Value::Text(text) = Literal::Text(text.to_owned()).typed(target.property)? else {
            return Err(not_filterable(target.property, test.name()));
        };
        Ok(target.wrap(Expr::Text { property: target.property, test, text, case }))
    }

    fn part(
        &self,
        path: &[String],
        part: TimePart,
        comparison: Comparison,
        number: Option<i64>,
    ) -> Result<Expr, QueryError> {
        let target = self.resolve(path)?;
        if !matches!(target.property.data_type(), DataType::DateTime) {
            return Err(not_filterable(target.property, part.name()));
        }
        allow(target.property, Filters::RANGE, part.name())?;
        Ok(match (comparison, number) {
            (Comparison::Eq, None) => self.is_null(path)?,
            (Comparison::Ne, None) => self.is_null(path)?.negated(),
            (_, None) => Expr::Const(false),
            (Comparison::Ne, Some(number)) => {
                target.wrap(part.compared(target.property, Comparison::Eq, number)).negated()
            }
            (comparison, Some(number)) => target.wrap(part.compared(target.property, comparison, number)),
        })
    }

    /// At least one child meets the condition or, with `negate`, does not meet it.
    fn any(&self, path: &[String], inner: Option<&Condition>, negate: bool) -> Result<Expr, QueryError> {
        let (steps, collection) = self.collection(path)?;
        let children = self.children(collection, inner, negate)?;
        Ok(through(&steps, self.actor, Expr::Any(collection, Box::new(children))))
    }

    fn number(
        &self,
        path: &[String],
        inner: Option<&Condition>,
        comparison: Comparison,
        number: i64,
    ) -> Result<Expr, QueryError> {
        let (steps, collection) = self.collection(path)?;
        let children = self.children(collection, inner, false)?;
        let counted =
            |comparison| through(&steps, self.actor, count(collection, children, comparison, number));
        // If the referenced row is missing, its collection has no number of rows, which is not equal to any
        // number either.
        Ok(if comparison == Comparison::Ne { counted(Comparison::Eq).negated() } else { counted(comparison) })
    }

    fn collection(
        &self,
        path: &[String],
    ) -> Result<(Vec<&'static Reference>, &'static Collection), QueryError> {
        let (name, steps) = split(path);
        let (steps, entity) = self.steps(steps)?;
        let collection = entity.collection(name).ok_or_else(|| match entity.property(name) {
            Some(_) => wrong_member(name, "not a collection", "a collection"),
            None => unknown(entity, name),
        })?;
        Ok((steps, collection))
    }

    /// Returns the filter for children that the caller may see and that meet the condition or, with
    /// `negate`, do not meet it.
    fn children(
        &self,
        collection: &'static Collection,
        inner: Option<&Condition>,
        negate: bool,
    ) -> Result<Expr, QueryError> {
        let children = Self { entity: collection.target(), actor: self.actor };
        let asked = inner.map_or(Ok(Expr::Const(true)), |inner| children.condition(inner))?;
        let asked = if negate { asked.negated() } else { asked };
        Ok(visibility_of_children(collection, self.actor).and(asked))
    }

    fn resolve(&self, path: &[String]) -> Result<Target, QueryError> {
        let (name, steps) = split(path);
        let (steps, entity) = self.steps(steps)?;
        Ok(Target { steps, property: find_property(entity, name)?, actor: self.actor })
    }

    fn steps(&self, names: &[String]) -> Result<(Vec<&'static Reference>, &'static Entity), QueryError> {
        limit("the number of references in a path", names.len(), MAX_PATH_STEPS)?;
        let mut entity = self.entity;
        let mut steps = Vec::with_capacity(names.len());
        for name in names {
            let reference = entity.reference(name).ok_or_else(|| match entity.property(name) {
                Some(_) => wrong_member(name, "an attribute", "a reference"),
                None => unknown(entity, name),
            })?;
            steps.push(reference);
            entity = reference.target();
        }
        Ok((steps, entity))
    }
}

fn is_derived(property: Property) -> bool {
    matches!(property, Property::Attribute(attribute) if attribute.derived)
}

/// Compares the number of children with a number; an existence check where that is equivalent.
fn count(collection: &'static Collection, children: Expr, comparison: Comparison, number: i64) -> Expr {
    match comparison {
        Comparison::Eq if number < 0 => Expr::Const(false),
        Comparison::Gt if number < 0 => Expr::Const(true),
        Comparison::Eq if number == 0 => Expr::Any(collection, Box::new(children)).negated(),
        Comparison::Gt if number == 0 => Expr::Any(collection, Box::new(children)),
        Comparison::Eq | Comparison::Gt => Expr::Count(collection, Box::new(children), comparison, number),
        Comparison::Ge => count(collection, children, Comparison::Gt, number.saturating_sub(1)),
        Comparison::Ne => count(collection, children, Comparison::Eq, number).negated(),
        Comparison::Le => count(collection, children, Comparison::Gt, number).negated(),
        Comparison::Lt => count(collection, children, Comparison::Ge, number).negated(),
    }
}

/// A property at the end of a path.
struct Target {
    steps: Vec<&'static Reference>,
    property: Property,
    actor: Actor,
}

impl Target {
    /// Turns a condition on the property's row into a condition on the row where the path starts.
    fn wrap(&self, condition: Expr) -> Expr {
        through(&self.steps, self.actor, condition)
    }
}

/// At each step, a row that the caller may not see is treated as missing.
fn through(steps: &[&'static Reference], actor: Actor, condition: Expr) -> Expr {
    steps.iter().rev().fold(condition, |inner, reference| {
        let visible = visibility(reference.target(), actor);
        Expr::Through(reference, Box::new(visible.and(inner)))
    })
}

fn split(path: &[String]) -> (&str, &[String]) {
    path.split_last().map_or(("", path), |(last, steps)| (last.as_str(), steps))
}

fn allow(property: Property, needed: Filters, wanted: &'static str) -> Result<(), QueryError> {
    if property.served_filters().allows(needed) { Ok(()) } else { Err(not_filterable(property, wanted)) }
}

fn not_filterable(property: Property, wanted: &'static str) -> QueryError {
    QueryError::NotFilterable { property: property.name().to_owned(), wanted, allowed: allowed(property) }
}

/// Returns the operators and functions that a property supports in filters.
fn allowed(property: Property) -> Vec<&'static str> {
    let filters = property.served_filters();
    let mut allowed = filters.operators();
    if let Property::Reference(_) = property {
        allowed.push(TextTest::Contains.name());
    }
    if filters.allows(Filters::LIKE) {
        allowed.extend(["tolower", "toupper"]);
    }
    if filters.allows(Filters::RANGE) && matches!(property.data_type(), DataType::DateTime) {
        allowed.extend(TimePart::ALL.map(TimePart::name));
    }
    allowed
}
