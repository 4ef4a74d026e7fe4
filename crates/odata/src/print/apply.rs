//! Text form of `$apply`.

use std::fmt::{self, Display, Formatter};

use super::options::comma_separated;
use crate::ast::apply::{FromClause, Grouping, Hierarchy, Nested};
use crate::ast::{Aggregate, Aggregated, Transformation};

/// Returns transformations separated by slashes.
pub(super) fn sequence(steps: &[Transformation]) -> String {
    steps.iter().map(Transformation::to_string).collect::<Vec<_>>().join("/")
}

/// Returns a comma and transformations, or nothing.
fn then(steps: &[Transformation]) -> String {
    if steps.is_empty() { String::new() } else { format!(",{}", sequence(steps)) }
}

fn paths(paths: &[Vec<String>]) -> String {
    paths.iter().map(|path| path.join("/")).collect::<Vec<_>>().join(",")
}

impl Display for Transformation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aggregate(all) => write!(f, "aggregate({})", comma_separated(all)),
            Self::Compute(items) => write!(f, "compute({})", comma_separated(items)),
            Self::Concat(all) => {
                let all: Vec<String> = all.iter().map(|steps| sequence(steps)).collect();
                write!(f, "concat({})", all.join(","))
            }
            Self::GroupBy { by, then: steps } => {
                write!(f, "groupby(({}){})", comma_separated(by), then(steps))
            }
            Self::Join { outer, path, alias, then: steps } => {
                let name = if *outer { "outerjoin" } else { "join" };
                write!(f, "{name}({} as {alias}{})", path.join("/"), then(steps))
            }
            Self::Nest(nested) => write!(f, "nest({})", comma_separated(nested)),
            Self::AddNested { path, nested } => {
                write!(f, "addnested({},{})", path.join("/"), comma_separated(nested))
            }
            Self::Ranked { ranking, limit, by } => write!(f, "{}({limit},{by})", ranking.name()),
            Self::Filter(filter) => write!(f, "filter({filter})"),
            Self::Identity => f.write_str("identity"),
            Self::OrderBy(items) => write!(f, "orderby({})", comma_separated(items)),
            Self::Search(search) => write!(f, "search({search})"),
            Self::Skip(number) => write!(f, "skip({number})"),
            Self::Top(number) => write!(f, "top({number})"),
            Self::Relatives { .. } => write_relatives(self, f),
            Self::Traverse { hierarchy, preorder, first, order } => {
                let which = if *preorder { "preorder" } else { "postorder" };
                write!(f, "traverse({hierarchy},{which}{}", then(first))?;
                if order.is_empty() { f.write_str(")") } else { write!(f, ",{})", comma_separated(order)) }
            }
            Self::Function(call) => call.fmt(f),
        }
    }
}

fn write_relatives(transformation: &Transformation, f: &mut Formatter<'_>) -> fmt::Result {
    let Transformation::Relatives { ancestors, hierarchy, of, distance, keep_start } = transformation else {
        return Ok(());
    };
    write!(f, "{}({hierarchy}{}", if *ancestors { "ancestors" } else { "descendants" }, then(of))?;
    if let Some(distance) = distance {
        write!(f, ",{distance}")?;
    }
    f.write_str(if *keep_start { ",keep start)" } else { ")" })
}

impl Display for Nested {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} as {}", sequence(&self.steps), self.alias)
    }
}

impl Display for Aggregate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.of {
            Aggregated::Count => f.write_str("$count"),
            Aggregated::Type(name, false) => f.write_str(name),
            Aggregated::Type(name, true) => write!(f, "{name}/$count"),
            Aggregated::Expr(expr) => expr.fmt(f),
        }?;
        write_method(self.method.as_deref(), f)?;
        self.from.iter().try_for_each(|from| from.fmt(f))?;
        match &self.alias {
            Some(alias) => write!(f, " as {alias}"),
            None => Ok(()),
        }
    }
}

fn write_method(method: Option<&str>, f: &mut Formatter<'_>) -> fmt::Result {
    method.map_or(Ok(()), |method| write!(f, " with {method}"))
}

impl Display for FromClause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, " from {}", paths(&self.by))?;
        write_method(self.method.as_deref(), f)
    }
}

impl Display for Grouping {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.write_str(&path.join("/")),
            Self::Rollup(all) => write!(f, "rollup({})", paths(all)),
            Self::NamedRollup(name) => write!(f, "rollup({name})"),
            Self::Recursive(hierarchy, steps) => write!(f, "rolluprecursive({hierarchy}{})", then(steps)),
        }
    }
}

impl Display for Hierarchy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.nodes, self.qualifier, self.path.join("/"))
    }
}
