//! Text form of the tree, which parses to the same tree.

mod apply;
mod literal;
mod options;
mod path;
mod resource;
mod search;

use std::fmt::{self, Display, Formatter};

use crate::ast::{Expr, Kind, Typed, Unary};
use crate::precedence::{self, Precedence};

pub(crate) use options::comma_separated;

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_expr(self, precedence::LOWEST, f)
    }
}

fn write_expr(expr: &Expr, least: Precedence, f: &mut Formatter<'_>) -> fmt::Result {
    let enclosed = precedence::of_expression(&expr.kind) < least;
    if enclosed {
        f.write_str("(")?;
    }
    match &expr.kind {
        Kind::Literal(literal) => literal.fmt(f)?,
        Kind::List(items) => write_joined(items, ("(", ",", ")"), f)?,
        Kind::Array(items) => write_joined(items, ("[", ",", "]"), f)?,
        Kind::Object(members) => write_object(members, f)?,
        Kind::Case(cases) => write_case(cases, f)?,
        Kind::Typed(typed) => typed.fmt(f)?,
        Kind::Path(path) => path.fmt(f)?,
        Kind::Call(call) => call.fmt(f)?,
        Kind::Unary(operator, inner) => {
            // The space separates the minus from a number, which would be another literal.
            f.write_str(if *operator == Unary::Not { "not " } else { "- " })?;
            write_expr(inner, precedence::UNARY, f)?;
        }
        Kind::Binary(operator, left, right) => {
            let own = precedence::of_binary(*operator);
            write_expr(left, own, f)?;
            write!(f, " {} ", operator.name())?;
            write_expr(right, own + 1, f)?;
        }
        Kind::And(all) => write_chain(all, "and", precedence::AND, f)?,
        Kind::Or(all) => write_chain(all, "or", precedence::OR, f)?,
    }
    if enclosed { f.write_str(")") } else { Ok(()) }
}

fn write_chain(all: &[Expr], word: &str, own: Precedence, f: &mut Formatter<'_>) -> fmt::Result {
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

fn write_object(members: &[(String, Expr)], f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("{")?;
    for (index, (name, value)) in members.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        write!(f, "{comma}{}:{value}", serde_json::Value::from(name.as_str()))?;
    }
    f.write_str("}")
}

fn write_case(cases: &[(Expr, Expr)], f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("case(")?;
    for (index, (condition, value)) in cases.iter().enumerate() {
        // The space separates a number from the colon, which would form a time.
        write!(f, "{}{condition} : {value}", if index > 0 { "," } else { "" })?;
    }
    f.write_str(")")
}

impl Display for Typed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_of { "isof(" } else { "cast(" })?;
        if let Some(value) = &self.value {
            write!(f, "{value},")?;
        }
        if self.collection { write!(f, "Collection({}))", self.name) } else { write!(f, "{})", self.name) }
    }
}
