//! `$search` (OData ABNF, `searchExpr`). `NOT` has the highest precedence, then `AND`, then `OR`.

use super::Parser;
use crate::OdataError;
use crate::ast::{Search, continues_search_word};

impl Parser<'_> {
    /// Reads the value of `$search`.
    pub fn search(&mut self) -> Result<Search, OdataError> {
        self.lexer.skip_space();
        if self.lexer.peek() == Some('\'') {
            return self.lexer.text().map(Search::Incomplete);
        }
        self.search_or()
    }

    fn search_or(&mut self) -> Result<Search, OdataError> {
        let mut any = vec![self.search_and()?];
        while self.search_operator("OR") {
            any.push(self.search_and()?);
        }
        Ok(if any.len() > 1 { Search::Or(any) } else { any.swap_remove(0) })
    }

    fn search_and(&mut self) -> Result<Search, OdataError> {
        let mut all = vec![self.search_not()?];
        while self.search_goes_on() {
            all.push(self.search_not()?);
        }
        Ok(if all.len() > 1 { Search::And(all) } else { all.swap_remove(0) })
    }

    fn search_not(&mut self) -> Result<Search, OdataError> {
        if self.prefix_operator("NOT") {
            return self.nested(|parser| Ok(Search::Not(Box::new(parser.search_not()?))));
        }
        self.count_node()?;
        if self.lexer.peek() == Some('(') {
            return self.nested(|parser| {
                parser.lexer.open()?;
                let inner = parser.search_or()?;
                parser.lexer.close("')' or a search word")?;
                Ok(inner)
            });
        }
        if self.lexer.eat('"') {
            return self.phrase();
        }
        if self.lexer.peek() == Some('\'') {
            return Err(self.lexer.unexpected("a search word"));
        }
        match self.lexer.take_search_word() {
            "" => Err(self.lexer.unexpected("a search word")),
            word => Ok(Search::Term(word.to_owned())),
        }
    }

    fn phrase(&mut self) -> Result<Search, OdataError> {
        let text = self.lexer.take_while(|c| c != '"').to_owned();
        if text.is_empty() {
            return Err(self.lexer.unexpected("a phrase"));
        }
        self.lexer.expect('"')?;
        Ok(Search::Term(text))
    }

    /// Consumes an operator with the space around it, if it is next and followed by a term.
    fn search_operator(&mut self, word: &str) -> bool {
        let start = self.lexer.mark();
        let found = self.lexer.skip_space() && self.prefix_operator(word);
        if !found {
            self.lexer.reset(start);
        }
        found
    }

    fn prefix_operator(&mut self, word: &str) -> bool {
        if !self.lexer.is_next(word) {
            return false;
        }
        let start = self.lexer.mark();
        self.lexer.take(word.len());
        let found = self.lexer.skip_space() && self.begins_search();
        if !found {
            self.lexer.reset(start);
        }
        found
    }

    /// Consumes `AND`, or the space that implies it, if another term follows.
    fn search_goes_on(&mut self) -> bool {
        if self.search_operator("AND") {
            return true;
        }
        let start = self.lexer.mark();
        if self.search_operator("OR") {
            self.lexer.reset(start);
            return false;
        }
        let found = self.lexer.skip_space() && self.begins_search();
        if !found {
            self.lexer.reset(start);
        }
        found
    }

    fn begins_search(&mut self) -> bool {
        let found = self.lexer.peek().is_some_and(|c| {
            matches!(c, '(' | '"')
                || c != '\'' && continues_search_word(c)
                || self.lexer.is_encoded_semicolon(c, 0)
        });
        if !found {
            self.lexer.note_expected(0, "a search word");
        }
        found
    }
}
