//! Expressions (OData ABNF, section 4).

use super::Parser;
use crate::OdataError;
use crate::ast::{Binary, Expr, Kind, Literal, Root, Unary};
use crate::lexer::{Mark, Token};
use crate::precedence::{self, Precedence};

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Binary(Binary),
}

/// The operators' keywords, in the order of [`Operator::at`].
const WORDS: [&str; Binary::ALL.len() + 2] = {
    let mut words = ["or", "and", "", "", "", "", "", "", "", "", "", "", "", "", "", ""];
    let mut index = 0;
    while index < Binary::ALL.len() {
        words[index + 2] = Binary::ALL[index].name();
        index += 1;
    }
    words
};

impl Operator {
    fn at(index: usize) -> Option<Self> {
        match index {
            0 => Some(Self::Or),
            1 => Some(Self::And),
            _ => Binary::ALL.get(index - 2).copied().map(Self::Binary),
        }
    }

    const fn precedence(self) -> Precedence {
        match self {
            Self::Or => precedence::OR,
            Self::And => precedence::AND,
            Self::Binary(operator) => precedence::of_binary(operator),
        }
    }
}

/// The operator after an operand, cached so that no precedence level reads it again.
pub(super) struct Peeked {
    from: Mark,
    operator: Option<Operator>,
    to: Mark,
}

impl<'a> Parser<'a> {
    /// Reads an expression.
    pub fn expression(&mut self) -> Result<Expr, OdataError> {
        self.binding(precedence::LOWEST)
    }

    /// Reads an expression of operators with at least the given precedence.
    fn binding(&mut self, least: Precedence) -> Result<Expr, OdataError> {
        let mut left = self.operand()?;
        while let Some(operator) = self.take_operator(|operator| operator.precedence() >= least)? {
            left = match operator {
                Operator::Binary(binary) => self.binary(left, binary)?,
                chain => self.chain(left, chain)?,
            };
        }
        Ok(left)
    }

    fn binary(&mut self, left: Expr, operator: Binary) -> Result<Expr, OdataError> {
        let at = left.at;
        let right = match operator {
            Binary::In => self.in_operand()?,
            Binary::Has => self.has_operand()?,
            _ => self.binding(precedence::of_binary(operator) + 1)?,
        };
        self.node(Kind::Binary(operator, Box::new(left), Box::new(right)), at)
    }

    /// Reads the rest of `a and b and c` as one expression of any length.
    fn chain(&mut self, first: Expr, operator: Operator) -> Result<Expr, OdataError> {
        let at = first.at;
        let mut all = vec![first, self.binding(operator.precedence() + 1)?];
        while self.take_operator(|next| next == operator)?.is_some() {
            all.push(self.binding(operator.precedence() + 1)?);
        }
        self.node(if operator == Operator::And { Kind::And(all) } else { Kind::Or(all) }, at)
    }

    /// Consumes the next operator with the space around it, if it satisfies `wanted`.
    fn take_operator(&mut self, wanted: impl Fn(Operator) -> bool) -> Result<Option<Operator>, OdataError> {
        let from = self.lexer.mark();
        let known = self.next_operator.as_ref().filter(|peeked| peeked.from == from);
        let (operator, to) = match known {
            Some(peeked) => (peeked.operator, peeked.to),
            None => {
                let operator = self.read_operator()?;
                let to = self.lexer.mark();
                self.next_operator = Some(Peeked { from, operator, to });
                (operator, to)
            }
        };
        let taken = operator.filter(|operator| wanted(*operator));
        self.lexer.reset(if taken.is_some() { to } else { from });
        Ok(taken)
    }

    fn read_operator(&mut self) -> Result<Option<Operator>, OdataError> {
        if !self.lexer.skip_space() {
            return Ok(None);
        }
        let Some(operator) = self.lexer.eat_word(&WORDS, "an operator").and_then(Operator::at) else {
            return Ok(None);
        };
        self.lexer.expect_space("after an operator")?;
        Ok(Some(operator))
    }

    /// Reads an operand, without an operator after it.
    pub fn operand(&mut self) -> Result<Expr, OdataError> {
        self.skip_space_before_json();
        let start = self.lexer.mark();
        let at = start.at;
        match self.lexer.operand(self.in_case)? {
            Token::Literal(literal) => self.node(Kind::Literal(literal), at),
            Token::Minus => self.unary(Unary::Negate, at),
            Token::Name(word) if self.is_not(word) => self.unary(Unary::Not, at),
            Token::Open => self.nested(|parser| {
                parser.lexer.skip_space();
                let inner = parser.expression()?;
                parser.lexer.close("')'")?;
                Ok(inner)
            }),
            Token::OpenSquare => self.nested(|parser| parser.array(at)),
            Token::OpenBrace => self.nested(|parser| parser.object(at)),
            Token::Name(name) => self.named_operand(name, at),
            Token::At(name) => self.at_operand(name, at),
            Token::Dollar("it") => self.path_from_root(Root::It, at),
            Token::Dollar("this") => self.path_from_root(Root::This, at),
            Token::Dollar("root") if self.lexer.peek() == Some('/') => self.path_from_root(Root::Service, at),
            Token::Dollar("these") => self.path_from_root(Root::These, at),
            Token::Dollar(_) => {
                const ROOTS: &str = "$it, $this, $root/ or $these";
                self.lexer.reset(start);
                self.lexer.eat_exact_word(&["$it", "$this", "$these"], ROOTS);
                Err(self.lexer.unexpected(ROOTS))
            }
        }
    }

    /// Returns whether a word is the operator `not`: a space or a parenthesis follows.
    fn is_not(&self, word: &str) -> bool {
        let next = self.lexer.peek();
        let follows = matches!(next, Some(' ' | '\t')) || next == Some('(') && self.lexer.is_tolerant();
        word.eq_ignore_ascii_case("not") && follows
    }

    fn unary(&mut self, operator: Unary, at: usize) -> Result<Expr, OdataError> {
        self.lexer.skip_space();
        let in_case = self.in_case;
        let inner = self.nested(|parser| {
            parser.in_case = in_case;
            parser.binding(precedence::UNARY)
        })?;
        self.node(Kind::Unary(operator, Box::new(inner)), at)
    }

    fn has_operand(&mut self) -> Result<Expr, OdataError> {
        let at = self.lexer.at();
        let start = self.lexer.mark();
        if self.lexer.eat('\'') {
            let members = self.lexer.members()?;
            self.lexer.expect('\'')?;
            return self.node(Kind::Literal(Literal::Text(members)), at);
        }
        match self.lexer.operand(false)? {
            Token::Literal(literal @ Literal::Enum(..)) => self.node(Kind::Literal(literal), at),
            token => {
                const EXPECTED: &str = "a member of an enumeration after 'has'";
                if matches!(token, Token::Name(_)) {
                    self.lexer.note_expected(0, EXPECTED);
                }
                self.lexer.reset(start);
                Err(self.lexer.unexpected(EXPECTED))
            }
        }
    }

    /// Reads operators with their right operands, as if a left operand preceded them (`eqExpr`).
    pub fn operators(&mut self) -> Result<Expr, OdataError> {
        let mut left = self.node(Kind::Literal(Literal::Null), self.lexer.at())?;
        while let Some(operator) = self.take_operator(|_| true)? {
            left = match operator {
                Operator::Binary(binary) => self.binary(left, binary)?,
                chain => self.chain(left, chain)?,
            };
        }
        Ok(left)
    }

    /// Reads values in parentheses (`listExpr`).
    pub fn list_expression(&mut self) -> Result<Expr, OdataError> {
        let start = self.lexer.mark();
        self.lexer.open()?;
        if self.lexer.eat(')') {
            return self.node(Kind::List(Vec::new()), start.at);
        }
        let items = self.spaced(|parser| {
            let at = parser.lexer.at();
            let literal = parser.literal()?;
            parser.node(Kind::Literal(literal), at)
        })?;
        self.lexer.close("',' or ')' of the list")?;
        self.node(Kind::List(items), start.at)
    }

    /// Reads the right operand of `in`: values in parentheses, or any operand.
    fn in_operand(&mut self) -> Result<Expr, OdataError> {
        let start = self.lexer.mark();
        if self.lexer.eat('(') {
            self.lexer.skip_space();
            if self.lexer.eat(')') {
                return self.node(Kind::List(Vec::new()), start.at);
            }
            let is_list = self.list_item()?;
            self.lexer.reset(start);
            if is_list {
                return self.list_expression();
            }
        }
        self.operand()
    }

    /// Returns whether a literal, followed by the comma or parenthesis of a list, is next.
    fn list_item(&mut self) -> Result<bool, OdataError> {
        let Token::Literal(_) = self.lexer.operand(false)? else { return Ok(false) };
        self.lexer.skip_space();
        Ok(matches!(self.lexer.peek(), Some(',' | ')')))
    }
}
