//! What an expression is, before it is bound.

use model::query::Comparison;

use crate::ast::{Binary, Expr, Kind, Step, Unary};

/// The model's comparison for an operator.
pub(super) const fn comparison(operator: Binary) -> Option<Comparison> {
    match operator {
        Binary::Eq => Some(Comparison::Eq),
        Binary::Ne => Some(Comparison::Ne),
        Binary::Gt => Some(Comparison::Gt),
        Binary::Ge => Some(Comparison::Ge),
        Binary::Lt => Some(Comparison::Lt),
        Binary::Le => Some(Comparison::Le),
        _ => None,
    }
}

/// Whether an expression can only be a condition, not a property.
pub(super) fn is_condition(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::And(_) | Kind::Or(_) | Kind::Unary(Unary::Not, _) => true,
        Kind::Binary(operator, ..) => comparison(*operator).is_some() || *operator == Binary::In,
        Kind::Call(call) => {
            ["contains", "startswith", "endswith", "equalnull", "lessequalnull", "greaterequalnull"]
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&call.name))
        }
        Kind::Path(path) => matches!(path.steps.last(), Some(Step::Any(_) | Step::All(_))),
        _ => false,
    }
}

/// A step of a path as errors name it.
pub(super) fn step_word(step: &Step) -> String {
    match step {
        Step::Name(name) => name.clone(),
        Step::Annotation(name) => format!("@{name}"),
        Step::Call(call) => format!("{}(…)", call.name),
        Step::Any(_) => "any(…)".to_owned(),
        Step::All(_) => "all(…)".to_owned(),
        Step::Key(_) => "(…)".to_owned(),
        Step::KeySegment(text) => text.clone(),
        Step::Aggregate(_) => "aggregate(…)".to_owned(),
        Step::Count(_) => "$count".to_owned(),
        Step::Filter(_) => "$filter(…)".to_owned(),
    }
}
