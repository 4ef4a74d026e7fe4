//! Expressions of one sort (OData ABNF, section 4).

use super::Read;
use crate::OdataError;
use crate::ast::{Binary, Expr, Kind, Path, Root, Step, Unary};
use crate::parse::Parser;

pub(super) fn read_of(rule: &str) -> Option<Read> {
    Some(match rule {
        "commonExpr"
        | "boolCommonExpr"
        | "parameterValue"
        | "lambdaPredicateExpr"
        | "aggregatableExpr"
        | "collectionExpr" => |parser| parser.expression().map(drop),
        "arrayOrObject" => |parser| sort(parser, |kind| matches!(kind, Kind::Array(_) | Kind::Object(_))),
        "array" => |parser| sort(parser, |kind| matches!(kind, Kind::Array(_))),
        "object" => |parser| sort(parser, |kind| matches!(kind, Kind::Object(_))),
        "valueInUrl" => |parser| match parser.lexer.peek() {
            Some('"') => parser.lexer.json_text().map(drop),
            _ => parser.expression().map(drop),
        },
        "stringInUrl" => |parser| parser.lexer.json_text().map(drop),
        "rootExpr" => |parser| sort(parser, |kind| rooted(kind, |root| *root == Root::Service)),
        "currCollectionExpr" => |parser| sort(parser, |kind| rooted(kind, |root| *root == Root::These)),
        "firstMemberExpr" => {
            |parser| sort(parser, |kind| rooted(kind, |root| *root != Root::Service) || is_user_call(kind))
        }
        "memberExpr" | "directMemberExpr" => {
            |parser| sort(parser, |kind| rooted(kind, |root| *root == Root::Row) || is_user_call(kind))
        }
        "propertyPathExpr" => {
            |parser| sort(parser, |kind| begins(kind, |step| matches!(step, Step::Name(_) | Step::Call(_))))
        }
        "annotationExpr" => {
            |parser| sort(parser, |kind| begins(kind, |step| matches!(step, Step::Annotation(_))))
        }
        "functionExpr" | "boundFunctionExpr" => |parser| {
            sort(parser, |kind| is_user_call(kind) || begins(kind, |step| matches!(step, Step::Call(_))))
        },
        "methodCallExpr" => method_call,
        "boolMethodCallExpr" => |parser| sort(parser, is_bool_call),
        "caseMethodCallExpr" => |parser| sort(parser, |kind| matches!(kind, Kind::Case(_))),
        "isofExpr" => |parser| sort(parser, |kind| matches!(kind, Kind::Typed(typed) if typed.is_of)),
        "castExpr" => |parser| sort(parser, |kind| matches!(kind, Kind::Typed(typed) if !typed.is_of)),
        "notExpr" => |parser| sort(parser, |kind| matches!(first(kind), Kind::Unary(Unary::Not, _))),
        "negateExpr" => |parser| sort(parser, |kind| matches!(first(kind), Kind::Unary(Unary::Negate, _))),
        "parenExpr" => |parser| {
            if parser.lexer.peek() != Some('(') {
                return Err(parser.lexer.unexpected("'('"));
            }
            parser.expression().map(drop)
        },
        "listExpr" => |parser| parser.list_expression().map(drop),
        "isdefinedExpr" => |parser| sort(parser, |kind| is_call(kind, &["isdefined"])),
        "anyExpr" => |parser| lambda(parser, "any", true),
        "allExpr" => |parser| lambda(parser, "all", false),
        "inscopeVariableExpr" => |parser| {
            sort(parser, |kind| match kind {
                Kind::Path(Path { root: Root::Row, steps }) => matches!(steps.as_slice(), [Step::Name(_)]),
                Kind::Path(Path { steps, .. }) => steps.is_empty(),
                _ => false,
            })
        },
        _ => return of_operator(rule),
    })
}

/// The rules of operators with their right operand, such as `eqExpr`.
fn of_operator(rule: &str) -> Option<Read> {
    match rule {
        "andExpr" => Some(|parser| behind(parser, |kind| matches!(kind, Kind::And(_)))),
        "orExpr" => Some(|parser| behind(parser, |kind| matches!(kind, Kind::Or(_)))),
        "inExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::In]))),
        "hasExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Has]))),
        "eqExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Eq]))),
        "neExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Ne]))),
        "ltExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Lt]))),
        "leExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Le]))),
        "gtExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Gt]))),
        "geExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Ge]))),
        "addExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Add]))),
        "subExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Sub]))),
        "mulExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Mul]))),
        "divExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Div]))),
        "divbyExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::DivBy]))),
        "modExpr" => Some(|parser| behind(parser, |kind| is_binary(kind, &[Binary::Mod]))),
        _ => None,
    }
}

/// Reads an expression, which must be of a sort.
fn sort(parser: &mut Parser<'_>, wanted: impl Fn(&Kind) -> bool) -> Result<(), OdataError> {
    let start = parser.lexer.mark();
    let expr = parser.expression()?;
    if wanted(&expr.kind) {
        return Ok(());
    }
    Err(super::other(parser, start, "an expression of another sort is expected"))
}

/// Reads a call of a function of the standard.
pub(super) fn method_call(parser: &mut Parser<'_>) -> Result<(), OdataError> {
    sort(parser, |kind| matches!(kind, Kind::Call(_) | Kind::Case(_)) && !is_user_call(kind))
}

fn lambda(parser: &mut Parser<'_>, word: &'static str, may_be_empty: bool) -> Result<(), OdataError> {
    match parser.lexer.word_of(&[word], word) {
        Some(_) => parser.lambda(may_be_empty).map(drop),
        None => Err(parser.lexer.unexpected(&format!("'{word}'"))),
    }
}

/// Reads an operator with its right operand, as if an operand stood before it.
fn behind(parser: &mut Parser<'_>, wanted: impl Fn(&Kind) -> bool) -> Result<(), OdataError> {
    let start = parser.lexer.mark();
    let expr = parser.expression_behind_operand()?;
    if wanted(&expr.kind)
        || matches!(&expr.kind, Kind::And(all) | Kind::Or(all) if all.iter().any(|e| wanted(&e.kind)))
    {
        return Ok(());
    }
    Err(super::other(parser, start, "another operator is expected"))
}

fn is_binary(kind: &Kind, operators: &[Binary]) -> bool {
    match kind {
        Kind::Binary(operator, left, _) => operators.contains(operator) || is_binary(&left.kind, operators),
        _ => false,
    }
}

/// The leftmost operand.
fn first(kind: &Kind) -> &Kind {
    match kind {
        Kind::Binary(_, left, _) => first(&left.kind),
        Kind::And(all) | Kind::Or(all) => all.first().map_or(kind, |expr: &Expr| first(&expr.kind)),
        _ => kind,
    }
}

fn rooted(kind: &Kind, wanted: impl Fn(&Root) -> bool) -> bool {
    matches!(kind, Kind::Path(Path { root, .. }) if wanted(root))
}

fn begins(kind: &Kind, wanted: impl Fn(&Step) -> bool) -> bool {
    matches!(kind, Kind::Path(Path { root: Root::Row, steps }) if steps.first().is_some_and(wanted))
}

/// A function of the service: parameters by their names, or none.
fn is_user_call(kind: &Kind) -> bool {
    matches!(kind, Kind::Call(call) if call.args.iter().all(|arg| arg.name.is_some())
        && crate::functions::arity(&call.name).is_none_or(|_| !call.args.is_empty()))
}

fn is_call(kind: &Kind, names: &[&str]) -> bool {
    matches!(kind, Kind::Call(call) if names.iter().any(|name| call.name.eq_ignore_ascii_case(name)))
}

fn is_bool_call(kind: &Kind) -> bool {
    const NAMES: [&str; 7] =
        ["endswith", "startswith", "contains", "geo.intersects", "hassubset", "hassubsequence", "isdefined"];
    is_call(kind, &NAMES)
}
