//! Precedence of operators (OData 4.01 part 2, section 5.1.1.16), shared by parser and printer.

use crate::ast::{Binary, Kind};

/// Precedence of an operator; higher binds tighter.
pub(crate) type Precedence = u8;

pub(crate) const LOWEST: Precedence = 0;
pub(crate) const OR: Precedence = 1;
pub(crate) const AND: Precedence = 2;
const EQUALITY: Precedence = 3;
const RELATIONAL: Precedence = 4;
const ADDITIVE: Precedence = 5;
const MULTIPLICATIVE: Precedence = 6;
pub(crate) const UNARY: Precedence = 7;
const PRIMARY: Precedence = 8;
/// Precedence of operands, which never need parentheses.
pub(crate) const OPERAND: Precedence = 9;

pub(crate) const fn of_binary(operator: Binary) -> Precedence {
    match operator {
        Binary::Eq | Binary::Ne => EQUALITY,
        Binary::Gt | Binary::Ge | Binary::Lt | Binary::Le => RELATIONAL,
        Binary::Add | Binary::Sub => ADDITIVE,
        Binary::Mul | Binary::Div | Binary::DivBy | Binary::Mod => MULTIPLICATIVE,
        Binary::Has | Binary::In => PRIMARY,
    }
}

pub(crate) const fn of_expression(kind: &Kind) -> Precedence {
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
