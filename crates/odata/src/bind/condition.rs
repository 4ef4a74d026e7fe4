//! Conditions of `$filter`.

use model::Entity;
use model::query::{Comparison, Condition, Literal, TextCase, TextTest};

use super::alias::alias_name;
use super::constant::Constant;
use super::errors::meaning;
use super::evaluate::Scope;
use super::operand::Operand;
use crate::OdataError;
use crate::ast::{Binary, Call, Expr, Kind, Path, Root, Step, Unary};

/// The rows that conditions apply to.
#[derive(Clone, Copy)]
pub(super) enum Rows<'a> {
    /// The rows of the resource.
    Resource,
    /// The rows of an expanded or counted collection.
    Members,
    /// The rows that a range variable denotes.
    Variable(&'a str),
}

type Join = fn(Box<Condition>, Box<Condition>) -> Condition;

/// Joins conditions pairwise, so that a long chain does not become a deep tree.
pub(super) fn joined(mut conditions: Vec<Condition>, join: Join) -> Option<Condition> {
    while conditions.len() > 1 {
        let mut pairs = Vec::with_capacity(conditions.len().div_ceil(2));
        let mut rest = conditions.into_iter();
        while let Some(left) = rest.next() {
            pairs.push(match rest.next() {
                Some(right) => join(Box::new(left), Box::new(right)),
                None => left,
            });
        }
        conditions = pairs;
    }
    conditions.pop()
}

/// Binds conditions on one row.
#[derive(Clone, Copy)]
pub(super) struct Conditions<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) rows: Rows<'a>,
    /// The entity of the rows.
    pub(super) entity: &'static Entity,
    /// The enclosing conditions.
    pub(super) enclosing: Option<&'a Conditions<'a>>,
    /// Conditions on enclosing rows, with their assumed values.
    pub(super) assumed: &'a [(&'a Expr, bool)],
}

impl<'a> Conditions<'a> {
    /// Creates a binder that is not nested in another.
    pub(super) const fn new(scope: Scope<'a>, rows: Rows<'a>, entity: &'static Entity) -> Self {
        Self { scope, rows, entity, enclosing: None, assumed: &[] }
    }

    /// Binds a condition.
    pub(super) fn condition(&self, expr: &Expr) -> Result<Condition, OdataError> {
        if let Some((_, holds)) = self.assumed.iter().find(|(known, _)| *known == expr) {
            return Ok(Condition::Constant(*holds));
        }
        match &expr.kind {
            _ if self.scope.aliases.is_constant(expr) => {
                Ok(Condition::Constant(self.scope.truth(expr)?.unwrap_or(false)))
            }
            Kind::And(all) => self.balanced(all, Condition::And),
            Kind::Or(all) => self.balanced(all, Condition::Or),
            Kind::Unary(Unary::Not, inner) => Ok(Condition::Not(Box::new(self.condition(inner)?))),
            _ => self.leaf(expr),
        }
    }

    /// Binds a condition without nested conditions; a separate function, so that deep trees need little
    /// stack.
    fn leaf(&self, expr: &Expr) -> Result<Condition, OdataError> {
        self.scope.count(expr)?;
        if let Some(name) = alias_name(expr) {
            return self.condition(self.scope.alias(&name, expr.at)?);
        }
        match &expr.kind {
            Kind::Binary(Binary::In, left, right) => self.is_in(left, right),
            Kind::Binary(Binary::Has, left, right) => self.has(left, right),
            Kind::Binary(operator, left, right) => match operator.comparison() {
                Some(comparison) => self.compare(comparison, left, right),
                None => Err(meaning(self.scope.option, expr.at, "expected a condition".to_owned())),
            },
            Kind::Call(call) => self.call(call, expr.at),
            Kind::Path(path) => self.path_condition(path, expr.at),
            Kind::Case(cases) => {
                self.first_case(cases, &|value| self.condition(value), Condition::Constant(false))
            }
            Kind::Typed(typed) if typed.is_of => self.is_of(typed, expr.at),
            Kind::Typed(_) | Kind::Object(_) => Err(self.not_a_value(expr)),
            _ => Err(meaning(self.scope.option, expr.at, "expected a condition".to_owned())),
        }
    }

    fn balanced(&self, all: &[Expr], join: Join) -> Result<Condition, OdataError> {
        let conditions = all.iter().map(|expr| self.condition(expr)).collect::<Result<Vec<_>, _>>()?;
        Ok(joined(conditions, join).unwrap_or(Condition::Constant(true)))
    }

    pub(super) fn compare(
        &self,
        comparison: Comparison,
        left: &Expr,
        right: &Expr,
    ) -> Result<Condition, OdataError> {
        if let Some(cases) = self.compared_cases(comparison, left, right) {
            return cases;
        }
        let sides = (self.operand(left)?, self.operand(right)?);
        if let (Kind::Unary(Unary::Not, _), Operand::Constant(value)) = (&left.kind, &sides.1)
            && !matches!(value, Constant::Bool(_) | Constant::Null)
        {
            let message = "'not' applies to the operand that follows; write not (…) to negate a comparison";
            return Err(meaning(self.scope.option, left.at, message.to_owned()));
        }
        match sides {
            (left, Operand::Constant(value)) => self.against(left, comparison, &value, right.at),
            (Operand::Constant(value), right) => self.against(right, comparison.flipped(), &value, left.at),
            (Operand::Refused(path, wanted), _) | (_, Operand::Refused(path, wanted)) => {
                Ok(Condition::Refused(path, wanted))
            }
            (Operand::Condition(one), Operand::Condition(other)) => {
                self.compare_conditions(comparison, one, other, left.at)
            }
            _ => Err(self.two_properties(left, right)),
        }
    }

    /// Returns the error for a comparison of two properties, of which one may be a text without quotes.
    fn two_properties(&self, left: &Expr, right: &Expr) -> OdataError {
        for side in [right, left] {
            if let Kind::Path(Path { root: Root::Row, steps }) = &side.kind
                && let [Step::Name(name)] = steps.as_slice()
                && self.entity.property(name).is_none()
                && self.entity.collection(name).is_none()
            {
                let message =
                    format!("there is no property '{name}'; a text is written in single quotes: '{name}'");
                return meaning(self.scope.option, side.at, message);
            }
        }
        let message = "two properties cannot be compared with one another, as no index supports that; compare each with \
                       a value";
        meaning(self.scope.option, left.at, message.to_owned())
    }

    fn call(&self, call: &Call, at: usize) -> Result<Condition, OdataError> {
        let name = call.name.to_ascii_lowercase();
        let args: Vec<&Expr> = call.args.iter().map(|arg| &arg.value).collect();
        if let ("isdefined", [Expr { kind: Kind::Path(path), at, .. }]) = (name.as_str(), args.as_slice()) {
            return self.is_defined(path, *at);
        }
        let [first, second] = args.as_slice() else { return Err(self.unknown_function(call, at)) };
        if call.args.iter().any(|arg| arg.name.is_some()) {
            return Err(self.unknown_function(call, at));
        }
        match name.as_str() {
            "contains" => self.text(TextTest::Contains, first, second),
            "startswith" => self.text(TextTest::StartsWith, first, second),
            "endswith" => self.text(TextTest::EndsWith, first, second),
            "equalnull" => self.or_null(Comparison::Eq, first, second),
            "lessequalnull" => self.or_null(Comparison::Le, first, second),
            "greaterequalnull" => self.or_null(Comparison::Ge, first, second),
            _ => Err(self.unknown_function(call, at)),
        }
    }

    fn or_null(&self, comparison: Comparison, first: &Expr, second: &Expr) -> Result<Condition, OdataError> {
        let Operand::Constant(value) = self.operand(second)? else {
            return Err(meaning(self.scope.option, second.at, "expected a value here".to_owned()));
        };
        match self.operand(first)? {
            Operand::Property(path) => {
                let literal =
                    value.value().map_err(|message| meaning(self.scope.option, second.at, message))?;
                Ok(Condition::OrNull(path, comparison, literal))
            }
            Operand::Refused(path, wanted) => Ok(Condition::Refused(path, wanted)),
            operand @ (Operand::Part(..) | Operand::Cased(..)) => {
                let is_null =
                    self.against(self.operand(first)?, Comparison::Eq, &Constant::Null, first.at)?;
                let holds = self.against(operand, comparison, &value, second.at)?;
                Ok(Condition::Or(Box::new(is_null), Box::new(holds)))
            }
            _ => Err(meaning(self.scope.option, first.at, "expected a property here".to_owned())),
        }
    }

    /// Binds `contains(Name,'x')`, optionally with `tolower` or `toupper` around the property.
    fn text(&self, test: TextTest, first: &Expr, second: &Expr) -> Result<Condition, OdataError> {
        let name = test.name();
        let text = match self.operand(second)? {
            Operand::Constant(Constant::Text(text)) => text,
            Operand::Constant(Constant::Null) => return Ok(Condition::Constant(false)),
            Operand::Constant(_) => {
                return Err(meaning(
                    self.scope.option,
                    second.at,
                    format!("'{name}' takes a text in quotes"),
                ));
            }
            _ => {
                let message = format!("'{name}' takes a value as its second argument, not a property");
                return Err(meaning(self.scope.option, second.at, message));
            }
        };
        match self.operand(first)? {
            Operand::Property(path) => Ok(Condition::Text { path, test, text, case: TextCase::AsIs }),
            Operand::Cased(path, case) => Ok(Condition::Text { path, test, text, case }),
            Operand::Refused(path, wanted) => Ok(Condition::Refused(path, wanted)),
            Operand::Part(path, _) => Ok(Condition::Refused(path, name)),
            Operand::Constant(_) | Operand::Count(..) | Operand::Condition(_) => {
                Err(meaning(self.scope.option, first.at, format!("'{name}' takes a property and a text")))
            }
        }
    }

    /// Binds a path that is a condition by itself: a Boolean property, `any` or `all`.
    fn path_condition(&self, path: &Path, at: usize) -> Result<Condition, OdataError> {
        let names = |steps: &[Step]| self.names(&path.root, steps, at);
        match path.steps.split_last() {
            Some((Step::Any(None), before)) => Ok(Condition::Any(names(before)?, None)),
            Some((Step::Any(Some(lambda)), before)) => self.quantified(&names(before)?, lambda, false),
            Some((Step::All(lambda), before)) => self.quantified(&names(before)?, lambda, true),
            Some((Step::Count(_), _)) => Err(meaning(
                self.scope.option,
                at,
                "a number must be compared with another number".to_owned(),
            )),
            _ => Ok(Condition::Compare(self.property(path, at)?, Comparison::Eq, Literal::Bool(true))),
        }
    }

    /// Returns the error for an expression in place of a property or value.
    pub(super) fn not_a_value(&self, expr: &Expr) -> OdataError {
        let what = match &expr.kind {
            Kind::Call(call) => return self.unknown_function(call, expr.at),
            Kind::Case(_) => "the function 'case' here",
            Kind::Typed(_) => "the function 'cast' of a row",
            Kind::Object(_) => "a JSON object",
            Kind::List(_) | Kind::Array(_) => {
                return meaning(self.scope.option, expr.at, "a list is only allowed after 'in'".to_owned());
            }
            _ => {
                return meaning(self.scope.option, expr.at, "expected a property or a value here".to_owned());
            }
        };
        self.scope.unoffered(what, expr.at)
    }
}
