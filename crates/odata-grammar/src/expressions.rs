//! Expressions of one kind (OData ABNF, section 4).

use odata::OdataError;
use odata::ast::{Binary, Kind, Path, Root, Step};
use odata::syntax::Parser;

use crate::mismatch::wrong_sort;
use crate::read::Read;

pub(super) fn read_of(rule: &str) -> Option<Read> {
    Some(match rule {
        "commonExpr"
        | "boolCommonExpr"
        | "parameterValue"
        | "lambdaPredicateExpr"
        | "aggregatableExpr"
        | "collectionExpr" => |parser| parser.expression().map(drop),
        "arrayOrObject" => {
            |parser| operand_of_kind(parser, |kind| matches!(kind, Kind::Array(_) | Kind::Object(_)))
        }
        "array" => |parser| operand_of_kind(parser, |kind| matches!(kind, Kind::Array(_))),
        "object" => |parser| operand_of_kind(parser, |kind| matches!(kind, Kind::Object(_))),
        "valueInUrl" => |parser| match parser.lexer.peek() {
            Some('"') => parser.lexer.json_text().map(drop),
            _ => parser.expression().map(drop),
        },
        "stringInUrl" => |parser| parser.lexer.json_text().map(drop),
        "rootExpr" => |parser| operand_of_kind(parser, |kind| rooted(kind, |root| *root == Root::Service)),
        "currCollectionExpr" => {
            |parser| operand_of_kind(parser, |kind| rooted(kind, |root| *root == Root::These))
        }
        "firstMemberExpr" => |parser| {
            operand_of_kind(parser, |kind| rooted(kind, |root| *root != Root::Service) || is_user_call(kind))
        },
        "memberExpr" | "directMemberExpr" => |parser| {
            operand_of_kind(parser, |kind| {
                rooted(kind, |root| matches!(root, Root::Row | Root::Alias(_))) || is_user_call(kind)
            })
        },
        "propertyPathExpr" => |parser| {
            operand_of_kind(parser, |kind| begins(kind, |step| matches!(step, Step::Name(_) | Step::Call(_))))
        },
        "annotationExpr" => |parser| {
            operand_of_kind(parser, |kind| {
                begins(kind, |step| matches!(step, Step::Annotation(_))) || is_alias(kind)
            })
        },
        "functionExpr" | "boundFunctionExpr" => function,
        "methodCallExpr" => method_call,
        "boolMethodCallExpr" => |parser| operand_of_kind(parser, is_bool_call),
        "caseMethodCallExpr" => |parser| called(parser, "case"),
        "isofExpr" => |parser| called(parser, "isof"),
        "castExpr" => |parser| called(parser, "cast"),
        "isdefinedExpr" => |parser| called(parser, "isdefined"),
        "notExpr" => |parser| {
            if parser.lexer.eat_word(&["not"], "'not'").is_none() {
                return Err(parser.lexer.unexpected("'not'"));
            }
            parser.lexer.expect_space("after 'not'")?;
            parser.expression().map(drop)
        },
        "negateExpr" => |parser| {
            parser.lexer.expect('-')?;
            parser.lexer.skip_space();
            parser.expression().map(drop)
        },
        "parenExpr" => |parser| {
            if parser.lexer.peek() != Some('(') {
                return Err(parser.lexer.unexpected("'('"));
            }
            parser.operand().map(drop)
        },
        "listExpr" => |parser| parser.list_expression().map(drop),
        "anyExpr" => |parser| lambda(parser, "any", true),
        "allExpr" => |parser| lambda(parser, "all", false),
        "inscopeVariableExpr" => |parser| {
            operand_of_kind(parser, |kind| match kind {
                Kind::Path(Path { root: Root::Row, steps }) => matches!(steps.as_slice(), [Step::Name(_)]),
                Kind::Path(Path { steps, .. }) => steps.is_empty(),
                _ => false,
            })
        },
        _ => return of_operator(rule),
    })
}

/// Returns the reader of an operator with its right operand, such as `eqExpr`.
fn of_operator(rule: &str) -> Option<Read> {
    match rule {
        "andExpr" => Some(|parser| operator_of_kind(parser, |kind| matches!(kind, Kind::And(_)))),
        "orExpr" => Some(|parser| operator_of_kind(parser, |kind| matches!(kind, Kind::Or(_)))),
        "inExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::In))),
        "hasExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Has))),
        "eqExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Eq))),
        "neExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Ne))),
        "ltExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Lt))),
        "leExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Le))),
        "gtExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Gt))),
        "geExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Ge))),
        "addExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Add))),
        "subExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Sub))),
        "mulExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Mul))),
        "divExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Div))),
        "divbyExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::DivBy))),
        "modExpr" => Some(|parser| operator_of_kind(parser, |kind| is_binary(kind, Binary::Mod))),
        _ => None,
    }
}

/// Reads a word, `(` and the rest of the operand.
fn called(parser: &mut Parser<'_>, word: &'static str) -> Result<(), OdataError> {
    let start = parser.lexer.mark();
    if parser.lexer.eat_word(&[word], word).is_none() {
        return Err(parser.lexer.unexpected(&format!("'{word}'")));
    }
    if parser.lexer.peek() != Some('(') {
        return Err(parser.lexer.unexpected("'('"));
    }
    parser.lexer.reset(start);
    parser.operand().map(drop)
}

/// Reads an operand and requires its kind.
fn operand_of_kind(parser: &mut Parser<'_>, wanted: impl Fn(&Kind) -> bool) -> Result<(), OdataError> {
    let start = parser.lexer.mark();
    let expr = parser.operand()?;
    if wanted(&expr.kind) {
        return Ok(());
    }
    Err(wrong_sort(parser, start, "expected another kind of expression"))
}

/// Reads a call of a standard function.
pub(super) fn method_call(parser: &mut Parser<'_>) -> Result<(), OdataError> {
    operand_of_kind(parser, |kind| matches!(kind, Kind::Call(_) | Kind::Case(_)) && !is_user_call(kind))
}

fn function(parser: &mut Parser<'_>) -> Result<(), OdataError> {
    let start = parser.lexer.mark();
    let expr = parser.operand()?;
    if is_user_call(&expr.kind) || begins(&expr.kind, |step| matches!(step, Step::Call(_))) {
        return Ok(());
    }
    parser.lexer.reset(start);
    if begins(&expr.kind, |step| matches!(step, Step::Name(_))) {
        parser.lexer.expect_dotted_name()?;
    }
    Err(wrong_sort(parser, parser.lexer.mark(), "expected a function name and '('"))
}

fn lambda(parser: &mut Parser<'_>, word: &'static str, may_be_empty: bool) -> Result<(), OdataError> {
    match parser.lexer.eat_word(&[word], word) {
        Some(_) => parser.lambda(may_be_empty).map(drop),
        None => Err(parser.lexer.unexpected(&format!("'{word}'"))),
    }
}

/// Reads an operator with its right operand, as if a left operand preceded it.
fn operator_of_kind(parser: &mut Parser<'_>, wanted: impl Fn(&Kind) -> bool) -> Result<(), OdataError> {
    let start = parser.lexer.mark();
    parser.lexer.skip_space();
    let operator = parser.lexer.mark();
    parser.lexer.reset(start);
    let expr = parser.operators()?;
    if parser.lexer.mark() == start {
        parser.lexer.reset(operator);
        return Err(parser.lexer.unexpected("an operator"));
    }
    if wanted(first_operation(&expr.kind)) {
        return Ok(());
    }
    Err(wrong_sort(parser, operator, "expected another operator"))
}

/// Returns the operation that has the leftmost operand.
fn first_operation(kind: &Kind) -> &Kind {
    let left = match kind {
        Kind::Binary(_, left, _) => Some(left.as_ref()),
        Kind::And(all) | Kind::Or(all) => all.first(),
        _ => None,
    };
    match left.map(|left| &left.kind) {
        Some(left @ (Kind::Binary(..) | Kind::And(_) | Kind::Or(_))) => first_operation(left),
        _ => kind,
    }
}

fn is_binary(kind: &Kind, wanted: Binary) -> bool {
    matches!(kind, Kind::Binary(operator, ..) if *operator == wanted)
}

fn rooted(kind: &Kind, wanted: impl Fn(&Root) -> bool) -> bool {
    matches!(kind, Kind::Path(Path { root, .. }) if wanted(root))
}

fn begins(kind: &Kind, wanted: impl Fn(&Step) -> bool) -> bool {
    matches!(kind, Kind::Path(Path { root: Root::Row, steps }) if steps.first().is_some_and(wanted))
}

/// A name without a dot after `@` is an alias or an annotation.
fn is_alias(kind: &Kind) -> bool {
    rooted(kind, |root| matches!(root, Root::Alias(_)))
}

/// Returns whether a call is one of a function of the service: with named parameters, or none.
fn is_user_call(kind: &Kind) -> bool {
    matches!(kind, Kind::Call(call) if call.args.iter().all(|arg| arg.name.is_some())
        && odata::syntax::arity(&call.name).is_none_or(|_| !call.args.is_empty()))
}

fn is_call(kind: &Kind, names: &[&str]) -> bool {
    matches!(kind, Kind::Call(call) if names.iter().any(|name| call.name.eq_ignore_ascii_case(name)))
}

fn is_bool_call(kind: &Kind) -> bool {
    const NAMES: [&str; 7] =
        ["endswith", "startswith", "contains", "geo.intersects", "hassubset", "hassubsequence", "isdefined"];
    is_call(kind, &NAMES)
}
