//! `$select` (OData ABNF, `selectItem`).

use super::Parser;
use super::options::AllowedOptions;
use crate::OdataError;
use crate::ast::{Options, SelectItem};

impl Parser<'_> {
    /// Reads the items of a selection. An empty selection, which UI5 sends, has the key only.
    pub(crate) fn select_items(&mut self) -> Result<Vec<SelectItem>, OdataError> {
        let is_empty = self.lexer.is_done() || matches!(self.lexer.peek(), Some(')' | ';'));
        if is_empty && self.lexer.is_tolerant() {
            let (at, path) = (self.lexer.at(), vec![SelectItem::KEY.to_owned()]);
            return Ok(vec![SelectItem { path, parameters: Vec::new(), options: Options::default(), at }]);
        }
        self.separated(',', Self::select_item)
    }

    /// Reads one item of a selection.
    pub fn select_item(&mut self) -> Result<SelectItem, OdataError> {
        let at = self.lexer.at();
        let (path, may_have_parens) = self.select_path()?;
        let mut item = SelectItem { path, parameters: Vec::new(), options: Options::default(), at };
        if may_have_parens && self.lexer.peek() == Some('(') {
            self.select_parens(&mut item)?;
        }
        Ok(item)
    }

    /// Reads a path, and returns whether parentheses may follow it.
    fn select_path(&mut self) -> Result<(Vec<String>, bool), OdataError> {
        let mut path: Vec<String> = Vec::new();
        loop {
            self.count_node()?;
            if path.is_empty() && self.lexer.eat('*') {
                return Ok((vec!["*".to_owned()], false));
            }
            let is_key = path.is_empty() && self.lexer.is_tolerant() && self.lexer.peek() == Some('$');
            if is_key && self.lexer.eat_exact_word(&[SelectItem::KEY], SelectItem::KEY).is_some() {
                return Ok((vec![SelectItem::KEY.to_owned()], false));
            }
            let name = self.select_name(&path)?;
            let all_operations = name.ends_with('*');
            path.push(name);
            if all_operations || is_operation(&path) || !self.lexer.eat('/') {
                return Ok((path, !all_operations));
            }
        }
    }

    fn select_name(&mut self, before: &[String]) -> Result<String, OdataError> {
        if self.lexer.eat('@') {
            return Ok(format!("@{}", self.lexer.annotation()?));
        }
        let start = self.lexer.mark();
        let name = self.lexer.expect_dotted_name()?;
        if name.contains('.') && before.len() > 1 && before.last().is_some_and(|last| is_qualified(last)) {
            // A type after a type: at the dot, it might still have been a property.
            self.lexer.reset(start);
            self.lexer.expect_name()?;
            return Err(self.lexer.unexpected("'/' or ','"));
        }
        let end = self.lexer.mark();
        if before.is_empty() && self.lexer.eat('.') {
            if self.lexer.eat('*') {
                return Ok(format!("{name}.*"));
            }
            self.lexer.note_expected(0, "'*' or a name");
        }
        self.lexer.reset(end);
        Ok(name.to_owned())
    }

    /// Reads parentheses: options, or the parameter names of a function.
    fn select_parens(&mut self, item: &mut SelectItem) -> Result<(), OdataError> {
        let operation_only = is_operation(&item.path) || item.path.iter().all(|name| is_qualified(name));
        let annotation = item.path.last().is_some_and(|name| name.starts_with('@'));
        if !operation_only && (annotation || item.path.len() > 2 || self.options_follow()?) {
            return self.options_in_parentheses(AllowedOptions::SELECT, &mut item.options);
        }
        self.lexer.expect('(')?;
        item.parameters = self.separated(',', |parser| parser.lexer.expect_name().map(str::to_owned))?;
        self.lexer.expect(')')
    }

    /// Returns whether the following parentheses contain options.
    fn options_follow(&mut self) -> Result<bool, OdataError> {
        let start = self.lexer.mark();
        self.lexer.expect('(')?;
        self.lexer.skip_stray_space();
        let found = matches!(self.lexer.peek(), Some('$' | '@'))
            || self.lexer.name()?.is_some() && self.lexer.eat('=');
        self.lexer.reset(start);
        Ok(found)
    }
}

fn is_qualified(name: &str) -> bool {
    name.contains('.') && !name.starts_with('@')
}

/// Returns whether a path denotes a qualified operation of a qualified type, after which no segment follows.
fn is_operation(path: &[String]) -> bool {
    path.len() == 2 && path.iter().all(|name| is_qualified(name))
}
