//! Conditions of `$filter`.

use std::cell::Cell;

use model::query::{Comparison, Condition, Literal as Value, PathName, TextTest};

use super::shape::{comparison, is_condition, lowered, mentions_alias, step_word};
use super::{MAX_BOUND, meaning, not_offered, place};
use crate::OdataError;
use crate::ast::{Binary, Call, Expr, Kind, Lambda, Literal, Path, Root, Step, Unary};
use crate::functions;
use crate::options::OptionName;

/// Binds conditions on one row: the resource's, or a range variable's.
pub(super) struct Conditions<'a> {
    aliases: &'a [(&'a str, &'a Expr)],
    variable: Option<&'a str>,
    bound: &'a Cell<usize>,
}

const OPTION: &str = OptionName::Filter.name();

impl<'a> Conditions<'a> {
    /// Conditions on the rows of the resource; `bound` counts what was bound so far.
    pub(super) const fn new(aliases: &'a [(&'a str, &'a Expr)], bound: &'a Cell<usize>) -> Self {
        Self { aliases, variable: None, bound }
    }

    /// Binds a condition.
    pub(super) fn condition(&self, expr: &Expr) -> Result<Condition, OdataError> {
        self.count(expr)?;
        let expr = self.resolved(expr)?;
        match &expr.kind {
            Kind::Literal(Literal::Bool(value)) => Ok(Condition::Constant(*value)),
            Kind::And(all) => self.balanced(all, Condition::And),
            Kind::Or(all) => self.balanced(all, Condition::Or),
            Kind::Unary(Unary::Not, inner) => Ok(Condition::Not(Box::new(self.condition(inner)?))),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, expr.at),
            Kind::Call(call) => self.call(call, expr.at),
            Kind::Path(path) => self.path_condition(path, expr.at),
            Kind::Case(_) | Kind::Typed(_) | Kind::Object(_) => Err(self.not_a_value(expr)),
            _ => Err(meaning(OPTION, expr.at, "a condition is expected".to_owned())),
        }
    }

    fn count(&self, expr: &Expr) -> Result<(), OdataError> {
        self.bound.set(self.bound.get() + 1);
        if self.bound.get() > MAX_BOUND {
            let (place, what) = (place(OPTION, expr.at), "the number of conditions and values");
            return Err(OdataError::Limit { place, what, limit: MAX_BOUND });
        }
        Ok(())
    }

    /// The expression, or the one for which an alias stands.
    fn resolved<'e>(&'e self, expr: &'e Expr) -> Result<&'e Expr, OdataError> {
        let Kind::Path(Path { root: Root::Alias(name), steps }) = &expr.kind else { return Ok(expr) };
        if !steps.is_empty() {
            return Err(self.unoffered("a path that begins with an alias", expr.at));
        }
        let found = self.aliases.iter().find(|(known, _)| known == name);
        let (_, value) =
            found.ok_or_else(|| meaning(OPTION, expr.at, format!("the alias '@{name}' has no value")))?;
        if mentions_alias(value) {
            return Err(self.unoffered("an alias within the value of an alias", expr.at));
        }
        Ok(value)
    }

    /// Joins conditions two by two, so that a long chain does not become a deep tree.
    fn balanced(
        &self,
        all: &[Expr],
        join: fn(Box<Condition>, Box<Condition>) -> Condition,
    ) -> Result<Condition, OdataError> {
        let mut conditions = all.iter().map(|expr| self.condition(expr)).collect::<Result<Vec<_>, _>>()?;
        while conditions.len() > 1 {
            let mut joined = Vec::with_capacity(conditions.len().div_ceil(2));
            let mut rest = conditions.into_iter();
            while let Some(left) = rest.next() {
                joined.push(match rest.next() {
                    Some(right) => join(Box::new(left), Box::new(right)),
                    None => left,
                });
            }
            conditions = joined;
        }
        Ok(conditions.pop().unwrap_or(Condition::Constant(true)))
    }

    fn binary(
        &self,
        operator: Binary,
        left: &Expr,
        right: &Expr,
        at: usize,
    ) -> Result<Condition, OdataError> {
        match comparison(operator) {
            Some(comparison) => self.compare(comparison, left, right),
            None if operator == Binary::In => self.is_in(left, right),
            None => Err(self.unoffered(&format!("the operator '{}'", operator.name()), at)),
        }
    }

    fn compare(&self, comparison: Comparison, left: &Expr, right: &Expr) -> Result<Condition, OdataError> {
        let (left, right) = (self.resolved(left)?, self.resolved(right)?);
        if let Some(condition) = self.truth(comparison, left, right)? {
            return Ok(condition);
        }
        match (&left.kind, &right.kind) {
            (Kind::Path(path), Kind::Literal(_)) => {
                Ok(Condition::Compare(self.property(path, left.at)?, comparison, self.value(right)?))
            }
            (Kind::Literal(_), Kind::Path(path)) => {
                let path = self.property(path, right.at)?;
                Ok(Condition::Compare(path, comparison.flipped(), self.value(left)?))
            }
            (Kind::Literal(_), Kind::Literal(_)) => {
                Err(self.unoffered("a comparison of two values", left.at))
            }
            (Kind::Path(_), Kind::Path(_)) => Err(self.unoffered("a comparison of two properties", left.at)),
            (Kind::Path(_) | Kind::Literal(_), _) => Err(self.not_a_value(right)),
            _ => Err(self.not_a_value(left)),
        }
    }

    /// A condition compared with `true` or `false`.
    fn truth(
        &self,
        comparison: Comparison,
        left: &Expr,
        right: &Expr,
    ) -> Result<Option<Condition>, OdataError> {
        let (inner, value) = match (&left.kind, &right.kind) {
            (_, Kind::Literal(Literal::Bool(value))) if is_condition(left) => (left, *value),
            (Kind::Literal(Literal::Bool(value)), _) if is_condition(right) => (right, *value),
            _ => return Ok(None),
        };
        let wanted = match comparison {
            Comparison::Eq => value,
            Comparison::Ne => !value,
            _ => return Ok(None),
        };
        let condition = self.condition(inner)?;
        Ok(Some(if wanted { condition } else { Condition::Not(Box::new(condition)) }))
    }

    fn is_in(&self, left: &Expr, right: &Expr) -> Result<Condition, OdataError> {
        let (left, right) = (self.resolved(left)?, self.resolved(right)?);
        let Kind::Path(path) = &left.kind else { return Err(self.not_a_value(left)) };
        let (Kind::List(items) | Kind::Array(items)) = &right.kind else {
            return Err(self.unoffered("'in' with anything but a list of values", right.at));
        };
        let values = items.iter().map(|item| self.literal(item)).collect::<Result<_, _>>()?;
        Ok(Condition::In(self.property(path, left.at)?, values))
    }

    fn call(&self, call: &Call, at: usize) -> Result<Condition, OdataError> {
        let name = call.name.to_ascii_lowercase();
        let args: Vec<&Expr> = call.args.iter().map(|arg| &arg.value).collect();
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

    fn unknown_function(&self, call: &Call, at: usize) -> OdataError {
        let meant = functions::nearest(&call.name).map(|name| format!(" (did you mean '{name}'?)"));
        self.unoffered(&format!("the function '{}'{}", call.name, meant.unwrap_or_default()), at)
    }

    fn or_null(&self, comparison: Comparison, first: &Expr, second: &Expr) -> Result<Condition, OdataError> {
        let first = self.resolved(first)?;
        let Kind::Path(path) = &first.kind else { return Err(self.not_a_value(first)) };
        Ok(Condition::OrNull(self.property(path, first.at)?, comparison, self.literal(second)?))
    }

    /// `contains(Name,'x')`, or with `tolower` around the property, or around both.
    fn text(&self, test: TextTest, first: &Expr, second: &Expr) -> Result<Condition, OdataError> {
        let (property, fold) = lowered(self.resolved(first)?);
        let (text, text_fold) = lowered(self.resolved(second)?);
        let Kind::Path(path) = &property.kind else { return Err(self.not_a_value(property)) };
        let Value::Text(mut text) = self.literal(text)? else {
            return Err(meaning(OPTION, text.at, format!("'{}' looks for text in quotes", test.name())));
        };
        let path = self.property(path, property.at)?;
        if text_fold {
            text = text.to_lowercase();
        }
        // What is in lower case contains nothing that is not.
        let never = fold && text != text.to_lowercase();
        let found = Condition::Text { path, test, text, fold };
        Ok(if never { Condition::And(Box::new(found), Box::new(Condition::Constant(false))) } else { found })
    }

    /// A path that is a condition by itself: a boolean property, `any` or `all`.
    fn path_condition(&self, path: &Path, at: usize) -> Result<Condition, OdataError> {
        let names = |steps: &[Step]| self.names(&path.root, steps, at);
        match path.steps.split_last() {
            Some((Step::Any(None), before)) => Ok(Condition::Any(names(before)?, None)),
            Some((Step::Any(Some(lambda)), before)) => {
                Ok(Condition::Any(names(before)?, Some(Box::new(self.lambda(lambda)?))))
            }
            Some((Step::All(lambda), before)) => {
                Ok(Condition::All(names(before)?, Box::new(self.lambda(lambda)?)))
            }
            _ => Ok(Condition::Compare(self.property(path, at)?, Comparison::Eq, Value::Bool(true))),
        }
    }

    fn lambda(&self, lambda: &Lambda) -> Result<Condition, OdataError> {
        let inner = Conditions { aliases: self.aliases, variable: Some(&lambda.variable), bound: self.bound };
        inner.condition(&lambda.body)
    }

    /// The names of a path to a property.
    fn property(&self, path: &Path, at: usize) -> Result<PathName, OdataError> {
        let names = self.names(&path.root, &path.steps, at)?;
        if names.is_empty() {
            return Err(meaning(OPTION, at, "a property is expected behind this".to_owned()));
        }
        Ok(names)
    }

    /// The names of a path's steps from the row in question.
    fn names(&self, root: &Root, steps: &[Step], at: usize) -> Result<PathName, OdataError> {
        let mut names = Vec::with_capacity(steps.len());
        for step in steps {
            let Step::Name(name) = step else {
                return Err(self.unoffered(&format!("'{}' in a path", step_word(step)), at));
            };
            if name.contains('.') {
                return Err(self.unoffered("a type in a path", at));
            }
            names.push(name.clone());
        }
        match (root, self.variable) {
            (Root::Row, None) | (Root::It | Root::This, None) => Ok(names),
            (Root::Row, Some(variable)) if names.first().is_some_and(|first| first == variable) => {
                Ok(names.split_off(1))
            }
            (Root::Row, Some(variable)) => {
                let message = format!("a path within this condition begins with the variable '{variable}/'");
                Err(meaning(OPTION, at, message))
            }
            (Root::It | Root::This, Some(_)) => Err(self.unoffered("$it within 'any' and 'all'", at)),
            (Root::Service, _) => Err(self.unoffered("$root", at)),
            (Root::These, _) => Err(self.unoffered("$these", at)),
            (Root::Alias(_), _) => Err(self.unoffered("a path that begins with an alias", at)),
        }
    }

    /// A literal, or the alias of one.
    fn literal(&self, expr: &Expr) -> Result<Value, OdataError> {
        self.count(expr)?;
        let expr = self.resolved(expr)?;
        match &expr.kind {
            Kind::Literal(_) => self.value(expr),
            _ => Err(self.not_a_value(expr)),
        }
    }

    fn value(&self, expr: &Expr) -> Result<Value, OdataError> {
        super::value::value(expr).map_err(|message| meaning(OPTION, expr.at, message))
    }

    /// Why an expression stands where a property or a value is wanted.
    fn not_a_value(&self, expr: &Expr) -> OdataError {
        let what = match &expr.kind {
            Kind::Call(call) => return self.unknown_function(call, expr.at),
            Kind::Binary(operator, ..) => format!("the operator '{}' within a comparison", operator.name()),
            Kind::Unary(Unary::Negate, _) => "the operator '-' before anything but a number".to_owned(),
            Kind::Unary(Unary::Not, _) => {
                let message =
                    "'not' belongs to what follows it at once; write not (…) to negate a comparison";
                return meaning(OPTION, expr.at, message.to_owned());
            }
            Kind::And(_) | Kind::Or(_) => "a comparison of conditions".to_owned(),
            Kind::Literal(_) => return meaning(OPTION, expr.at, "a property is expected here".to_owned()),
            Kind::List(_) | Kind::Array(_) => {
                return meaning(OPTION, expr.at, "a list stands behind 'in' only".to_owned());
            }
            Kind::Object(_) => "an object of JSON".to_owned(),
            Kind::Case(_) => "the function 'case'".to_owned(),
            Kind::Typed(typed) if typed.is_of => "the function 'isof'".to_owned(),
            Kind::Typed(_) => "the function 'cast'".to_owned(),
            Kind::Path(_) => "a property where a value stands".to_owned(),
        };
        self.unoffered(&what, expr.at)
    }

    fn unoffered(&self, what: &str, at: usize) -> OdataError {
        not_offered(what, Some(place(OPTION, at)))
    }
}
