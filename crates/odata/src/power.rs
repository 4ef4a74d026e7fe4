//! How tightly operators bind (OData 4.01 part 2, section 5.1.1.16), said once for parser and printer.

use crate::ast::{Binary, Kind};

/// How tightly an operator binds; more is tighter.
pub(crate) type Power = u8;

pub(crate) const LOWEST: Power = 0;
pub(crate) const OR: Power = 1;
pub(crate) const AND: Power = 2;
const EQUALITY: Power = 3;
const RELATIONAL: Power = 4;
const ADDITIVE: Power = 5;
const MULTIPLICATIVE: Power = 6;
pub(crate) const UNARY: Power = 7;
const PRIMARY: Power = 8;
/// What needs no parentheses anywhere.
pub(crate) const OPERAND: Power = 9;

pub(crate) const fn of_binary(operator: Binary) -> Power {
    match operator {
        Binary::Eq | Binary::Ne => EQUALITY,
        Binary::Gt | Binary::Ge | Binary::Lt | Binary::Le => RELATIONAL,
        Binary::Add | Binary::Sub => ADDITIVE,
        Binary::Mul | Binary::Div | Binary::DivBy | Binary::Mod => MULTIPLICATIVE,
        Binary::Has | Binary::In => PRIMARY,
    }
}

pub(crate) const fn of(kind: &Kind) -> Power {
    match kind {
        Kind::Or(_) => OR,
        Kind::And(_) => AND,
        Kind::Binary(operator, ..) => of_binary(*operator),
        Kind::Unary(..) => UNARY,
        Kind::Literal(_)
        | Kind::List(_)
        | Kind::Array(_)
        | Kind::Object(_)
        | Kind::Case(_)
        | Kind::Typed(_)
        | Kind::Path(_)
        | Kind::Call(_) => OPERAND,
    }
}
