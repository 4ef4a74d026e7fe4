//! Properties of expressions before binding.

use crate::ast::{Binary, Expr, Kind, Step, Unary};
use crate::functions::{self, Role};

/// Returns whether an expression can only be a condition, not a property.
pub(super) fn is_condition(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::And(_) | Kind::Or(_) | Kind::Unary(Unary::Not, _) => true,
        Kind::Binary(operator, ..) => {
            operator.comparison().is_some() || matches!(operator, Binary::In | Binary::Has)
        }
        Kind::Call(call) => functions::role(&call.name).is_some_and(|(_, role)| role == Role::Condition),
        Kind::Typed(typed) => typed.is_of,
        Kind::Path(path) => matches!(path.steps.last(), Some(Step::Any(_) | Step::All(_))),
        _ => false,
    }
}

/// Returns a path segment for error messages.
pub(super) fn step_text(step: &Step) -> String {
    match step {
        Step::Name(name) => name.clone(),
        Step::Annotation(name) => format!("@{name}"),
        Step::Call(call) => format!("{}(…)", call.name),
        Step::Any(_) => "any(…)".to_owned(),
        Step::All(_) => "all(…)".to_owned(),
        Step::Key(_) | Step::NamedKey(_) => "(…)".to_owned(),
        Step::KeySegment(text) => text.clone(),
        Step::Aggregate(_) => "aggregate(…)".to_owned(),
        Step::Count(_) => "$count".to_owned(),
        Step::Filter(_) => "$filter(…)".to_owned(),
    }
}
