//! Conditions on groups and orders of groups.

use super::grouped_query::{Having, OPTION, Sequence};
use crate::OdataError;
use crate::ast::{Binary, Expr, Kind, OrderItem, Path, Root, Step, Unary};
use crate::bind::constant::literal_value as value;
use crate::bind::errors::meaning;

pub(super) fn order(items: &[OrderItem]) -> Result<Vec<(String, bool)>, OdataError> {
    let key = |item: &OrderItem| {
        let column = column(&item.expr);
        let column = column.ok_or_else(|| {
            meaning(OPTION, item.expr.at, "groups can only be ordered by their columns".to_owned())
        });
        column.map(|column| (column, item.descending))
    };
    items.iter().map(key).collect()
}

/// Converts a condition into one on groups, if every name in it is a column of all sequences.
pub(super) fn having(expr: &Expr, sequences: &[Sequence]) -> Option<Having> {
    match &expr.kind {
        Kind::And(all) => {
            all.iter().map(|inner| having(inner, sequences)).collect::<Option<_>>().map(Having::And)
        }
        Kind::Or(any) => {
            any.iter().map(|inner| having(inner, sequences)).collect::<Option<_>>().map(Having::Or)
        }
        Kind::Unary(Unary::Not, inner) => having(inner, sequences).map(|inner| Having::Not(Box::new(inner))),
        Kind::Binary(operator, left, right) => compared(*operator, left, right, sequences),
        _ => None,
    }
}

fn compared(operator: Binary, left: &Expr, right: &Expr, sequences: &[Sequence]) -> Option<Having> {
    let comparison = operator.comparison()?;
    let shown =
        |expr: &Expr| column(expr).filter(|name| sequences.iter().all(|one| one.columns().contains(name)));
    match (&left.kind, &right.kind) {
        (_, Kind::Literal(_)) => Some(Having::Compare(shown(left)?, comparison, value(right).ok()?)),
        (Kind::Literal(_), _) => {
            Some(Having::Compare(shown(right)?, comparison.flipped(), value(left).ok()?))
        }
        _ => None,
    }
}

pub(super) fn column(expr: &Expr) -> Option<String> {
    names(expr).map(|names| names.join("/"))
}

pub(super) fn names(expr: &Expr) -> Option<Vec<String>> {
    let Kind::Path(Path { root: Root::Row | Root::It | Root::This, steps }) = &expr.kind else { return None };
    let name = |step: &Step| match step {
        Step::Name(name) => Some(name.clone()),
        Step::Count(_) => Some("$count".to_owned()),
        _ => None,
    };
    steps.iter().map(name).collect()
}
