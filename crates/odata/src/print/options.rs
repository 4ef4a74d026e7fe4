//! Text form of query options.

use std::fmt::{self, Display, Formatter};

use crate::ast::{ComputeItem, ExpandItem, ExpandShape, Levels, Options, OrderItem, SelectItem};

impl Display for ComputeItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} as {}", self.expr, self.alias)
    }
}

impl Display for OrderItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)?;
        if self.descending { f.write_str(" desc") } else { Ok(()) }
    }
}

impl Display for SelectItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path.join("/"))?;
        if !self.parameters.is_empty() {
            write!(f, "({})", self.parameters.join(","))?;
        }
        write_enclosed(&self.options, f)
    }
}

impl Display for ExpandItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path.join("/"))?;
        f.write_str(match self.shape {
            ExpandShape::Rows => "",
            ExpandShape::References => "/$ref",
            ExpandShape::Count => "/$count",
            ExpandShape::Value => "$value",
        })?;
        write_enclosed(&self.options, f)
    }
}

impl Display for Levels {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Max => f.write_str("max"),
        }
    }
}

pub(super) fn write_enclosed(options: &Options, f: &mut Formatter<'_>) -> fmt::Result {
    if *options == Options::default() { Ok(()) } else { write!(f, "({options})") }
}

/// Writes the options separated by semicolons, as in parentheses.
impl Display for Options {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.aliases.iter().map(|(name, value)| format!("@{name}={value}")));
        parts.extend(self.filter.iter().map(|filter| format!("$filter={filter}")));
        let lists = [
            ("$orderby", comma_separated(&self.order_by)),
            ("$select", comma_separated(&self.select)),
            ("$expand", comma_separated(&self.expand)),
            ("$compute", comma_separated(&self.compute)),
            ("$apply", super::apply::sequence(&self.apply)),
        ];
        let lists = lists.into_iter().filter(|(_, text)| !text.is_empty());
        parts.extend(lists.map(|(name, text)| format!("{name}={text}")));
        parts.extend(self.top.iter().map(|top| format!("$top={top}")));
        parts.extend(self.skip.iter().map(|skip| format!("$skip={skip}")));
        parts.extend(self.count.iter().map(|count| format!("$count={count}")));
        parts.extend(self.search.iter().map(|search| format!("$search={search}")));
        parts.extend(self.levels.iter().map(|levels| format!("$levels={levels}")));
        f.write_str(&parts.join(";"))
    }
}

/// Returns the items of a list separated by commas.
pub(crate) fn comma_separated<T: Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}
