//! Paths in expressions: members of rows and of collections (OData ABNF, `firstMemberExpr`).

use super::Parser;
use super::call::{Parens, can_be_key};
use super::options::AllowedOptions;
use crate::OdataError;
use crate::ast::{Arg, Expr, Kind, Lambda, Options, Path, Root, Step};
use crate::lexer::Mark;

/// The segments that may follow in a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Any segment that a property may have.
    Anything,
    /// A member of a single row.
    Member,
    /// A member of a single row, without a type before it.
    DirectMember,
    /// A set, singleton or function of the service.
    Service,
    /// A segment of an expression on a collection.
    Collection,
    /// None.
    Nothing,
}

impl Parser<'_> {
    /// Reads an operand that began with a name.
    pub(super) fn named_operand(&mut self, name: &str, at: usize) -> Result<Expr, OdataError> {
        if self.lexer.peek() == Some('(') {
            return self.call_operand(name, at);
        }
        let is_type = name.contains('.');
        if is_type && self.lexer.peek() != Some('/') {
            return Err(self.lexer.unexpected("'/' after the name of a type"));
        }
        let next = if is_type { Next::DirectMember } else { Next::Anything };
        self.path(Root::Row, vec![Step::Name(name.to_owned())], next, at)
    }

    /// Reads an operand that began with `@` and a name: an alias, or an annotation if it contains a dot.
    pub(super) fn at_operand(&mut self, name: &str, at: usize) -> Result<Expr, OdataError> {
        let mut annotation = name.to_owned();
        if self.lexer.eat('#') {
            annotation = format!("{name}#{}", self.lexer.expect_name()?);
        } else if !name.contains('.') {
            // Without a dot it may still be an annotation, after which the segments of a property are
            // allowed.
            return self.path(Root::Alias(annotation), Vec::new(), Next::Anything, at);
        }
        self.path(Root::Row, vec![Step::Annotation(annotation)], Next::Anything, at)
    }

    /// Reads an operand that began with `$` and a keyword.
    pub(super) fn path_from_root(&mut self, root: Root, at: usize) -> Result<Expr, OdataError> {
        let next = match root {
            Root::Service => Next::Service,
            Root::These => Next::Collection,
            _ => Next::Member,
        };
        if next == Next::Collection && self.lexer.peek() != Some('/') {
            return Err(self.lexer.unexpected("'/'"));
        }
        self.path(root, Vec::new(), next, at)
    }

    /// Reads the rest of a path.
    pub(super) fn path(
        &mut self,
        root: Root,
        mut steps: Vec<Step>,
        mut next: Next,
        at: usize,
    ) -> Result<Expr, OdataError> {
        while next != Next::Nothing {
            if next == Next::Anything && self.may_have_key(&steps) {
                let start = self.lexer.mark();
                steps.push(match self.parens(true)? {
                    Parens::Key(key) => Step::Key(key),
                    Parens::Call(named) => self.named_key(named, start)?,
                });
                next = Next::Member;
            }
            if !self.lexer.eat('/') || next == Next::Anything && self.ends_with_slash(&steps) {
                break;
            }
            self.count_node()?;
            next = self.step(next, &mut steps)?;
        }
        match (&root, steps.as_slice()) {
            // A function followed by a slash without meaning.
            (Root::Row, [Step::Call(_)]) => match steps.swap_remove(0) {
                Step::Call(call) => self.node(Kind::Call(call), at),
                step => self.node(Kind::Path(Path { root, steps: vec![step] }), at),
            },
            _ => self.node(Kind::Path(Path { root, steps }), at),
        }
    }

    /// Creates a composite key from parentheses that began at a mark.
    fn named_key(&mut self, named: Vec<Arg>, start: Mark) -> Result<Step, OdataError> {
        const EXPECTED: &str = "a key value";
        if named.is_empty() {
            self.lexer.reset(start);
            self.lexer.open()?;
            return Err(self.lexer.unexpected(EXPECTED));
        }
        let is_value = |kind: &Kind| match kind {
            Kind::Literal(literal) => can_be_key(literal),
            Kind::Path(Path { root: Root::Alias(_), steps }) => steps.is_empty(),
            _ => false,
        };
        match named.iter().find(|arg| !is_value(&arg.value.kind)) {
            Some(arg) => {
                let place = self.lexer.place_at(arg.value.at);
                Err(OdataError::Syntax { place, message: format!("expected {EXPECTED}") })
            }
            None => Ok(Step::NamedKey(named)),
        }
    }

    /// Returns whether a key is allowed after the last step, and follows.
    fn may_have_key(&self, steps: &[Step]) -> bool {
        self.lexer.peek() == Some('(') && matches!(steps.last(), Some(Step::Filter(_) | Step::Call(_)))
    }

    /// Returns whether the consumed slash ends the path: the grammar allows it after primitive values
    /// (`primitivePathExpr`), without meaning. Requests may not have it.
    fn ends_with_slash(&self, steps: &[Step]) -> bool {
        if self.lexer.is_tolerant() {
            return false;
        }
        let primitive = match steps.last() {
            Some(Step::Name(name)) => !name.contains('.'),
            // Only a name after `@`.
            Some(Step::Call(_) | Step::Annotation(_)) | None => true,
            _ => false,
        };
        let goes_on = |c: char| c.is_alphanumeric() || "@$_-.~".contains(c) || !c.is_ascii();
        primitive && !self.lexer.peek().is_some_and(goes_on)
    }

    fn step(&mut self, next: Next, steps: &mut Vec<Step>) -> Result<Next, OdataError> {
        let on_collection = matches!(next, Next::Anything | Next::Collection);
        if next != Next::Service && self.lexer.eat('@') {
            steps.push(Step::Annotation(self.lexer.annotation()?.to_owned()));
            return Ok(Next::Anything);
        }
        if on_collection && self.lexer.peek() == Some('$') {
            return self.dollar_step(steps);
        }
        let start = self.lexer.mark();
        let name = self.lexer.dotted_name()?;
        if next == Next::Anything && self.is_key_segment(name) {
            self.lexer.reset(start);
            let text = self.lexer.take_while(|c| c.is_ascii_alphanumeric() || "-._~".contains(c));
            steps.push(Step::KeySegment(text.to_owned()));
            return Ok(Next::Anything);
        }
        let Some(name) = name else { return Err(self.lexer.unexpected("a name")) };
        let qualified = name.contains('.');
        if next == Next::Service && qualified {
            self.lexer.reset(start);
            self.lexer.expect_name()?;
            return Err(self.lexer.unexpected("'/' or '('"));
        }
        if self.lexer.peek() == Some('(') {
            return self.step_with_parens(name, on_collection, next != Next::DirectMember, steps);
        }
        if qualified && next == Next::DirectMember {
            return Err(self.lexer.unexpected("'(' after the name of a function"));
        }
        if next == Next::Collection {
            return Err(self.lexer.unexpected("$count, $filter, any, all or a function"));
        }
        steps.push(Step::Name(name.to_owned()));
        Ok(Next::Anything)
    }

    /// Returns whether a segment is a key: it does not begin with a name, or continues after one.
    fn is_key_segment(&self, name: Option<&str>) -> bool {
        match name {
            Some(_) => matches!(self.lexer.peek(), Some('-' | '~')),
            None => self.lexer.peek().is_some_and(|c| c.is_ascii_digit() || "-~".contains(c)),
        }
    }

    fn step_with_parens(
        &mut self,
        name: &str,
        on_collection: bool,
        key_allowed: bool,
        steps: &mut Vec<Step>,
    ) -> Result<Next, OdataError> {
        if on_collection && name.eq_ignore_ascii_case("any") {
            steps.push(Step::Any(self.lambda(true)?));
            return Ok(Next::Nothing);
        }
        if on_collection && name.eq_ignore_ascii_case("all") {
            steps.extend(self.lambda(false)?.map(Step::All));
            return Ok(Next::Nothing);
        }
        if on_collection && name == "aggregate" {
            let aggregate = self.nested(Self::aggregate_in_path)?;
            steps.push(Step::Aggregate(Box::new(aggregate)));
            return Ok(Next::Nothing);
        }
        match self.parens(key_allowed)? {
            Parens::Call(args) => {
                steps.push(Step::Call(crate::ast::Call { name: name.to_owned(), args }));
                Ok(Next::Anything)
            }
            Parens::Key(key) => {
                steps.extend([Step::Name(name.to_owned()), Step::Key(key)]);
                Ok(Next::Member)
            }
        }
    }

    fn dollar_step(&mut self, steps: &mut Vec<Step>) -> Result<Next, OdataError> {
        const KNOWN: &str = "$count or $filter(…)";
        match self.lexer.eat_exact_word(&["$count", "$filter"], KNOWN) {
            Some(0) => {
                let mut options = Options::default();
                self.options_in_parentheses(AllowedOptions::COUNT, &mut options)?;
                steps.push(Step::Count(Box::new(options)));
                Ok(Next::Nothing)
            }
            Some(_) => {
                let inner = self.nested(|parser| {
                    parser.lexer.expect('(')?;
                    let inner = parser.expression()?;
                    parser.lexer.expect(')')?;
                    Ok(inner)
                })?;
                steps.push(Step::Filter(Box::new(inner)));
                Ok(Next::Anything)
            }
            None => Err(self.lexer.unexpected(KNOWN)),
        }
    }

    /// Reads a condition on the rows of a collection; it may be empty if `may_be_empty`.
    pub fn lambda(&mut self, may_be_empty: bool) -> Result<Option<Lambda>, OdataError> {
        self.nested(|parser| {
            parser.lexer.open()?;
            if may_be_empty && parser.lexer.eat(')') {
                return Ok(None);
            }
            let variable = parser.lexer.expect_name()?.to_owned();
            if !parser.lexer.eat_spaced(':') {
                return Err(parser.lexer.unexpected("':' after the range variable"));
            }
            let body = Box::new(parser.expression()?);
            parser.lexer.close("')'")?;
            Ok(Some(Lambda { variable, body }))
        })
    }
}
