//! Paths, functions and conditions on collections.

use super::Parser;
use crate::OdataError;
use crate::ast::{Arg, Call, Expr, Kind, Lambda, Options, Path, Root, Step};
use crate::functions;

impl Parser<'_> {
    /// Reads a path or a function that began with a name.
    pub(super) fn path_from_name(&mut self, name: &str, at: usize) -> Result<Expr, OdataError> {
        if self.lexer.peek() != Some('(') {
            return self.path(Root::Row, vec![Step::Name(name.to_owned())], at);
        }
        let call = self.call(name, at)?;
        if self.lexer.peek() == Some('/') {
            return self.path(Root::Row, vec![Step::Call(call)], at);
        }
        functions::check_arity(&call)
            .map_err(|message| OdataError::Syntax { place: self.lexer.place_at(at), message })?;
        self.node(Kind::Call(call), at)
    }

    /// Reads a path that began with an annotation.
    pub(super) fn path_from_annotation(&mut self, name: &str, at: usize) -> Result<Expr, OdataError> {
        self.path(Root::Row, vec![Step::Annotation(name.to_owned())], at)
    }

    /// Reads a path that began with something other than a name.
    pub(super) fn path_from_root(
        &mut self,
        root: Root,
        must_go_on: bool,
        at: usize,
    ) -> Result<Expr, OdataError> {
        if must_go_on && self.lexer.peek() != Some('/') {
            return Err(self.lexer.unexpected("'/'"));
        }
        self.path(root, Vec::new(), at)
    }

    fn path(&mut self, root: Root, mut steps: Vec<Step>, at: usize) -> Result<Expr, OdataError> {
        while self.lexer.eat('/') {
            self.count_node()?;
            steps.push(self.step()?);
        }
        self.node(Kind::Path(Path { root, steps }), at)
    }

    fn step(&mut self) -> Result<Step, OdataError> {
        let at = self.lexer.at();
        if self.lexer.eat('@') {
            return Ok(Step::Annotation(self.lexer.expect_dotted_name()?.to_owned()));
        }
        if self.lexer.eat('$') {
            return self.dollar_step();
        }
        let name = self.lexer.expect_dotted_name()?;
        if self.lexer.peek() != Some('(') {
            return Ok(Step::Name(name.to_owned()));
        }
        if name.eq_ignore_ascii_case("any") {
            return self.any();
        }
        if name.eq_ignore_ascii_case("all") {
            return self.nested(|parser| {
                parser.open();
                let lambda = parser.lambda()?;
                parser.lexer.expect(')')?;
                Ok(Step::All(lambda))
            });
        }
        self.call(name, at).map(Step::Call)
    }

    fn dollar_step(&mut self) -> Result<Step, OdataError> {
        let start = self.lexer.mark();
        match self.lexer.expect_name()? {
            "count" => {
                let mut options = Options::default();
                self.options_in_parentheses(&mut options)?;
                Ok(Step::Count(Box::new(options)))
            }
            "filter" if self.lexer.peek() == Some('(') => self.nested(|parser| {
                parser.lexer.expect('(')?;
                let inner = parser.expression()?;
                parser.lexer.expect(')')?;
                Ok(Step::Filter(Box::new(inner)))
            }),
            _ => {
                self.lexer.reset(start);
                Err(self.lexer.error("$count or $filter(…) is expected in a path".to_owned()))
            }
        }
    }

    fn any(&mut self) -> Result<Step, OdataError> {
        self.nested(|parser| {
            parser.open();
            if parser.lexer.eat(')') {
                return Ok(Step::Any(None));
            }
            let lambda = parser.lambda()?;
            parser.lexer.expect(')')?;
            Ok(Step::Any(Some(lambda)))
        })
    }

    fn open(&mut self) {
        self.lexer.eat('(');
        self.lexer.skip_space();
    }

    fn lambda(&mut self) -> Result<Lambda, OdataError> {
        let variable = self.lexer.expect_name()?.to_owned();
        if !self.lexer.eat_spaced(':') {
            return Err(self.lexer.unexpected("':' behind the range variable"));
        }
        let body = Box::new(self.expression()?);
        self.lexer.skip_space();
        Ok(Lambda { variable, body })
    }

    /// Reads the arguments of a function.
    fn call(&mut self, name: &str, at: usize) -> Result<Call, OdataError> {
        self.nested(|parser| {
            parser.open();
            let mut args = Vec::new();
            if !parser.lexer.eat(')') {
                args.push(parser.arg()?);
                while parser.lexer.eat_spaced(',') {
                    args.push(parser.arg()?);
                }
                parser.lexer.skip_space();
                if !parser.lexer.eat(')') {
                    return Err(parser.lexer.unexpected(&format!("',' or ')' of '{name}'")));
                }
            }
            if name.eq_ignore_ascii_case("not") {
                return Err(OdataError::Syntax {
                    place: parser.lexer.place_at(at),
                    message: "'not' is an operator".to_owned(),
                });
            }
            Ok(Call { name: name.to_owned(), args })
        })
    }

    fn arg(&mut self) -> Result<Arg, OdataError> {
        let start = self.lexer.mark();
        if let Some(name) = self.lexer.name()?
            && self.lexer.eat('=')
        {
            let value = self.expression()?;
            return Ok(Arg { name: Some(name.to_owned()), value });
        }
        self.lexer.reset(start);
        Ok(Arg { name: None, value: self.expression()? })
    }
}
