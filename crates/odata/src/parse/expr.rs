//! Expressions (OData ABNF, section 4).

use super::Parser;
use crate::OdataError;
use crate::ast::{Binary, Expr, Kind, Literal, Root, Unary};
use crate::lexer::{Mark, Token};
use crate::power::{self, Power};

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Binary(Binary),
}

impl Operator {
    fn find(word: &str) -> Option<Self> {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        if is("or") {
            Some(Self::Or)
        } else if is("and") {
            Some(Self::And)
        } else {
            Binary::ALL.into_iter().find(|operator| is(operator.name())).map(Self::Binary)
        }
    }

    const fn power(self) -> Power {
        match self {
            Self::Or => power::OR,
            Self::And => power::AND,
            Self::Binary(operator) => power::of_binary(operator),
        }
    }
}

/// What stands behind an operand: kept, so that no level of precedence reads it again.
pub(super) struct Peeked {
    from: Mark,
    operator: Option<Operator>,
    to: Mark,
}

impl Parser<'_> {
    /// Reads an expression.
    pub(super) fn expression(&mut self) -> Result<Expr, OdataError> {
        self.binding(power::LOWEST)
    }

    /// Reads an expression whose operators bind at least so tightly.
    fn binding(&mut self, least: Power) -> Result<Expr, OdataError> {
        let mut left = self.operand()?;
        while let Some(operator) = self.take_operator(|operator| operator.power() >= least)? {
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
            _ => self.binding(power::of_binary(operator) + 1)?,
        };
        self.node(Kind::Binary(operator, Box::new(left), Box::new(right)), at)
    }

    /// Reads the rest of `a and b and c` as one expression, however long it is.
    fn chain(&mut self, first: Expr, operator: Operator) -> Result<Expr, OdataError> {
        let at = first.at;
        let mut all = vec![first, self.binding(operator.power() + 1)?];
        while self.take_operator(|next| next == operator)?.is_some() {
            all.push(self.binding(operator.power() + 1)?);
        }
        self.node(if operator == Operator::And { Kind::And(all) } else { Kind::Or(all) }, at)
    }

    /// Takes the next operator with the space around it, if it is a wanted one.
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
        let Some(word) = self.lexer.name()? else { return Ok(None) };
        let Some(operator) = Operator::find(word) else { return Ok(None) };
        if !self.lexer.skip_space() {
            return Err(self.lexer.unexpected(&format!("a space behind '{word}'")));
        }
        Ok(Some(operator))
    }

    fn operand(&mut self) -> Result<Expr, OdataError> {
        let start = self.lexer.mark();
        let at = start.at;
        match self.lexer.operand()? {
            Token::Literal(literal) => self.node(Kind::Literal(literal), at),
            Token::Minus => self.unary(Unary::Negate, at),
            Token::Name(word) if self.is_not(word) => self.unary(Unary::Not, at),
            Token::Open => self.nested(|parser| {
                parser.lexer.skip_space();
                let inner = parser.expression()?;
                parser.lexer.skip_space();
                parser.lexer.expect(')')?;
                Ok(inner)
            }),
            Token::OpenSquare => self.nested(|parser| parser.array(at)),
            Token::Name(name) => self.path_from_name(name, at),
            Token::At(name) if !name.contains('.') => {
                self.path_from_root(Root::Alias(name.to_owned()), false, at)
            }
            Token::At(name) => self.path_from_annotation(name, at),
            Token::Dollar("it") => self.path_from_root(Root::It, false, at),
            Token::Dollar("this") => self.path_from_root(Root::This, false, at),
            Token::Dollar("root") => self.path_from_root(Root::Service, true, at),
            Token::Dollar(_) => {
                self.lexer.reset(start);
                Err(self.lexer.error("only $it, $this and $root stand for a value".to_owned()))
            }
        }
    }

    /// Whether a word is the operator `not`: a space or a parenthesis follows it.
    fn is_not(&self, word: &str) -> bool {
        word.eq_ignore_ascii_case("not") && matches!(self.lexer.peek(), Some(' ' | '\t' | '('))
    }

    fn unary(&mut self, operator: Unary, at: usize) -> Result<Expr, OdataError> {
        self.lexer.skip_space();
        let inner = self.nested(|parser| parser.binding(power::UNARY))?;
        self.node(Kind::Unary(operator, Box::new(inner)), at)
    }

    fn has_operand(&mut self) -> Result<Expr, OdataError> {
        let at = self.lexer.at();
        let start = self.lexer.mark();
        match self.lexer.operand()? {
            Token::Literal(literal @ Literal::Enum(..)) => self.node(Kind::Literal(literal), at),
            Token::Literal(Literal::Text(text)) if crate::lexer::is_enum(&text) => {
                self.node(Kind::Literal(Literal::Text(text)), at)
            }
            _ => {
                self.lexer.reset(start);
                Err(self.lexer.error("a member of an enumeration is expected behind 'has'".to_owned()))
            }
        }
    }

    /// Reads what stands behind `in`: values in parentheses, or any operand.
    fn in_operand(&mut self) -> Result<Expr, OdataError> {
        let start = self.lexer.mark();
        if self.lexer.eat('(') {
            self.lexer.skip_space();
            if self.lexer.eat(')') {
                return self.node(Kind::List(Vec::new()), start.at);
            }
            if let Some(first) = self.list_item()? {
                return self.list(first, start.at);
            }
            self.lexer.reset(start);
        }
        self.operand()
    }

    /// Reads a value with the comma or parenthesis of a list behind it; none for the begin of anything else.
    fn list_item(&mut self) -> Result<Option<Expr>, OdataError> {
        let at = self.lexer.at();
        let Token::Literal(literal) = self.lexer.operand()? else { return Ok(None) };
        self.lexer.skip_space();
        if !matches!(self.lexer.peek(), Some(',' | ')')) {
            return Ok(None);
        }
        self.node(Kind::Literal(literal), at).map(Some)
    }

    fn list(&mut self, first: Expr, at: usize) -> Result<Expr, OdataError> {
        let mut items = vec![first];
        while self.lexer.eat_spaced(',') {
            let start = self.lexer.mark();
            let Some(item) = self.list_item()? else {
                self.lexer.reset(start);
                return Err(self.lexer.error("a list has values with commas between them".to_owned()));
            };
            items.push(item);
        }
        self.lexer.expect(')')?;
        self.node(Kind::List(items), at)
    }

    /// Reads the rest of an array (`array`).
    fn array(&mut self, at: usize) -> Result<Expr, OdataError> {
        let mut items = Vec::new();
        self.lexer.skip_space();
        if !self.lexer.eat(']') {
            items.push(self.array_item()?);
            while self.lexer.eat_spaced(',') {
                items.push(self.array_item()?);
            }
            self.lexer.skip_space();
            self.lexer.expect(']')?;
        }
        self.node(Kind::Array(items), at)
    }

    fn array_item(&mut self) -> Result<Expr, OdataError> {
        let at = self.lexer.at();
        if self.lexer.peek() == Some('"') {
            let text = self.lexer.json_text()?;
            return self.node(Kind::Literal(text), at);
        }
        self.expression()
    }
}
