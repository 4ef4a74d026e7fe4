//! Function calls, and other parentheses after a name.

use super::Parser;
use super::path::Next;
use crate::OdataError;
use crate::ast::path::SegmentKind;
use crate::ast::{Arg, Call, Expr, Key, Kind, Literal, Root, Step, Typed};
use crate::functions;

/// The parentheses after a name.
pub(super) enum Parens {
    /// Named parameters, or nothing.
    Call(Vec<Arg>),
    /// A key of one value.
    Key(Key),
}

/// Returns whether a literal is allowed as a key (`keyPropertyValue`).
pub(super) const fn can_be_key(literal: &Literal) -> bool {
    !matches!(literal, Literal::Null | Literal::Binary(_) | Literal::Geo(..))
}

/// Returns whether an operand is a member of a row: a path, or a function of the service.
fn is_member(kind: &Kind) -> bool {
    match kind {
        Kind::Path(_) => true,
        Kind::Call(call) => functions::arity(&call.name).is_none(),
        _ => false,
    }
}

impl Parser<'_> {
    /// Reads an operand that began with a name and `(`.
    pub(super) fn call_operand(&mut self, name: &str, at: usize) -> Result<Expr, OdataError> {
        match name.to_ascii_lowercase().as_str() {
            "case" => return self.nested(|parser| parser.case(at)),
            "cast" => return self.nested(|parser| parser.typed(false, at)),
            "isof" => return self.nested(|parser| parser.typed(true, at)),
            "any" | "all" | "aggregate" => {
                return Err(self.lexer.unexpected(&format!("a collection with '/' before '{name}'")));
            }
            _ => {}
        }
        if let Some((least, most)) = functions::arity(name)
            && !self.has_named_parameter()?
        {
            let args = self.nested(|parser| parser.arguments(name, least, most))?;
            return self.node(Kind::Call(Call { name: name.to_owned(), args }), at);
        }
        let parens = self.parens(!name.contains('.')).map_err(|error| self.with_suggestion(error, name))?;
        let (steps, next) = match parens {
            Parens::Call(args) => {
                let call = Call { name: name.to_owned(), args };
                if !matches!(self.lexer.peek(), Some('/' | '(')) {
                    return self.node(Kind::Call(call), at);
                }
                (vec![Step::Call(call)], Next::Anything)
            }
            Parens::Key(key) => (vec![Step::Name(name.to_owned()), Step::Key(key)], Next::Member),
        };
        self.path(Root::Row, steps, next, at)
    }

    /// Adds a similar function to an error within the parentheses of an unknown function.
    fn with_suggestion(&self, error: OdataError, name: &str) -> OdataError {
        let suggestion = match functions::nearest(name) {
            Some(suggestion) => format!("did you mean the function '{suggestion}'?"),
            None if functions::arity(name).is_none() => format!("there is no function '{name}'"),
            None => return error,
        };
        match self.lexer.furthest(error) {
            OdataError::Syntax { place, message } => {
                OdataError::Syntax { place, message: format!("{message}; {suggestion}") }
            }
            error => error,
        }
    }

    /// Returns whether the following parentheses begin with a named parameter.
    fn has_named_parameter(&mut self) -> Result<bool, OdataError> {
        let start = self.lexer.mark();
        self.lexer.open()?;
        let is_name = self.lexer.name()?.is_some();
        let found = is_name && self.lexer.eat('=');
        if is_name && !found {
            self.lexer.note_expected(0, "'=' after a parameter");
        }
        self.lexer.reset(start);
        Ok(found)
    }

    /// Reads the positional arguments of a standard function.
    fn arguments(&mut self, name: &str, least: usize, most: usize) -> Result<Vec<Arg>, OdataError> {
        self.lexer.open()?;
        let mut args = Vec::new();
        while args.len() < most {
            let at = self.lexer.at();
            let value = self.expression()?;
            if name.eq_ignore_ascii_case("isdefined") && !is_member(&value.kind) {
                let message = "expected a path as the argument of 'isdefined'".to_owned();
                return Err(OdataError::Syntax { place: self.lexer.place_at(at), message });
            }
            args.push(Arg { name: None, value });
            if args.len() < least {
                if !self.lexer.eat_spaced(',') {
                    self.lexer.skip_space();
                    return Err(self.lexer.unexpected(&functions::expected("','", name)));
                }
            } else if args.len() == most || !self.lexer.eat_spaced(',') {
                break;
            }
        }
        self.lexer.close(&functions::expected("')'", name))?;
        Ok(args)
    }

    /// Reads parentheses: named parameters, or a key of one value if allowed.
    pub(super) fn parens(&mut self, key_allowed: bool) -> Result<Parens, OdataError> {
        if self.has_named_parameter()? || !key_allowed {
            return self.nested(Self::named_parameters).map(Parens::Call);
        }
        self.lexer.expect('(')?;
        let start = self.lexer.mark();
        self.lexer.skip_space();
        if self.lexer.eat(')') {
            return Ok(Parens::Call(Vec::new()));
        }
        self.lexer.reset(start);
        let key = self.key_value()?;
        self.lexer.expect(')')?;
        Ok(Parens::Key(key))
    }

    /// Reads named parameters (`functionExprParameters`).
    pub fn named_parameters(&mut self) -> Result<Vec<Arg>, OdataError> {
        self.lexer.open()?;
        if self.lexer.eat(')') {
            return Ok(Vec::new());
        }
        let args = self.spaced(|parser| {
            let name = parser.lexer.expect_name()?.to_owned();
            parser.lexer.expect('=')?;
            Ok(Arg { name: Some(name), value: parser.expression()? })
        })?;
        self.lexer.close("',' or ')'")?;
        Ok(args)
    }

    /// Reads a key value (`keyPropertyValue`), or an alias of one.
    pub fn key_value(&mut self) -> Result<Key, OdataError> {
        let start = self.lexer.mark();
        match self.parameter_value()? {
            Key::Literal(literal) if !can_be_key(&literal) => {
                self.lexer.reset(start);
                Err(self.lexer.error("expected a key value".to_owned()))
            }
            key => Ok(key),
        }
    }

    /// Reads a literal, or an alias.
    pub(super) fn parameter_value(&mut self) -> Result<Key, OdataError> {
        if self.lexer.eat('@') {
            return Ok(Key::Alias(self.lexer.expect_name()?.to_owned()));
        }
        self.literal().map(Key::Literal)
    }

    fn case(&mut self, at: usize) -> Result<Expr, OdataError> {
        self.lexer.open()?;
        let cases = self.spaced(|parser| {
            parser.in_case = true;
            let condition = parser.expression();
            parser.in_case = false;
            let condition = condition?;
            if !parser.lexer.eat_spaced(':') {
                parser.lexer.skip_space();
                return Err(parser.lexer.unexpected("':' after a condition of 'case'"));
            }
            Ok((condition, parser.expression()?))
        })?;
        self.lexer.close("',' or ')' of 'case'")?;
        self.node(Kind::Case(cases), at)
    }

    /// Reads the parentheses of `cast` and `isof`.
    fn typed(&mut self, is_of: bool, at: usize) -> Result<Expr, OdataError> {
        self.lexer.open()?;
        let start = self.lexer.mark();
        if let Some((name, collection)) = self.type_name()? {
            self.lexer.skip_space();
            if self.lexer.eat(')') {
                return self.node(Kind::Typed(Typed { is_of, value: None, name, collection }), at);
            }
            self.lexer.note_expected(0, "')'");
        }
        self.lexer.reset(start);
        let value = Some(Box::new(self.expression()?));
        if !self.lexer.eat_spaced(',') {
            self.lexer.skip_space();
            return Err(self.lexer.unexpected("',' before a type"));
        }
        let Some((name, collection)) = self.type_name()? else {
            return Err(self.lexer.unexpected("the name of a type"));
        };
        self.lexer.close("')'")?;
        self.node(Kind::Typed(Typed { is_of, value, name, collection }), at)
    }

    /// Reads the name of a type (`optionallyQualifiedTypeName`), and whether it is a collection.
    pub fn type_name(&mut self) -> Result<Option<(String, bool)>, OdataError> {
        let start = self.lexer.mark();
        let Some(name) = self.lexer.dotted_name()? else { return Ok(None) };
        if name != "Collection" || !self.lexer.eat('(') {
            return Ok(Some((name.to_owned(), false)));
        }
        match self.lexer.dotted_name()? {
            Some(name) if self.lexer.eat(')') => Ok(Some((name.to_owned(), true))),
            _ => {
                self.lexer.note_expected(0, "the name of a type and ')'");
                self.lexer.reset(start);
                Ok(None)
            }
        }
    }

    /// Reads the parentheses after a name in a path: a key, or named parameters.
    pub fn path_parens(&mut self) -> Result<SegmentKind, OdataError> {
        self.lexer.expect('(')?;
        let start = self.lexer.mark();
        self.lexer.skip_space();
        if self.lexer.eat(')') {
            return Ok(SegmentKind::Named(Vec::new()));
        }
        let is_name = self.lexer.name()?.is_some();
        let is_named = is_name && self.lexer.eat('=');
        if is_name && !is_named {
            self.lexer.note_expected(0, "'=' after a name");
        }
        self.lexer.reset(start);
        if !is_named {
            let key = self.key_value()?;
            self.lexer.expect(')')?;
            return Ok(SegmentKind::Key(key));
        }
        self.lexer.skip_space();
        let named = self.spaced(|parser| {
            parser.count_node()?;
            let name = parser.lexer.expect_name()?.to_owned();
            parser.lexer.expect('=')?;
            Ok((name, parser.parameter_value()?))
        })?;
        self.lexer.close("',' or ')'")?;
        Ok(SegmentKind::Named(named))
    }
}
