//! The tree as text that parses to the same tree.

use std::fmt::{self, Display, Formatter};

use data_encoding::BASE64URL_NOPAD;

use crate::ast::{
    Arg, Call, ExpandItem, ExpandShape, Expr, Kind, Lambda, Levels, Literal, NotFinite, Options, OrderItem,
    Path, Root, SelectItem, Step, Unary,
};
use crate::power::{self, Power};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_expr(self, power::LOWEST, f)
    }
}

fn write_expr(expr: &Expr, least: Power, f: &mut Formatter<'_>) -> fmt::Result {
    let enclosed = power::of(&expr.kind) < least;
    if enclosed {
        f.write_str("(")?;
    }
    match &expr.kind {
        Kind::Literal(literal) => literal.fmt(f)?,
        Kind::List(items) => write_joined(items, ("(", ",", ")"), f)?,
        Kind::Array(items) => write_joined(items, ("[", ",", "]"), f)?,
        Kind::Path(path) => path.fmt(f)?,
        Kind::Call(call) => call.fmt(f)?,
        Kind::Unary(operator, inner) => {
            // The space keeps a minus apart from a number, which would be another literal.
            f.write_str(if *operator == Unary::Not { "not " } else { "- " })?;
            write_expr(inner, power::UNARY, f)?;
        }
        Kind::Binary(operator, left, right) => {
            let own = power::of_binary(*operator);
            write_expr(left, own, f)?;
            write!(f, " {} ", operator.name())?;
            write_expr(right, own + 1, f)?;
        }
        Kind::And(all) => write_chain(all, "and", power::AND, f)?,
        Kind::Or(all) => write_chain(all, "or", power::OR, f)?,
    }
    if enclosed { f.write_str(")") } else { Ok(()) }
}

fn write_chain(all: &[Expr], word: &str, own: Power, f: &mut Formatter<'_>) -> fmt::Result {
    for (index, expr) in all.iter().enumerate() {
        if index > 0 {
            write!(f, " {word} ")?;
        }
        write_expr(expr, own + 1, f)?;
    }
    Ok(())
}

fn write_joined<T: Display>(
    items: &[T],
    (open, between, close): (&str, &str, &str),
    f: &mut Formatter<'_>,
) -> fmt::Result {
    f.write_str(open)?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        item.fmt(f)?;
    }
    f.write_str(close)
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Decimal(text) | Self::Date(text) | Self::DateTimeOffset(text) | Self::TimeOfDay(text) => {
                f.write_str(text)
            }
            Self::NotFinite(NotFinite::NaN) => f.write_str("NaN"),
            Self::NotFinite(NotFinite::Infinity) => f.write_str("INF"),
            Self::NotFinite(NotFinite::NegativeInfinity) => f.write_str("-INF"),
            Self::Guid(id) => id.fmt(f),
            Self::Duration(text) => write!(f, "duration'{text}'"),
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Enum(name, members) => write!(f, "{name}'{members}'"),
            Self::Binary(bytes) => write!(f, "binary'{}'", BASE64URL_NOPAD.encode(bytes)),
        }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.root {
            Root::Row => return write_joined(&self.steps, ("", "/", ""), f),
            Root::It => f.write_str("$it"),
            Root::This => f.write_str("$this"),
            Root::Service => f.write_str("$root"),
            Root::Alias(name) => write!(f, "@{name}"),
        }?;
        self.steps.iter().try_for_each(|step| write!(f, "/{step}"))
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Annotation(name) => write!(f, "@{name}"),
            Self::Call(call) => call.fmt(f),
            Self::Any(None) => f.write_str("any()"),
            Self::Any(Some(lambda)) => write!(f, "any({lambda})"),
            Self::All(lambda) => write!(f, "all({lambda})"),
            Self::Count(options) => {
                f.write_str("$count")?;
                write_enclosed(options, f)
            }
            Self::Filter(inner) => write!(f, "$filter({inner})"),
        }
    }
}

impl Display for Lambda {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.variable, self.body)
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        write_joined(&self.args, ("(", ",", ")"), f)
    }
}

impl Display for Arg {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name}=")?;
        }
        self.value.fmt(f)
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

fn write_enclosed(options: &Options, f: &mut Formatter<'_>) -> fmt::Result {
    if *options == Options::default() { Ok(()) } else { write!(f, "({options})") }
}

/// The options with semicolons between them, as they stand in parentheses.
impl Display for Options {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.aliases.iter().map(|(name, value)| format!("@{name}={value}")));
        parts.extend(self.filter.iter().map(|filter| format!("$filter={filter}")));
        let lists = [
            ("$orderby", comma_separated(&self.order_by)),
            ("$select", comma_separated(&self.select)),
            ("$expand", comma_separated(&self.expand)),
        ];
        let lists = lists.into_iter().filter(|(_, text)| !text.is_empty());
        parts.extend(lists.map(|(name, text)| format!("{name}={text}")));
        parts.extend(self.top.iter().map(|top| format!("$top={top}")));
        parts.extend(self.skip.iter().map(|skip| format!("$skip={skip}")));
        parts.extend(self.count.iter().map(|count| format!("$count={count}")));
        parts.extend(self.levels.iter().map(|levels| format!("$levels={levels}")));
        f.write_str(&parts.join(";"))
    }
}

/// The items of a list as the option's value writes them.
pub(crate) fn comma_separated<T: Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}
