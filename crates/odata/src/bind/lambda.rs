//! `any`, `all` and `$count`: conditions on the rows of a collection.

use model::query::{Condition, PropertyPath};

use super::condition::{Conditions, Rows, joined};
use super::errors::place;
use super::operand::Operand;
use super::search;
use crate::OdataError;
use crate::ast::{Expr, Kind, Lambda, Options, Path, Root, Step};

/// Maximum number of distinct conditions on enclosing rows in one `any` or `all`.
const MAX_OUTER: usize = 4;

impl Conditions<'_> {
    /// Binds `any(…)` and `all(…)`.
    ///
    /// A condition on an enclosing row has the same value for every row of the collection. The result is
    /// therefore a disjunction over all assignments of those conditions; rows of different tables are never
    /// compared with one another.
    pub(super) fn quantified(
        &self,
        names: &PropertyPath,
        lambda: &Lambda,
        all: bool,
    ) -> Result<Condition, OdataError> {
        let mut outer = Vec::new();
        self.outer(&lambda.body, &[&lambda.variable], &mut outer);
        if outer.len() > MAX_OUTER {
            let what = "the number of conditions on enclosing rows within 'any' or 'all'";
            let place = place(self.scope.option, lambda.body.at);
            return Err(OdataError::Limit { place, what, limit: MAX_OUTER });
        }
        let assumed = self.assumed.iter().filter(|(known, _)| !mentions(known, &lambda.variable));
        let assumed: Vec<(&Expr, bool)> = assumed.copied().collect();
        let mut cases = Vec::with_capacity(1 << outer.len());
        for which in 0..1_usize << outer.len() {
            let (mut assumed, mut met) = (assumed.clone(), Vec::new());
            for (index, expr) in outer.iter().enumerate() {
                let (holds, condition) = (which >> index & 1 == 0, self.condition(expr)?);
                assumed.push((expr, holds));
                met.push(if holds { condition } else { Condition::Not(Box::new(condition)) });
            }
            let inner = Box::new(self.members(names, &lambda.variable, &assumed).condition(&lambda.body)?);
            let names = names.clone();
            met.push(if all { Condition::All(names, inner) } else { Condition::Any(names, Some(inner)) });
            cases.extend(joined(met, Condition::And));
        }
        Ok(joined(cases, Condition::Or).unwrap_or(Condition::Constant(false)))
    }

    /// Creates the binder of conditions on the rows that a variable denotes.
    fn members<'b>(
        &'b self,
        names: &[String],
        variable: &'b str,
        assumed: &'b [(&'b Expr, bool)],
    ) -> Conditions<'b> {
        let entity = self.target(names).unwrap_or(self.entity);
        Conditions {
            scope: self.scope,
            rows: Rows::Variable(variable),
            entity,
            enclosing: Some(self),
            assumed,
        }
    }

    /// Collects the conditions in a body that refer to none of the range variables.
    fn outer<'e>(&self, expr: &'e Expr, variables: &[&'e str], found: &mut Vec<&'e Expr>) {
        if self.scope.aliases.is_constant(expr) {
            return;
        }
        match &expr.kind {
            Kind::And(all) | Kind::Or(all) => {
                all.iter().for_each(|inner| self.outer(inner, variables, found));
            }
            Kind::Unary(crate::ast::Unary::Not, inner) => self.outer(inner, variables, found),
            kind if variables.iter().any(|variable| mentions(expr, variable)) => {
                if let Kind::Path(path) = kind
                    && let Some(Step::Any(Some(lambda)) | Step::All(lambda)) = path.steps.last()
                {
                    let variables: Vec<&str> = variables.iter().copied().chain([&*lambda.variable]).collect();
                    self.outer(&lambda.body, &variables, found);
                }
            }
            _ if self.is_known(expr) && !found.contains(&expr) && !self.is_assumed(expr) => found.push(expr),
            _ => {}
        }
    }

    fn is_assumed(&self, expr: &Expr) -> bool {
        self.assumed.iter().any(|(known, _)| *known == expr)
    }

    /// Returns whether the first path of an expression begins at an enclosing row.
    fn is_known(&self, expr: &Expr) -> bool {
        let Some(path) = first_path(expr) else { return false };
        match (&path.root, path.steps.first()) {
            (Root::It, _) => true,
            (Root::Row, Some(Step::Name(name))) => self.knows(name),
            _ => false,
        }
    }

    /// Binds `Collection/$count` of the rows that meet the conditions before it or in its parentheses.
    pub(super) fn counted(
        &self,
        path: &Path,
        before: &[Step],
        options: &Options,
        at: usize,
    ) -> Result<Operand, OdataError> {
        let (before, first) = match before.split_last() {
            Some((Step::Filter(filter), before)) => (before, Some(filter.as_ref())),
            _ => (before, None),
        };
        let names = self.names(&path.root, before, at)?;
        let entity = self.target(&names).unwrap_or(self.entity);
        let members = Conditions::new(self.scope, Rows::Members, entity);
        let filters = first.into_iter().chain(&options.filter);
        let mut met = filters.map(|filter| members.condition(filter)).collect::<Result<Vec<_>, _>>()?;
        met.extend(options.search.as_ref().map(|search| Condition::Mentions(search::search(search))));
        Ok(Operand::Count(names, joined(met, Condition::And).map(Box::new)))
    }
}

/// Returns whether an expression refers to the row of a variable; an alias might.
fn mentions(expr: &Expr, variable: &str) -> bool {
    let here = match &expr.kind {
        Kind::Path(Path { root: Root::Alias(_), .. }) => true,
        Kind::Path(Path { root: Root::Row, steps }) => {
            matches!(steps.first(), Some(Step::Name(name)) if name == variable)
        }
        _ => false,
    };
    here || expr.kind.children().any(|child| mentions(child, variable))
}

fn first_path(expr: &Expr) -> Option<&Path> {
    match &expr.kind {
        Kind::Path(path) => Some(path),
        kind => kind.children().find_map(first_path),
    }
}
