//! Context fragments (OData ABNF, section 3), which describe a payload. The service only writes them; this
//! reader checks them without a model.

use super::Parser;
use crate::OdataError;

impl Parser<'_> {
    /// Reads the fragment after `#` (`contextFragment`).
    pub fn context_fragment(&mut self) -> Result<(), OdataError> {
        if self.lexer.is_next("$") {
            return self.lexer.expect_text("$ref");
        }
        for word in ["Collection($ref)", "Collection(Edm.EntityType)", "Collection(Edm.ComplexType)"] {
            if self.lexer.is_next(word) {
                return self.lexer.expect_text(word);
            }
        }
        let Some((name, collection)) = self.type_name()? else {
            return Err(self.lexer.unexpected("a name"));
        };
        if collection || name.contains('.') {
            return self.select_list();
        }
        self.context_path()?;
        self.select_list()?;
        if self.lexer.eat('/') {
            const ENDS: &str = "$entity, $delta, $deletedEntity, $link or $deletedLink";
            let words = ["$entity", "$delta", "$deletedEntity", "$link", "$deletedLink"];
            if self.lexer.eat_exact_word(&words, ENDS).is_none() {
                return Err(self.lexer.unexpected(ENDS));
            }
        }
        Ok(())
    }

    /// Reads keys, properties and types after the name of a set, up to a segment that begins with `$` or a
    /// selection.
    fn context_path(&mut self) -> Result<(), OdataError> {
        loop {
            let start = self.lexer.mark();
            if self.lexer.peek() == Some('(')
                && let Err(error) = self.path_parens()
            {
                self.lexer.reset(start);
                self.lexer
                    .note_expected(error.position().map_or(0, |at| at.saturating_sub(start.at)), "a key");
                return Ok(());
            }
            if self.lexer.is_next("/$") || !self.lexer.eat('/') {
                return Ok(());
            }
            self.count_node()?;
            let start = self.lexer.mark();
            let is_name = self.lexer.dotted_name()?.is_some();
            if !is_name || !matches!(self.lexer.peek(), None | Some('/' | '(')) {
                self.lexer.reset(start);
                self.key_segment()?;
            }
        }
    }

    /// Reads a key as a path segment (`keyPathLiteral`).
    fn key_segment(&mut self) -> Result<(), OdataError> {
        match self.lexer.take_while(|c| c.is_alphanumeric() || "-._~!*+,;=:@'".contains(c)) {
            "" => Err(self.lexer.unexpected("a name or a key")),
            _ => Ok(()),
        }
    }

    /// Reads the selection in parentheses, if present (`selectList`).
    fn select_list(&mut self) -> Result<(), OdataError> {
        if !self.lexer.eat('(') {
            return Ok(());
        }
        self.nested(|parser| {
            if parser.lexer.eat(')') {
                return Ok(());
            }
            parser.separated(',', Self::select_list_item)?;
            parser.lexer.expect(')')
        })
    }

    fn select_list_item(&mut self) -> Result<(), OdataError> {
        self.count_node()?;
        if self.lexer.eat('*') {
            return Ok(());
        }
        loop {
            if self.lexer.eat('@') {
                self.lexer.annotation()?;
            } else {
                self.lexer.expect_dotted_name()?;
                if self.lexer.is_next(".*") {
                    return self.lexer.expect_text(".*");
                }
            }
            if !self.lexer.eat('/') {
                break;
            }
        }
        self.lexer.eat('+');
        self.select_list()
    }
}
