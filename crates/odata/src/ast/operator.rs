//! Operators.

use model::query::Comparison;

/// Prefix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `not`
    Not,
    /// `-`
    Negate,
}

/// Binary operators, except `and` and `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Binary {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    Has,
    In,
    Add,
    Sub,
    Mul,
    Div,
    DivBy,
    Mod,
}

impl Binary {
    /// All operators.
    pub const ALL: [Self; 14] = [
        Self::Eq,
        Self::Ne,
        Self::Gt,
        Self::Ge,
        Self::Lt,
        Self::Le,
        Self::Has,
        Self::In,
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::DivBy,
        Self::Mod,
    ];

    /// Returns the operator as in an expression.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eq => Comparison::Eq.name(),
            Self::Ne => Comparison::Ne.name(),
            Self::Gt => Comparison::Gt.name(),
            Self::Ge => Comparison::Ge.name(),
            Self::Lt => Comparison::Lt.name(),
            Self::Le => Comparison::Le.name(),
            Self::Has => "has",
            Self::In => "in",
            Self::Add => "add",
            Self::Sub => "sub",
            Self::Mul => "mul",
            Self::Div => "div",
            Self::DivBy => "divby",
            Self::Mod => "mod",
        }
    }

    /// Returns the comparison that the operator denotes, if it is one.
    pub const fn comparison(self) -> Option<Comparison> {
        match self {
            Self::Eq => Some(Comparison::Eq),
            Self::Ne => Some(Comparison::Ne),
            Self::Gt => Some(Comparison::Gt),
            Self::Ge => Some(Comparison::Ge),
            Self::Lt => Some(Comparison::Lt),
            Self::Le => Some(Comparison::Le),
            _ => None,
        }
    }
}
