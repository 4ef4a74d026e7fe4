//! `any`, `all` and `$count`: conditions on the rows of a collection.

use model::query::{Condition, PropertyPath};

use super::condition::{Conditions, Rows, joined};
use super::operand::Operand;
use super::place;
use crate::OdataError;
use crate::ast::{Expr, Kind, Lambda, Options, Path, Root, Step};

/// How many different conditions on the rows around it one `any` or `all` may have.
const MAX_OUTER: usize = 4;

impl Conditions<'_> {
    /// `any(…)` and `all(…)`.
    ///
    /// A condition on the rows around says the same of every row of the collection. So the answer is one of several,
    /// one for each way in which those conditions may hold; no row is ever compared with one of another table.
    pub(super) fn quantified(
        &self,
        names: &PropertyPath,
        lambda: &Lambda,
        all: bool,
    ) -> Result<Condition, OdataError> {
        let mut outer = Vec::new();
        self.outer(&lambda.body, &[&lambda.variable], &mut outer);
        if outer.len() > MAX_OUTER {
            let what = "the number of conditions on other rows within 'any' or 'all'";
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

    /// Conditions on the rows that a variable stands for.
    fn members<'b>(
        &'b self,
        names: &[String],
        variable: &'b str,
        assumed: &'b [(&'b Expr, bool)],
    ) -> Conditions<'b> {
        let entity = self.target(names).unwrap_or(self.entity);
        Conditions { scope: self.scope, rows: Rows::Variable(variable), entity, around: Some(self), assumed }
    }

    /// Gathers the conditions within a body that are about none of the rows for which the variables stand.
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

    /// Whether the first path of an expression begins at a row around it.
    fn is_known(&self, expr: &Expr) -> bool {
        let Some(path) = first_path(expr) else { return false };
        match (&path.root, path.steps.first()) {
            (Root::It, _) => true,
            (Root::Row, Some(Step::Name(name))) => self.knows(name),
            _ => false,
        }
    }

    /// `Collection/$count`, of those rows only that meet the conditions in its parentheses or before it.
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
        met.extend(options.search.as_ref().map(|search| Condition::Mentions(super::search(search))));
        Ok(Operand::Count(names, joined(met, Condition::And).map(Box::new)))
    }
}

/// Whether an expression is, somewhere, about the row for which a variable stands; an alias may be.
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
